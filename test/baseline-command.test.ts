/**
 * Can an old suite take the tool up with a baseline? Written, read, stale, pruned, merged by git, and everything that can be wrong with it; by the
 * real command. What a baseline file is and which laws hold for it is in findings-identity.test.ts.
 */
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { campsite, checked, clean, commit, git, json, leaking, project, repository, write } from './command.ts';

const BASELINE = ['--baseline', 'known.txt'];
const entries = (folder: string, name = 'known.txt'): string[] =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' ').slice(1).join(' '));

/** A project with two leaks in its baseline. */
function withBaseline(): string {
  const folder = project({ 'tests/test_a.py': leaking('a'), 'tests/test_b.py': leaking('b') });
  expect(checked(folder, [...BASELINE, '--write-baseline']).status).toBe(0);
  return folder;
}

describe('--write-baseline', () => {
  test('writes every finding, one sorted line each without line numbers, and exits with 0', () => {
    const folder = project({ 'tests/test_b.py': leaking('b'), 'tests/test_a.py': `${leaking('a')}\n\n${leaking('c')}` });
    const ran = checked(folder, [...BASELINE, '--write-baseline']);
    expect({ status: ran.status, found: ran.found }).toEqual({ status: 0, found: [] });
    expect(ran.stdout).toContain('3 known');
    expect(ran.stderr).toBe('campsite: wrote known.txt: 3 entries, 3 added, 0 removed\n');
    expect(entries(folder).sort()).toEqual([
      'never-released tests/test_a.py test_a',
      'never-released tests/test_a.py test_c',
      'never-released tests/test_b.py test_b',
    ]);
  });

  test('a run over one folder keeps what it did not look at', () => {
    const folder = withBaseline();
    write(folder, { 'tests/test_a.py': clean('a') });
    expect(checked(folder, ['tests/test_a.py', ...BASELINE, '--write-baseline']).status).toBe(0);
    expect(entries(folder)).toEqual(['never-released tests/test_b.py test_b']);
    checked(folder, ['--select', 'flow', ...BASELINE, '--write-baseline']);
    expect(entries(folder)).toEqual(['never-released tests/test_b.py test_b']);
  });

  test('a file that cannot be parsed keeps its entries', () => {
    const folder = withBaseline();
    write(folder, { 'tests/test_a.py': 'def test_a(:\n' });
    checked(folder, [...BASELINE, '--write-baseline']);
    expect(entries(folder)).toHaveLength(2);
  });

  test('notes and what a comment suppresses do not enter', () => {
    const suppressed = leaking('b').replace('"b")', '"b")  # campsite: ignore[never-released]');
    const folder = project({ 'tests/test_a.py': leaking('a'), 'tests/test_b.py': suppressed });
    checked(folder, [...BASELINE, '--write-baseline', '--severity', 'never-released=note']);
    expect(entries(folder)).toEqual([]);
    checked(folder, [...BASELINE, '--write-baseline']);
    expect(entries(folder)).toEqual(['never-released tests/test_a.py test_a']);
  });

  test('twice gives the same bytes', () => {
    const folder = withBaseline();
    const before = readFileSync(join(folder, 'known.txt'));
    checked(folder, [...BASELINE, '--write-baseline']);
    expect(readFileSync(join(folder, 'known.txt')).equals(before)).toBe(true);
  });
});

describe('--baseline', () => {
  test('what it knows does not count, what is new does, wherever the lines are', () => {
    const folder = withBaseline();
    expect(checked(folder, BASELINE)).toMatchObject({ status: 0, found: [] });
    write(folder, { 'tests/test_a.py': `import os\n\n\n${leaking('new')}\n\n${leaking('a')}` });
    expect(checked(folder, BASELINE)).toMatchObject({ status: 1, found: ['tests/test_a.py:5 never-released'] });
  });

  test('the result says which is which, and counts pillars by what is new', () => {
    const folder = withBaseline();
    const known = json(folder, BASELINE);
    expect(known.findings.map(({ baseline, suppressed }) => [baseline, suppressed?.kind, suppressed?.reason])).toEqual([
      ['known', 'baseline', 'known from known.txt'],
      ['known', 'baseline', 'known from known.txt'],
    ]);
    expect(known.pillars.find(({ name }) => name === 'lifecycle')).toMatchObject({ verdict: 'clean', findings: 0 });
    write(folder, { 'tests/test_c.py': leaking('c') });
    const result = json(folder, BASELINE);
    expect(result.findings.map(({ path, baseline }) => [path, baseline])).toContainEqual(['tests/test_c.py', 'new']);
    expect(result.pillars.find(({ name }) => name === 'lifecycle')).toMatchObject({ verdict: 'findings', findings: 1 });
  });

  test('may stand in the configuration, relative to its file', () => {
    const folder = project({ 'tests/test_a.py': leaking('a'), 'campsite.yaml': 'baseline: ci/known.txt\n', 'ci/readme': '' });
    expect(checked(folder, ['--write-baseline']).status).toBe(0);
    expect(existsSync(join(folder, 'ci', 'known.txt'))).toBe(true);
    expect(checked(join(folder, 'tests'), ['.', '--root', '..']).status).toBe(0);
    expect(checked(folder, []).status).toBe(0);
  });
});

describe('stale entries', () => {
  test('fail, with the entry, its line and the remedy', () => {
    const folder = withBaseline();
    write(folder, { 'tests/test_b.py': clean('b') });
    const ran = checked(folder, BASELINE);
    expect({ status: ran.status, found: ran.found }).toEqual({ status: 1, found: [] });
    expect(ran.stdout).toMatch(/^known\.txt:[23] .*no longer found in tests\/test_b\.py: never-released in test_b; --prune-baseline/m);
    expect(ran.stderr).toBe('campsite: the baseline is stale: some of it is no longer found; --prune-baseline removes that\n');
    expect(json(folder, BASELINE).problems).toMatchObject([{ path: 'known.txt', kind: 'configuration' }]);
  });

  test('pass with --pass-on-stale and --exit-zero', () => {
    const folder = withBaseline();
    write(folder, { 'tests/test_b.py': clean('b') });
    expect(checked(folder, [...BASELINE, '--pass-on-stale']).status).toBe(0);
    expect(checked(folder, [...BASELINE, '--exit-zero']).status).toBe(0);
  });

  test('are those of a removed file too, but not of files that were not looked at', () => {
    const folder = withBaseline();
    rmSync(join(folder, 'tests/test_b.py'));
    expect(checked(folder, ['tests/test_a.py', ...BASELINE]).status).toBe(0);
    expect(checked(folder, ['tests', ...BASELINE]).status).toBe(1);
    expect(checked(folder, BASELINE).status).toBe(1);
  });

  test('a moved file has new findings, and its old entries are stale', () => {
    const folder = withBaseline();
    renameSync(join(folder, 'tests/test_b.py'), join(folder, 'tests/test_z.py'));
    const ran = checked(folder, BASELINE);
    expect(ran.found).toEqual(['tests/test_z.py:2 never-released']);
    expect(ran.stdout).toContain('no longer found in tests/test_b.py');
  });

  test('--prune-baseline takes them out, adds nothing and leaves new findings red', () => {
    const folder = withBaseline();
    write(folder, { 'tests/test_b.py': clean('b'), 'tests/test_c.py': leaking('c') });
    const ran = checked(folder, [...BASELINE, '--prune-baseline']);
    expect({ status: ran.status, found: ran.found }).toEqual({ status: 1, found: ['tests/test_c.py:2 never-released'] });
    expect(ran.stderr).toBe('campsite: wrote known.txt: 1 entry, 0 added, 1 removed\n');
    expect(entries(folder)).toEqual(['never-released tests/test_a.py test_a']);
  });

  test('a shard judges the entries of its own files', () => {
    const folder = withBaseline();
    write(folder, { 'tests/test_b.py': clean('b') });
    const codes = ['1/2', '2/2'].map((shard) => checked(folder, [...BASELINE, '--shard', shard]).status);
    expect(codes.sort()).toEqual([0, 1]);
  });

  test('merged shards fail for what is stale, as one run would', () => {
    const folder = withBaseline();
    write(folder, { 'tests/test_b.py': clean('b') });
    for (const shard of ['1', '2'])
      expect(checked(folder, [...BASELINE, '--exit-zero', '--shard', `${shard}/2`, '--output', `json=${shard}.json`]).status).toBe(0);
    const merged = (...args: string[]) => campsite(folder, ['merge', '1.json', '2.json', '--output-format', 'concise', ...args]);
    expect(merged().status).toBe(1);
    expect(merged().stdout).toMatch(/no longer found in tests\/test_b\.py: never-released in test_b;/);
    expect(merged('--pass-on-stale').status).toBe(0);
  });
});

test('two branches that add to a baseline merge without a conflict under merge=union', () => {
  const folder = repository({ 'tests/test_a.py': leaking('a'), '.gitattributes': 'known.txt merge=union\n', '.gitignore': '.campsite_cache\n' });
  checked(folder, [...BASELINE, '--write-baseline']);
  commit(folder, 'baseline');
  for (const name of ['one', 'two']) {
    git(folder, 'checkout', '--quiet', '-b', name, 'main');
    write(folder, { [`tests/test_${name}.py`]: leaking(name) });
    checked(folder, [...BASELINE, '--write-baseline']);
    commit(folder, name);
  }
  git(folder, 'merge', '--quiet', '--no-edit', 'one');
  expect(checked(folder, BASELINE)).toMatchObject({ status: 0, found: [], stderr: '' });
  expect(entries(folder)).toHaveLength(3);
});

describe('one clear message, exit code 2', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['no file is named', ['--write-baseline'], /^campsite: --write-baseline: say which file, with --baseline FILE or `baseline: FILE`/],
    ['the file is not there', ['--baseline', 'none.txt'], /^campsite: there is no baseline none\.txt\ncampsite: .*--write-baseline writes it$/m],
    [
      'two that exclude each other',
      [...BASELINE, '--write-baseline', '--prune-baseline'],
      /^campsite: --write-baseline does not go with --prune-baseline: /,
    ],
    ['a baseline of a part', [...BASELINE, '--write-baseline', '--shard', '1/2'], /^campsite: --write-baseline does not go with --shard: /],
    ['a conflict', ['--baseline', 'conflict.txt'], /^campsite: conflict\.txt:1: a merge conflict; keep the lines of both sides/],
    ['something else', ['--baseline', 'tests/test_a.py'], /^campsite: tests\/test_a\.py:1: expected "fingerprint rule path test"$/m],
    ['a folder', ['--baseline', 'tests'], /^campsite: tests cannot be read: EISDIR$/m],
    ['a folder that is not there', ['--baseline', 'no/known.txt', '--write-baseline'], /^campsite: .*no\/known\.txt cannot be written: ENOENT$/m],
  ])('%s', (_what, args, message) => {
    const folder = project({ 'tests/test_a.py': leaking('a'), 'conflict.txt': '<<<<<<< ours\n' });
    const ran = campsite(folder, ['check', ...args]);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toMatch(/\n\s+at /);
  });
});
