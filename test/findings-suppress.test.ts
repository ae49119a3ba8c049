/**
 * Which findings do comments suppress, and what is said of comments that are wrong?
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { suppressionComments } from '../src/findings/comments.ts';
import { type SuppressOptions, suppressFindings } from '../src/findings/suppress.ts';
import { findingAt } from './golden/build.ts';

const knownRules = new Set(['leak-on-failure', 'never-released', 'float-equality']);

/** Offsets of `#` comments in code without a `#` in strings. */
function commentsOf(text: string): { start: number; end: number }[] {
  return [...text.matchAll(/#[^\r\n]*/g)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
}

/** A finding of leak-on-failure on each given line; what is suppressed and the faults, each as one line of text. */
function run(
  text: string,
  lines: readonly (number | [number, number])[],
  options: Partial<SuppressOptions> = {},
): { suppressed: string[]; faults: string[] } {
  const findings = lines.map((line) => {
    const [first, last] = typeof line === 'number' ? [line, line] : line;
    return findingAt({ line: first, endLine: last });
  });
  const result = suppressFindings(findings, suppressionComments(text, commentsOf(text)), { knownRules, ...options });
  return {
    suppressed: result.findings.flatMap((finding) => (finding.suppressed ? [`${finding.line}: ${finding.suppressed.reason}`] : [])),
    faults: result.faults.map((fault) => `${fault.kind} ${fault.line}:${fault.column}-${fault.endColumn} ${fault.rule}`.trim()),
  };
}

describe('the line a comment speaks of', () => {
  test('behind code: its own line', () => {
    expect(run('a = 1\nb = open()  # campsite: ignore[leak-on-failure] why not\nc = 2\n', [1, 2, 3])).toEqual({
      suppressed: ['2: why not'],
      faults: [],
    });
  });

  test('alone on its line: the next line of code, past comments and blank lines', () => {
    const text = '# campsite: ignore[leak-on-failure] a reason\n\n# more words\nb = open()\nc = open()\n';
    expect(run(text, [4, 5])).toEqual({ suppressed: ['4: a reason'], faults: [] });
  });

  test('above a decorator: down to the def', () => {
    const text = '# campsite: ignore[leak-on-failure] x\n@mark(\n    1)\ndef test_it():\n    b = open()\n';
    expect(run(text, [4])).toEqual({ suppressed: ['4: x'], faults: [] });
    expect(run(text, [5]).suppressed).toEqual([]);
  });

  test('behind the last line of a call of several lines', () => {
    expect(run('b = make(\n  1\n)  # campsite: ignore[leak-on-failure]\n', [[1, 3]]).suppressed).toEqual(['1: ']);
  });

  test('behind a line inside a longer statement: only that line', () => {
    expect(run('b = make(\n  1  # campsite: ignore[leak-on-failure]\n)\n', [[1, 3]])).toEqual({
      suppressed: [],
      faults: ['unused 2:25-40 leak-on-failure'],
    });
  });

  test('at the end of the file: none, and that is said', () => {
    expect(run('b = 1\n# campsite: ignore[leak-on-failure]\n', [1]).faults).toEqual(['unused 2:1-36']);
  });

  test('line ends of every kind', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = `a = 1${end}# campsite: ignore[leak-on-failure] r${end}b = open()${end}`;
      expect(run(text, [3]).suppressed).toEqual(['3: r']);
    }
  });
});

describe('what a comment says', () => {
  test('several rules; the one that nothing answers to is unused, at its own place', () => {
    expect(run('b = 1  # campsite: ignore[leak-on-failure, never-released] r\n', [1])).toEqual({
      suppressed: ['1: r'],
      faults: ['unused 1:44-58 never-released'],
    });
  });

  test('behind another comment, in any case and spacing', () => {
    expect(run('b = 1  # type: ignore  #Campsite:ignore [leak-on-failure] -- r\n', [1]).suppressed).toEqual(['1: r']);
  });

  test('without rules it is refused', () => {
    expect(run('b = 1  # campsite: ignore\n', [1])).toEqual({ suppressed: [], faults: ['malformed 1:8-26'] });
    expect(run('b = 1  # campsite: ignore[]\n', [1]).faults).toEqual(['malformed 1:8-28']);
    expect(run('b = 1  # campsite: off\n', [1]).faults).toEqual(['malformed 1:8-23']);
  });

  test('an unknown rule is named', () => {
    expect(run('b = 1  # campsite: ignore[leak-on-failur]\n', [1])).toEqual({ suppressed: [], faults: ['unknown-rule 1:27-41 leak-on-failur'] });
  });

  test('a rule that did not run is not called unused', () => {
    expect(run('b = 1  # campsite: ignore[never-released]\n', [], { rulesRun: new Set(['leak-on-failure']) }).faults).toEqual([]);
  });

  test('until: holds on its day, ends the day after', () => {
    const text = 'b = 1  # campsite: ignore[leak-on-failure] until=2027-01-31 the driver\n';
    expect(run(text, [1], { today: '2027-01-31' })).toEqual({ suppressed: ['1: the driver'], faults: [] });
    expect(run(text, [1], { today: '2027-02-01' })).toEqual({ suppressed: [], faults: ['expired 1:8-43'] });
    expect(run(text, [1]).suppressed).toEqual(['1: the driver']);
  });

  test('a date that the calendar does not have is refused, and does not make the suppression endless in silence', () => {
    expect(run('b = 1  # campsite: ignore[leak-on-failure] until=2027-02-30 r\n', [1], { today: '2027-01-01' }).faults).toEqual(['malformed 1:8-43']);
    expect(run('b = 1  # campsite: ignore[leak-on-failure] until=soon r\n', [1], { today: '2027-01-01' }).faults).toEqual(['malformed 1:8-43']);
  });

  test('require-reason: still suppressed, and reported', () => {
    expect(run('b = 1  # campsite: ignore[leak-on-failure]\n', [1], { requireReason: true })).toEqual({
      suppressed: ['1: '],
      faults: ['no-reason 1:8-43'],
    });
    expect(run('b = 1  # campsite: ignore[leak-on-failure] r\n', [1], { requireReason: true }).faults).toEqual([]);
    expect(run('b = 1  # campsite: ignore[leak-on-failure] until=2030-01-01\n', [1], { requireReason: true }).faults).toEqual(['no-reason 1:8-43']);
  });

  test('noqa with our rule ids is honoured and never complained about', () => {
    expect(run('b = 1  # noqa: E501, leak-on-failure\n', [1])).toEqual({ suppressed: ['1: noqa'], faults: [] });
    expect(run('b = 1  # noqa: never-released\nc = 1  # noqa\n', [1, 2])).toEqual({ suppressed: [], faults: [] });
  });

  test('a finding that is suppressed already stays so, and the comment counts as used', () => {
    const finding = { ...findingAt({ line: 1 }), suppressed: { kind: 'configuration' as const, reason: 'per file' } };
    const comments = suppressionComments('b  # campsite: ignore[leak-on-failure]', [{ start: 3, end: 38 }]);
    const result = suppressFindings([finding], comments, { knownRules });
    expect(result).toEqual({ findings: [finding], faults: [] });
  });
});

test('any comment text: nothing throws, and only findings of the named rule on that line are touched', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('', 'campsite: ', 'campsite: ignore[', 'noqa: '), (words, lead) => {
      const text = `b = 1  # ${lead}${words.replace(/[\r\n\u2028\u2029]/g, '')}`;
      const other = findingAt({ line: 1, rule: 'some-other-rule' });
      const { findings } = suppressFindings([other], suppressionComments(text, [{ start: 7, end: text.length }]), {
        knownRules,
        today: '2027-01-01',
      });
      expect(findings).toEqual([other]);
    }),
  );
});
