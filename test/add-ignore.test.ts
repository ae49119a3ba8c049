/**
 * Do the comments of `--add-ignore` suppress what they are written for, and leave everything else as it was, byte for byte?
 *
 * The writer and the reader of comments are held against each other on every line of the samples; then the real command on files with all that makes
 * writing hard: other comments, strings over many lines, backslashes, byte order marks, line ends, encodings, links, permissions.
 */
import { chmodSync, existsSync, lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { suppressionComments } from '../src/findings/comments.ts';
import type { UnmarkedFinding } from '../src/findings/fingerprint.ts';
import { addIgnores } from '../src/findings/ignore-comments.ts';
import { physicalLines } from '../src/findings/physical-lines.ts';
import { suppressFindings } from '../src/findings/suppress.ts';
import { createParser } from '../src/syntax/parse.ts';
import { campsite, checked, json, project } from './command.ts';
import { filesBelow, projectRoot } from './files.ts';
import { findingAt } from './golden/build.ts';

const RULE = 'never-released';
const options = { reason: '', today: '2026-01-01' };
const added = (text: string, line: number, reason = '', rules = [RULE]): string =>
  addIgnores(
    text,
    rules.map((rule) => ({ rule, line })),
    { ...options, reason },
  ).text;

describe('where a comment goes', () => {
  test.each<[string, string, number, string]>([
    ['behind the code', 'f = open("a")\n', 1, 'f = open("a")  # campsite: ignore[never-released]\n'],
    ['in place of white space', 'f = open("a")  \t\n', 1, 'f = open("a")  # campsite: ignore[never-released]\n'],
    ['on a last line without an end', 'x = 1\nf = open("a")', 2, 'x = 1\nf = open("a")  # campsite: ignore[never-released]'],
    [
      'above a long line, as far in',
      `if x:\n    file_of_the_first_order = open(the_name_of_the_file)\n`,
      2,
      `if x:\n    # campsite: ignore[never-released]\n    file_of_the_first_order = open(the_name_of_the_file)\n`,
    ],
    ['above a comment of another tool', 'f = open("a")  # noqa: SIM115\n', 1, '# campsite: ignore[never-released]\nf = open("a")  # noqa: SIM115\n'],
    [
      'into our own comment, which keeps its reason',
      'f = open(a)  # campsite: ignore[flow] why\n',
      1,
      'f = open(a)  # campsite: ignore[flow, never-released] why\n',
    ],
    ['into our own behind another', 'f = 1  # noqa # campsite: ignore[flow]\n', 1, 'f = 1  # noqa # campsite: ignore[flow, never-released]\n'],
    [
      'into our own above, past other comments',
      '# campsite: ignore[flow] why\n# more\nf = open("a")\n',
      3,
      '# campsite: ignore[flow, never-released] why\n# more\nf = open("a")\n',
    ],
    [
      'not into one that is over',
      'f = 1  # campsite: ignore[flow] until=2025-01-01\n',
      1,
      '# campsite: ignore[never-released]\nf = 1  # campsite: ignore[flow] until=2025-01-01\n',
    ],
    ['not into one that names nothing', 'f = 1  # campsite: ignore\n', 1, '# campsite: ignore[never-released]\nf = 1  # campsite: ignore\n'],
    [
      'above lines joined by a backslash',
      'x = 1\nf = a + \\\n    open("a")\n',
      3,
      'x = 1\n# campsite: ignore[never-released]\nf = a + \\\n    open("a")\n',
    ],
    [
      'above a string of many lines',
      'f(open("a"), """x\n# no comment\n""")\n',
      1,
      '# campsite: ignore[never-released]\nf(open("a"), """x\n# no comment\n""")\n',
    ],
    ['above what stands behind one', 'f("""x\n""", open("a"))\n', 2, '# campsite: ignore[never-released]\nf("""x\n""", open("a"))\n'],
    ['inside brackets', 'f(\n    open("a"),\n)\n', 2, 'f(\n    open("a"),  # campsite: ignore[never-released]\n)\n'],
    ['on a line with a # in a string', 'f = open("#a")\n', 1, 'f = open("#a")  # campsite: ignore[never-released]\n'],
    [
      'with the line ends that are there',
      'x = 1\r\nf = open("a")  # a\r\n',
      2,
      'x = 1\r\n# campsite: ignore[never-released]\r\nf = open("a")  # a\r\n',
    ],
    ['with those of the line before, at the end', 'x = 1\rf = open("a")  # a', 2, 'x = 1\r# campsite: ignore[never-released]\rf = open("a")  # a'],
    ['behind a byte order mark', '\ufefff = open("a")  # a\n', 1, '\ufeff# campsite: ignore[never-released]\nf = open("a")  # a\n'],
    ['with tabs', 'if x:\n\tf = open("a")  # a\n', 2, 'if x:\n\t# campsite: ignore[never-released]\n\tf = open("a")  # a\n'],
    ['nowhere for a line that is not there', 'f = 1\n', 9, 'f = 1\n'],
  ])('%s', (_what, before, line, after) => {
    expect(added(before, line)).toBe(after);
  });

  test('several rules of a line share a comment, in order, with one reason', () => {
    expect(added('f = 1\n', 1, 'why', ['never-released', 'flow', 'never-released'])).toBe('f = 1  # campsite: ignore[flow, never-released] why\n');
  });

  test('findings of joined lines share one too', () => {
    const { text, comments } = addIgnores(
      'f = a + \\\n    b\n',
      [
        { rule: 'x', line: 1 },
        { rule: 'y', line: 2 },
      ],
      options,
    );
    expect([text, comments]).toEqual(['# campsite: ignore[x, y]\nf = a + \\\n    b\n', 1]);
  });
});

describe('the scan of lines', () => {
  test.each<[string, string, boolean[]]>([
    ['nested strings', `f"{d["k"]}" # c\nx`, [false, false]],
    ['an expression over lines', 'f"""{\nx}""" # c\nx', [true, false, false]],
    ['doubled braces and formats', `f"{{ {x:>{w}} }}" # c\nf'{x!r:"^9}' # c`, [false, false]],
    ['raw and byte strings', `r"\\" # c\nrb'''\n''' # c`, [false, true, false]],
    ['a string that is not closed', `"abc # no comment\nx # c`, [false, false]],
    ['a string that a backslash goes on with', `"abc \\\n # no comment"\nx`, [true, false, false]],
  ])('%s', (_what, text, open) => {
    const lines = physicalLines(text);
    expect(lines.map((line) => line.open)).toEqual(open);
    expect(lines.map((line) => line.text + line.ending).join('')).toBe(text);
    for (const line of lines) if (line.comment !== undefined) expect(line.text.slice(line.comment)).toBe('# c');
  });
});

test('on every line of every sample: the comment is read for that line, the program is the same, nothing else is touched', async () => {
  const parser = await createParser();
  let looked = 0;
  for (const file of filesBelow(join(projectRoot, 'samples'), /\.py$/)) {
    const text = readFileSync(file, 'utf8');
    const before = parser.parse(text);
    const offsets = before.comments;
    const inComment = (line: number): boolean => /^\s*(#|$)/.test(physicalLines(text)[line - 1].text);
    const lines = text.split('\n').length;
    // Every third line, so that the test takes seconds; which ones they are changes with every edit of the samples.
    for (let line = 1 + (lines % 3); line < lines; line += 3) {
      if (inComment(line)) continue;
      looked++;
      const after = parser.parse(added(text, line, 'because'));
      const where = `${relative(projectRoot, file)}:${line}`;
      const shift = after.text.split('\n').length - lines;
      const finding: UnmarkedFinding = findingAt({ rule: RULE, line: line + shift, endLine: line + shift });
      const result = suppressFindings([finding], suppressionComments(after.text, after.comments), { knownRules: new Set([RULE]) });
      expect(result.findings[0].suppressed?.reason, where).toBe('because');
      expect([after.problems.length, after.comments.length - offsets.length, shape(after.root)], where).toEqual([
        before.problems.length,
        1,
        shape(before.root),
      ]);
      expect(
        after.text.replace(/ {2}# campsite: ignore\[never-released\] because|^[ \t]*# campsite: ignore\[never-released\] because\n/gm, ''),
        where,
      ).toBe(text);
    }
  }
  expect(looked).toBeGreaterThan(500);
}, 60_000);

function shape(node: { readonly type: string; readonly children: readonly { readonly type: string }[] }): string {
  const all: string[] = [];
  const stack = [node];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    all.push(at.type);
    stack.push(...(at.children as (typeof node)[]));
  }
  return all.join(' ');
}

const HARD = `def test_total():
    first = open("a"); first.read()
    assert first.read() == \\
        open("b").read() == "3"


def test_text():
    text = """a
    # campsite: ignore[never-released] no comment
    """; second = open("c")  # noqa: SIM115
    second.write(text)
`;

describe('the command', () => {
  test('after it the check is green, twice changes nothing, and nothing but comments is new', () => {
    const folder = project({ 'tests/test_hard.py': HARD });
    const before = checked(folder).found;
    expect(before.length).toBeGreaterThan(1);
    const ran = checked(folder, ['--add-ignore=the sandbox goes']);
    expect({ status: ran.status, found: ran.found }).toEqual({ status: 0, found: [] });
    expect(ran.stderr).toMatch(new RegExp(`^campsite: wrote \\d comments into 1 file for ${before.length} findings$`, 'm'));
    const text = readFileSync(join(folder, 'tests/test_hard.py'), 'utf8');
    expect(text.replace(/^ *# campsite: ignore\[[\w, -]*\] the sandbox goes\n/gm, '')).toBe(HARD);
    expect(checked(folder)).toMatchObject({ status: 0, found: [] });
    const again = checked(folder, ['--add-ignore=the sandbox goes']);
    expect(again).toMatchObject({ status: 0, stderr: 'campsite: no comment was needed\n' });
    expect(readFileSync(join(folder, 'tests/test_hard.py'), 'utf8')).toBe(text);
    expect(json(folder, []).findings.map(({ suppressed }) => suppressed?.reason)).toEqual(before.map(() => 'the sandbox goes'));
  });

  test('on all samples: green, and still the tests they were', () => {
    const files = Object.fromEntries(
      filesBelow(join(projectRoot, 'samples'), /\.(py|yaml|cfg|toml|ini)$/).map((file) => [relative(projectRoot, file), readFileSync(file)]),
    );
    const folder = project(files);
    expect(checked(folder, ['samples', '--ignore', 'unused-suppression']).status).toBe(1);
    const ran = checked(folder, ['samples', '--add-ignore', '--ignore', 'unused-suppression']);
    expect(ran, ran.stderr).toMatchObject({ status: 0, found: [] });
    for (const [path, content] of Object.entries(files)) {
      const rest = readFileSync(join(folder, path), 'latin1')
        .replace(/^[ \t]*# campsite: ignore\[[\w, -]*\]\r?\n/gm, '')
        .replace(/ {2}# campsite: ignore\[[\w, -]*\]$/gm, '');
      const own = content
        .toString('latin1')
        .replace(/^[ \t]*# campsite: ignore\[[\w, -]*\]\r?\n/gm, '')
        .replace(/ {2}# campsite: ignore\[[\w, -]*\]$/gm, '');
      expect(rest.replace(/[ \t]+$/gm, ''), path).toBe(own.replace(/[ \t]+$/gm, ''));
    }
  }, 120_000);

  test.each<[string, Buffer, Buffer]>([
    [
      'a byte order mark and Windows line ends',
      Buffer.from('\ufeffdef test_a():\r\n    f = open("a")\r\n    f.read()\r\n'),
      Buffer.from('\ufeffdef test_a():\r\n    f = open("a")  # campsite: ignore[never-released]\r\n    f.read()\r\n'),
    ],
    [
      'Latin-1',
      Buffer.from('# -*- coding: latin-1 -*-\ndef test_\xe4():\n    f = open("\xe4")\n    f.read()\n', 'latin1'),
      Buffer.from('# -*- coding: latin-1 -*-\ndef test_\xe4():\n    f = open("\xe4")  # campsite: ignore[never-released]\n    f.read()\n', 'latin1'),
    ],
    [
      'bytes that are not what they say',
      Buffer.from('def test_a():\n    f = open("\xe4")\n    f.read()\n', 'latin1'),
      Buffer.from('def test_a():\n    f = open("\xe4")  # campsite: ignore[never-released]\n    f.read()\n', 'latin1'),
    ],
  ])('keeps %s', (_what, before, after) => {
    const folder = project({ 'test_a.py': before });
    expect(checked(folder, ['--add-ignore']).status).toBe(0);
    expect(readFileSync(join(folder, 'test_a.py')).equals(after)).toBe(true);
  });

  test('a file after whose change the parser would see another program is left alone, and said', () => {
    // The parser takes a comment to go on after a lone carriage return; Python does not.
    const before = 'def test_a():\r    f = open("a")\r    f.read()\r';
    const folder = project({ 'test_a.py': before });
    const ran = checked(folder, ['--add-ignore']);
    expect({ status: ran.status, found: ran.found }).toEqual({ status: 1, found: ['test_a.py:2 never-released'] });
    expect(ran.stderr).toContain('campsite: test_a.py was left as it is: it would no longer be the same program\n');
    expect(readFileSync(join(folder, 'test_a.py'), 'utf8')).toBe(before);
  });

  test('keeps permissions, and writes what a link leads to', () => {
    const folder = project({ 'tests/real.txt': 'def test_a():\n    f = open("a")\n    f.read()\n' });
    chmodSync(join(folder, 'tests/real.txt'), 0o750);
    symlinkSync('real.txt', join(folder, 'tests/test_a.py'));
    expect(checked(folder, ['--add-ignore']).status).toBe(0);
    expect(lstatSync(join(folder, 'tests/test_a.py')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'tests/real.txt'), 'utf8')).toContain('campsite: ignore');
    expect(statSync(join(folder, 'tests/real.txt')).mode & 0o777).toBe(0o750);
  });

  test('neither reads nor writes files outside of the root', () => {
    const outside = project({ 'test_a.py': 'def test_a():\n    f = open("a")\n    f.read()\n' });
    const folder = project({});
    symlinkSync(join(outside, 'test_a.py'), join(folder, 'test_a.py'));
    const ran = checked(folder, ['test_a.py', '--add-ignore']);
    expect({ status: ran.status, found: ran.found }).toEqual({ status: 0, found: [] });
    expect(readFileSync(join(outside, 'test_a.py'), 'utf8')).not.toContain('campsite');
  });

  test('only for what is new, where something is compared with', () => {
    const folder = project({ 'test_a.py': 'def test_a():\n    f = open("a")\n    f.read()\n' });
    checked(folder, ['--baseline', 'known.txt', '--write-baseline']);
    expect(checked(folder, ['--baseline', 'known.txt', '--add-ignore']).stderr).toBe('campsite: no comment was needed\n');
    expect(readFileSync(join(folder, 'test_a.py'), 'utf8')).not.toContain('campsite');
  });

  test('a folder behind it is a path and no reason', () => {
    const folder = project({
      'tests/test_a.py': 'def test_a():\n    f = open("a")\n    f.read()\n',
      'more/test_b.py': 'def test_b():\n    f = open("b")\n    f.read()\n',
    });
    checked(folder, ['--add-ignore', 'tests']);
    expect(checked(folder, ['.']).found).toEqual(['more/test_b.py:2 never-released']);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['a reason is asked for', ['--add-ignore'], /require-reason is set in the configuration: say why, --add-ignore=REASON/],
    ['a reason of two lines', ['--add-ignore=a\nb'], /a reason is one line of text/],
    ['a date that is none', ['--add-ignore=until=2027-02-30 soon'], /until wants a date/],
    ['a date that is over', ['--add-ignore=until=2020-01-01 soon'], /ended on 2020-01-01/],
    ['a reason that declares an encoding', ['--add-ignore=encoding=cp1252'], /PEP 263/],
    ['a reason without comments', ['--reason', 'why'], /--reason is for the comments of --add-ignore/],
    ['a baseline besides', ['--add-ignore=x', '--write-baseline', '--baseline', 'b'], /--write-baseline does not go with --add-ignore/],
  ])('exit code 2: %s', (_what, args, message) => {
    const folder = project({ 'test_a.py': 'def test_a():\n    f = open("a")\n    f.read()\n', 'campsite.yaml': 'require-reason: true\n' });
    const ran = campsite(folder, ['check', ...args]);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(message);
    expect(readFileSync(join(folder, 'test_a.py'), 'utf8')).not.toContain('campsite');
    expect(existsSync(join(folder, 'b'))).toBe(false);
  });

  test('a reason that the encoding of a file cannot hold', () => {
    const latin = Buffer.from('# coding: latin-1\ndef test_a():\n    f = open("\xe4")\n    f.read()\n', 'latin1');
    const folder = project({ 'test_a.py': latin, 'test_b.py': 'def test_b():\n    f = open("b")\n    f.read()\n' });
    const ran = checked(folder, ['--add-ignore=später']);
    expect(ran.found).toEqual(['test_a.py:3 never-released']);
    expect(ran.stderr).toContain('test_a.py was left as it is: it is not in UTF-8: give a reason in ASCII');
    expect(readFileSync(join(folder, 'test_b.py'), 'utf8')).toContain('# campsite: ignore[never-released] später');
  });
});
