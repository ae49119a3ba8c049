/**
 * Does `--new-from` show what a branch introduced, and nothing else? In real repositories, by the real command.
 *
 * Each test is a situation that a line-by-line diff gets wrong in one direction or the other, or one in which history is missing: then the run must
 * not be green.
 */
import { existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blobReader } from '../src/app/base-tree.ts';
import { campsite, checked, clean, commit, git, json, leaking, project, repository, write } from './command.ts';

const FROM_MAIN = ['--new-from', 'main'];

/** A repository with two old leaks on main, on branch `topic`. */
function topic(): string {
  const folder = repository({ 'tests/test_old.py': `${leaking('one')}\n\n${leaking('two')}`, '.gitignore': '.campsite_cache\n' });
  git(folder, 'checkout', '--quiet', '-b', 'topic');
  return folder;
}

/** A base class that closes what its tests open, and a test that relies on it. */
const BASE = `import unittest


class Base(unittest.TestCase):
    def setUp(self):
        self.file = open("total")
        self.addCleanup(self.file.close)
`;

describe('what is new', () => {
  test('old findings do not count, in whatever line they stand now', () => {
    const folder = topic();
    expect(checked(folder, FROM_MAIN)).toMatchObject({ status: 0, found: [], stderr: '' });
    write(folder, { 'tests/test_old.py': `import os\n\n\n${leaking('one')}\n\n${leaking('two')}` });
    expect(checked(folder, FROM_MAIN)).toMatchObject({ status: 0, found: [] });
  });

  test.each(['committed', 'staged', 'neither'])('a new leak in an old and in a new file counts, %s', (how) => {
    const folder = topic();
    write(folder, { 'tests/test_old.py': `${leaking('zero')}\n\n${leaking('one')}\n\n${leaking('two')}`, 'tests/test_new.py': leaking('new') });
    if (how === 'committed') commit(folder, 'new');
    if (how === 'staged') git(folder, 'add', '--all');
    const ran = checked(folder, FROM_MAIN);
    expect({ status: ran.status, found: ran.found }).toEqual({
      status: 1,
      found: ['tests/test_new.py:2 never-released', 'tests/test_old.py:2 never-released'],
    });
    expect(ran.stdout).toContain('2 known from before');
  });

  test('the result says which is which and since when', () => {
    const folder = topic();
    write(folder, { 'tests/test_new.py': leaking('new') });
    const base = git(folder, 'rev-parse', '--short=7', 'main').trim();
    const { findings, pillars } = json(folder, FROM_MAIN);
    expect(findings.map(({ path, baseline, suppressed }) => [path, baseline, suppressed?.reason])).toEqual([
      ['tests/test_new.py', 'new', undefined],
      ['tests/test_old.py', 'known', `was there before, at ${base}`],
      ['tests/test_old.py', 'known', `was there before, at ${base}`],
    ]);
    expect(pillars.find(({ name }) => name === 'lifecycle')?.findings).toBe(1);
  });

  test('a leak that begins on a line that was not touched, because a cleanup was taken away in another file', () => {
    const child =
      'from tests.base import Base\n\n\nclass TestTotal(Base):\n    def test_total(self):\n        self.assertEqual("3", self.file.read())\n';
    const folder = repository({ 'tests/__init__.py': '', 'tests/base.py': BASE, 'tests/test_total.py': child });
    git(folder, 'checkout', '--quiet', '-b', 'topic');
    expect(checked(folder, FROM_MAIN).status).toBe(0);
    write(folder, { 'tests/base.py': BASE.replace('        self.addCleanup(self.file.close)\n', '') });
    const ran = checked(folder, FROM_MAIN);
    expect({ status: ran.status, found: ran.found }).toEqual({ status: 1, found: ['tests/base.py:6 never-released'] });
  });

  test('of two alike in one function the added one counts, wherever it stands', () => {
    const twice = (lines: string): string => `def test_twice():\n${lines}`;
    const folder = repository({ 'test_twice.py': twice(`    file = open("a")\n    file.read()\n`) });
    git(folder, 'checkout', '--quiet', '-b', 'topic');
    write(folder, { 'test_twice.py': twice(`    file = open("b")\n    file.write("x")\n    file = open("a")\n    file.read()\n`) });
    const found = json(folder, FROM_MAIN).findings.filter(({ baseline }) => baseline === 'new');
    expect(found.map(({ line }) => line)).toEqual([2]);
  });

  test('an old leak that got better is old, one that got worse is new', () => {
    const failing = 'def test_total():\n    file = open("total")\n    assert file.read() == "3"\n    file.close()\n';
    const folder = repository({ 'test_better.py': leaking('total'), 'test_worse.py': failing });
    git(folder, 'checkout', '--quiet', '-b', 'topic');
    write(folder, { 'test_better.py': failing, 'test_worse.py': leaking('total') });
    expect(checked(folder, FROM_MAIN).found).toEqual(['test_worse.py:2 never-released']);
  });

  test('a comment that suppressed, taken away', () => {
    const folder = repository({ 'test_a.py': leaking('a').replace('"a")', '"a")  # campsite: ignore[never-released]') });
    git(folder, 'checkout', '--quiet', '-b', 'topic');
    write(folder, { 'test_a.py': leaking('a') });
    expect(checked(folder, FROM_MAIN).found).toEqual(['test_a.py:2 never-released']);
  });
});

describe('what is not new', () => {
  test.each(['committed', 'staged'])('a file that was renamed and changed, %s', (how) => {
    const folder = topic();
    git(folder, 'mv', 'tests/test_old.py', 'tests/test_renamed.py');
    write(folder, { 'tests/test_renamed.py': `"""Old ones."""\n\n${leaking('one')}\n\n${leaking('two')}` });
    git(folder, 'add', '--all');
    if (how === 'committed') commit(folder, 'rename');
    expect(checked(folder, FROM_MAIN)).toMatchObject({ status: 0, found: [] });
  });

  test('a whole folder that moved', () => {
    const folder = topic();
    write(folder, { 'tests/unit/keep.py': '' });
    git(folder, 'mv', 'tests/test_old.py', 'tests/unit/test_old.py');
    commit(folder, 'move');
    expect(checked(folder, FROM_MAIN)).toMatchObject({ status: 0, found: [] });
  });

  test('a function that was renamed, and code that was formatted', () => {
    const folder = topic();
    write(folder, {
      'tests/test_old.py': `${leaking('one').replace('def test_one', 'def test_first')}\n\n${leaking('two').replace('open("two")', "open('two', )")}`,
    });
    expect(checked(folder, FROM_MAIN)).toMatchObject({ status: 0, found: [] });
  });

  test('what others did on main since the branch left it', () => {
    const folder = topic();
    write(folder, { 'tests/test_new.py': clean('new') });
    commit(folder, 'topic');
    git(folder, 'checkout', '--quiet', 'main');
    write(folder, { 'tests/test_old.py': clean('one') });
    commit(folder, 'cured on main');
    git(folder, 'checkout', '--quiet', 'topic');
    expect(checked(folder, FROM_MAIN)).toMatchObject({ status: 0, found: [] });
  });

  test('what a baseline knows', () => {
    const folder = topic();
    write(folder, { 'tests/test_new.py': leaking('new') });
    expect(checked(folder, ['--baseline', 'known.txt', '--write-baseline']).status).toBe(0);
    expect(checked(folder, [...FROM_MAIN, '--baseline', 'known.txt'])).toMatchObject({ status: 0, found: [] });
  });

  test('a comment that suppressed nothing before, beside files that changed', () => {
    const folder = repository({ 'test_a.py': clean('a').replace('"a")', '"a")  # campsite: ignore[never-released]'), 'test_b.py': leaking('b') });
    git(folder, 'checkout', '--quiet', '-b', 'topic');
    write(folder, { 'test_c.py': leaking('c') });
    expect(checked(folder, []).found).toContain('test_a.py:2 unused-suppression');
    expect(checked(folder, FROM_MAIN).found).toEqual(['test_c.py:2 never-released']);
  });

  test('a setup whose tests moved to another file', () => {
    const base = BASE.replace('        self.addCleanup(self.file.close)\n', '');
    const child = (name: string): string =>
      `from tests.base import Base\n\n\nclass ${name}(Base):\n    def test_total(self):\n        self.assertEqual("3", self.file.read())\n`;
    const folder = repository({ 'tests/__init__.py': '', 'tests/base.py': base, 'tests/test_one.py': child('One') });
    git(folder, 'checkout', '--quiet', '-b', 'topic');
    git(folder, 'rm', '--quiet', 'tests/test_one.py');
    write(folder, { 'tests/test_other.py': `import os\n${child('AnotherNameOfTheWholeThing').replaceAll('self', 'this')}` });
    expect(checked(folder, []).found).toEqual(['tests/base.py:6 never-released']);
    expect(checked(folder, FROM_MAIN).found).toEqual([]);
  });

  test('findings of a rule that is only selected now, in old code', () => {
    const folder = topic();
    expect(checked(folder, [...FROM_MAIN, '--extend-select', 'ALL']).status).toBe(0);
  });
});

describe('where the run looks', () => {
  test('only at what it was asked for, from a folder of the repository', () => {
    const folder = repository({
      'service/tests/test_a.py': leaking('a'),
      'other/test_b.py': leaking('b'),
      'service/campsite.yaml': 'paths: [tests]\n',
    });
    git(folder, 'checkout', '--quiet', '-b', 'topic');
    git(folder, 'mv', 'service/tests/test_a.py', 'service/tests/test_c.py');
    write(folder, { 'service/tests/test_d.py': leaking('d') });
    expect(checked(join(folder, 'service'), FROM_MAIN).found).toEqual(['tests/test_d.py:2 never-released']);
  });

  test('leaves the repository and the temporary folder as they were', () => {
    const folder = topic();
    write(folder, { 'tests/test_new.py': leaking('new') });
    const state = () => ({
      status: git(folder, '--no-optional-locks', 'status', '--porcelain'),
      index: statSync(join(folder, '.git', 'index')).mtimeMs,
      objects: readdirSync(join(folder, '.git', 'objects')),
    });
    const before = state();
    const left = project({});
    expect(checked(folder, FROM_MAIN, { TMPDIR: left }).status).toBe(1);
    expect(state()).toEqual(before);
    expect(readdirSync(left)).toEqual([]);
  });

  test('inside a hook of git, whose variables point elsewhere', () => {
    const folder = topic();
    write(folder, { 'tests/test_new.py': leaking('new') });
    const env = { GIT_DIR: join(tmpdir(), 'nowhere'), GIT_INDEX_FILE: join(tmpdir(), 'no-index'), GIT_WORK_TREE: tmpdir() };
    expect(checked(folder, FROM_MAIN, env).found).toEqual(['tests/test_new.py:2 never-released']);
  });

  test('nothing that the repository configures is run', () => {
    const folder = topic();
    const trap = `sh -c 'touch ${join(folder, 'trapped')}; cat'`;
    for (const key of ['filter.trap.smudge', 'filter.trap.clean', 'diff.trap.textconv', 'diff.external', 'core.fsmonitor', 'core.pager'])
      git(folder, 'config', key, trap);
    write(folder, { '.gitattributes': '*.py filter=trap diff=trap\n', 'tests/test_new.py': leaking('new') });
    expect(checked(folder, FROM_MAIN).found).toEqual(['tests/test_new.py:2 never-released']);
    expect(existsSync(join(folder, 'trapped'))).toBe(false);
  });

  test('a link of the merge base is no file of it', () => {
    const folder = topic();
    write(folder, { target: 'test_old.py' });
    const link = git(folder, 'hash-object', '-w', 'target').trim();
    git(folder, 'update-index', '--add', '--cacheinfo', `120000,${link},tests/test_link.py`);
    git(folder, 'commit', '--quiet', '--message', 'link');
    write(folder, { 'tests/test_link.py': leaking('one') });
    expect(checked(folder, ['--new-from', 'HEAD']).found).toEqual(['tests/test_link.py:2 never-released']);
  });
});

describe('history that is missing: exit code 2 with the remedy, never green', () => {
  test('a shallow clone', () => {
    const folder = topic();
    write(folder, { 'tests/test_new.py': leaking('new') });
    commit(folder, 'new');
    const shallow = join(project({}), 'clone');
    git(folder, 'clone', '--quiet', '--depth', '1', `file://${folder}`, shallow);
    for (const revision of ['HEAD', 'origin/topic', 'HEAD~1', 'main']) {
      const ran = campsite(shallow, ['check', '--new-from', revision]);
      expect({ status: ran.status, stdout: ran.stdout }).toEqual({ status: 2, stdout: '' });
      expect(ran.stderr).toMatch(/shallow clone[\s\S]*git fetch --unshallow[\s\S]*fetch-depth: 0/);
    }
    git(shallow, 'fetch', '--quiet', '--unshallow');
    git(shallow, 'fetch', '--quiet', 'origin', 'main:main');
    expect(checked(shallow, FROM_MAIN).found).toEqual(['tests/test_new.py:2 never-released']);
  });

  test('a clone without old contents has enough: git fetches them', () => {
    const folder = topic();
    git(folder, 'config', 'uploadpack.allowFilter', 'true');
    git(folder, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    write(folder, { 'tests/test_old.py': `${leaking('zero')}\n\n${leaking('one')}\n\n${leaking('two')}` });
    commit(folder, 'new');
    const partial = join(project({}), 'clone');
    git(folder, 'clone', '--quiet', '--filter=blob:none', '--branch', 'topic', `file://${folder}`, partial);
    const ran = checked(partial, ['--new-from', 'origin/main']);
    expect({ status: ran.status, found: ran.found }, ran.stderr).toEqual({ status: 1, found: ['tests/test_old.py:2 never-released'] });
  });

  test.each<[string, readonly string[], RegExp]>([
    ['an unknown commit', ['--new-from', 'origin/mian'], /^campsite: --new-from: git knows no commit "origin\/mian"\ncampsite: remedy: /],
    ['an option in place of a commit', ['--new-from=--output=x'], /^campsite: --new-from: git knows no commit "--output=x"/],
    ['a history of its own', ['--new-from', 'orphan'], /^campsite: --new-from: orphan and HEAD have no commit in common/],
    [
      'a baseline of the new ones',
      [...FROM_MAIN, '--write-baseline', '--baseline', 'x'],
      /^campsite: --write-baseline does not go with --new-from: /,
    ],
  ])('%s', (_what, args, message) => {
    const folder = topic();
    git(folder, 'checkout', '--quiet', '--orphan', 'orphan');
    commit(folder, 'orphan');
    git(folder, 'checkout', '--quiet', 'topic');
    const ran = campsite(folder, ['check', ...args]);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(message);
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });

  test('no repository, and no git', () => {
    const folder = project({ 'tests/test_a.py': leaking('a') });
    const none = campsite(folder, ['check', ...FROM_MAIN], { GIT_CEILING_DIRECTORIES: tmpdir() });
    expect(none.status).toBe(2);
    expect(none.stderr).toMatch(/^campsite: --new-from: not a git repository/);
    const without = campsite(topic(), ['check', ...FROM_MAIN], { PATH: folder });
    expect(without.status).toBe(2);
    expect(without.stderr).toBe('campsite: there is no git here: --new-from asks it what is new\n');
  });

  test('an object that is gone', () => {
    const folder = topic();
    const blob = git(folder, 'rev-parse', 'main:tests/test_old.py').trim();
    const object = join(folder, '.git', 'objects', blob.slice(0, 2), blob.slice(2));
    renameSync(object, `${object}.gone`);
    write(folder, { 'tests/test_old.py': leaking('other') });
    const ran = campsite(folder, ['check', ...FROM_MAIN]);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(/^campsite: --new-from: git cannot read the files of [0-9a-f]{7}: /);
  });
});

test('blobs are read whole, however the output is cut', () => {
  const contents = ['', 'a', 'with\nlines\n', 'x'.repeat(5000), 'abc blob 3\n'].map((text) => Buffer.from(text));
  const output = Buffer.concat(
    contents.flatMap((content) => [Buffer.from(`${'0f'.repeat(20)} blob ${content.length}\n`), content, Buffer.from('\n')]),
  );
  for (const size of [1, 2, 7, 64, output.length]) {
    const taken: string[] = [];
    const read = blobReader((content) => taken.push(content.toString()));
    for (let at = 0; at < output.length; at += size) read(output.subarray(at, at + size));
    expect(taken).toEqual(contents.map(String));
  }
});
