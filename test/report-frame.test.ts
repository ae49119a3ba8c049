/**
 * Is a frame legible whatever the witness: within its height and width, the steps in order, nothing numbered that did not happen?
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze } from '../src/app/analyze.ts';
import { textWidth } from '../src/base/text.ts';
import type { Finding, Step, Witness } from '../src/findings/finding.ts';
import { drawPlace, drawWitness } from '../src/report/frame.ts';
import { FRAME_ROWS } from '../src/report/frame-rows.ts';
import { paintFor } from '../src/report/paint.ts';
import { projectRoot } from './files.ts';
import { findingAt, witnessOver } from './golden/build.ts';

const PATH = 'tests/test_a.py';
const plain = paintFor(false);

function frame(witness: Witness, source: string, width = 80): string[] {
  return drawWitness(witness, PATH, (path) => (path === PATH ? source.split('\n') : undefined), width, plain);
}

function step(kind: Step['kind'], line: number, message: string, path = PATH): Step {
  return { kind, path, line, column: 1, message };
}

test('steps, context, def line and exit', () => {
  const source = 'def test_a():\n    f = open(p)\n\n    check(f)\n    assert f.read()\n    f.close()';
  const steps = [
    step('acquire', 2, 'acquired here'),
    step('raise', 5, 'raises'),
    step('release', 6, 'skipped'),
    step('exit', 5, 'test_a leaves with f held'),
  ];
  expect(frame({ pathKind: 'failure', steps }, source)).toEqual([
    '     1 │ def test_a():',
    '  1  2 │     f = open(p)      acquired here',
    '     4 │     check(f)',
    '  2  5 │     assert f.read()  raises',
    '     6 │     f.close()        skipped',
    '  3    │ test_a leaves with f held',
  ]);
});

test('a path that returns shows where, through `finally` as well; one that reaches the end of the function does not', async () => {
  const source = `def helper(path):
    f = open(path)
    try:
        if f.readline():
            return 3
    finally:
        print("read")
    f.close()


def test_a():
    helper("a")


def test_b():
    g = open("b")
    if g.name == "b":
        g.close()
`;
  const run = await analyze({ root: projectRoot, paths: [], virtual: new Map([[PATH, source]]), configPath: null, parser: 'wasm' });
  const [helper, end] = run.findings.filter((f) => f.pillar === 'lifecycle').map((f) => f.witnesses.find((w) => w.pathKind === 'normal'));
  expect(frame(helper as Witness, source).at(-1)).toBe('  3  5 │             return 3      helper leaves with f held');
  expect(frame(end as Witness, source).at(-1)).toBe('  3    │ test_b leaves with g held');
});

test('a return in another file than the step before has its own heading', () => {
  const files: Readonly<Record<string, string>> = {
    [PATH]: 'def test_a():\n    f = make("a")\n    return 3',
    'tests/helpers.py': 'def make(path):\n    f = open(path)\n    return f',
  };
  const steps = [
    step('acquire', 2, 'acquired through make()'),
    step('acquire', 2, 'acquired here', 'tests/helpers.py'),
    { ...step('exit', 3, 'test_a leaves with f held'), column: 5 },
  ];
  const drawn = drawWitness({ pathKind: 'normal', steps }, PATH, (path) => files[path]?.split('\n'), 80, plain);
  expect(drawn.slice(drawn.findIndex((line) => line.includes('helpers.py')))).toEqual([
    '       ┌ tests/helpers.py',
    '     1 │ def make(path):',
    '  2  2 │     f = open(path)  acquired here',
    `       ┌ ${PATH}`,
    '     1 │ def test_a():',
    '       ⋮',
    '  3  3 │     return 3        test_a leaves with f held',
  ]);
});

test('a return that `finally` takes back is not where a path leaves', async () => {
  const source = `def test_a(n):
    f = open("a")
    while True:
        try:
            return n
        finally:
            break
    print(n)
`;
  const run = await analyze({ root: projectRoot, paths: [], virtual: new Map([[PATH, source]]), configPath: null, parser: 'wasm' });
  const witness = run.findings.find((f) => f.pillar === 'lifecycle')?.witnesses.find((w) => w.pathKind === 'normal');
  expect(frame(witness as Witness, source).at(-1)).toMatch(/^ +\d+ +│ test_a leaves with f held$/);
});

test('a message that has no room beside its line stands under it, wrapped', () => {
  const source = `def test_a():\n    f = open(${'p'.repeat(30)})\n    assert f`;
  const steps = [step('acquire', 2, 'acquired here, by a call that opens a file on the disk'), step('raise', 3, 'raises')];
  expect(frame({ pathKind: 'failure', steps }, source, 50)).toEqual([
    '     1 │ def test_a():',
    `  1  2 │     f = open(${'p'.repeat(27)}…`,
    '       │     ↳ acquired here, by a call that opens',
    '       │       a file on the disk',
    '  2  3 │     assert f  raises',
  ]);
});

test('a path through another file has a heading, and lines of unknown files are told by their number', () => {
  const steps = [step('acquire', 1, 'acquired here'), step('call', 7, 'raises inside', 'tests/base.py'), step('exit', 1, 'leaves')];
  expect(frame({ pathKind: 'failure', steps }, 'f = open(p)')).toEqual([
    '  1  1 │ f = open(p)  acquired here',
    '       ┌ tests/base.py',
    '  2  7 │ raises inside',
    '  3    │ leaves',
  ]);
});

test('a path that goes back in a loop', () => {
  const source = 'for x in y:\n    f = open(x)\n    use(f)';
  const steps = [step('acquire', 2, 'acquired here'), step('branch', 1, 'the loop goes on'), step('acquire', 2, 'taken again')];
  expect(frame({ pathKind: 'normal', steps }, source)).toEqual([
    '  1  2 │     f = open(x)  acquired here',
    '       ⋮',
    '  2  1 │ for x in y:      the loop goes on',
    '  3  2 │     f = open(x)  taken again',
  ]);
});

test('two steps on one line', () => {
  const steps = [step('acquire', 1, 'acquired here'), step('raise', 1, 'raises')];
  expect(frame({ pathKind: 'failure', steps }, 'f = open(p).read()')).toEqual(['  1  1 │ f = open(p).read()  acquired here', '  2    │ raises']);
});

test('a long path keeps its beginning and its end, and says how much is missing', () => {
  const lines = Array.from({ length: 40 }, (_, at) => `line${at + 1}()`);
  const steps = [
    step('acquire', 1, 'acquired here'),
    ...Array.from({ length: 38 }, (_, at) => step('branch', at + 2, 'goes on')),
    step('exit', 40, 'leaves'),
  ];
  const drawn = frame({ pathKind: 'normal', steps }, lines.join('\n'));
  expect(drawn.length).toBeLessThanOrEqual(FRAME_ROWS);
  expect(drawn[0]).toContain('acquired here');
  expect(drawn[drawn.length - 1]).toContain('leaves');
  expect(drawn.filter((line) => /⋮\s+\d+ steps$/.test(line))).toHaveLength(1);
});

describe('laws', () => {
  const kinds: Step['kind'][] = ['acquire', 'branch', 'call', 'raise', 'register', 'release', 'use', 'exit'];
  const anyStep = fc.record({
    kind: fc.constantFrom(...kinds),
    path: fc.constantFrom(PATH, 'tests/base.py', 'tests/gone.py'),
    line: fc.integer({ min: 1, max: 60 }),
    column: fc.integer({ min: 1, max: 20 }),
    message: fc.string({ unit: 'grapheme', maxLength: 200 }),
  });
  const anyLine = fc.oneof(
    fc.constant(''),
    fc.string({ unit: 'grapheme', maxLength: 120 }).map((text) => `    ${text}`),
    fc.constant('\t\tdef test_a():'),
  );

  test('at most 15 lines and never wider than the terminal; steps are in order', () => {
    fc.assert(
      fc.property(
        fc.array(anyStep, { minLength: 1, maxLength: 30 }),
        fc.array(anyLine, { maxLength: 60 }),
        fc.integer({ min: 40, max: 120 }),
        (steps, lines, width) => {
          const drawn = drawWitness({ pathKind: 'failure', steps }, PATH, (path) => (path.endsWith('gone.py') ? undefined : lines), width, plain);
          expect(drawn.length).toBeGreaterThan(0);
          expect(drawn.length).toBeLessThanOrEqual(FRAME_ROWS);
          expect(Math.max(...drawn.map(textWidth))).toBeLessThanOrEqual(width);
          const numbers = drawn.flatMap((line) => /^ +(\d+) +\d* [│]/.exec(line)?.[1] ?? []).map(Number);
          expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('without colours it says the same as with them', () => {
    const painted = drawWitness(witnessOver([3, 4]), PATH, () => ['a', 'b', 'c', 'd'], 80, paintFor(true));
    expect(painted.join('\n')).toMatch(/\u001b\[/);
    expect(painted.map((line) => line.replace(/\u001b\[\d+m/g, '').trimEnd())).toEqual(
      drawWitness(witnessOver([3, 4]), PATH, () => ['a', 'b', 'c', 'd'], 80, plain),
    );
  });
});

describe('a finding without a witness', () => {
  const place = (fields: Partial<Finding>, lines: string[]): string[] => drawPlace({ ...findingAt(fields), fingerprint: '' }, () => lines, 80, plain);

  test('is underlined, tabs and wide characters counted in cells', () => {
    expect(place({ line: 2, column: 2, endColumn: 8 }, ['def a():', '\tx == 1', ''])).toEqual([
      '     1 │ def a():',
      '     2 │     x == 1',
      '       │     ^^^^^^',
    ]);
    expect(place({ line: 1, column: 7, endColumn: 9 }, ["x = '名' ab"])).toEqual(["     1 │ x = '名' ab", '       │        ^^']);
  });

  test('over several lines: to the end of the first', () => {
    expect(place({ line: 1, column: 1, endLine: 2, endColumn: 2 }, ['f(', ')'])).toEqual(['     1 │ f(', '       │ ^^', '     2 │ )']);
  });

  test('in a file that has become shorter: no frame', () => {
    expect(place({ line: 9 }, ['a'])).toEqual([]);
  });
});
