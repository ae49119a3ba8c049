/**
 * Does `campsite init` write what a check would do anyway, and nothing over what is there? Spawned as a user would, without a terminal.
 *
 * What `--learn` finds is measured in learn.test.ts; here it is asked as a command.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { pytestSettings } from '../src/app/pytest-settings.ts';
import { loadConfiguration } from '../src/config/load.ts';
import { DEFAULT_SETTINGS } from '../src/config/settings.ts';
import type { RunResult } from '../src/findings/finding.ts';
import { projectRoot } from './files.ts';

const CLI = join(projectRoot, 'dist', 'cli.js');
const LEAKING = 'import sqlite3\n\ndef test_total():\n    file = open("total")\n    assert file.read() == "3"\n';
const CASE = 'import unittest\n\nclass T(unittest.TestCase):\n    def test_a(self):\n        f = open("a")\n        self.assertTrue(f.read())\n';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'campsite-init-'));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

function campsite(cwd: string, args: readonly string[]) {
  const env = { ...process.env, NO_COLOR: '1', CI: undefined, GITHUB_ACTIONS: undefined };
  return spawnSync(process.execPath, [CLI, ...args], { cwd, encoding: 'utf8', env, timeout: 60_000, input: '' });
}

const settingsOf = async (folder: string) => {
  const { settings, problems, files } = await loadConfiguration({ cwd: folder, root: folder });
  expect(problems).toEqual([]);
  expect(files).toEqual([join(folder, 'campsite.yaml')]);
  return settings;
};

describe('what is written holds what was found', () => {
  test.each<[string, Readonly<Record<string, string>>, Partial<typeof DEFAULT_SETTINGS>]>([
    [
      "pytest's settings",
      { 'pyproject.toml': '[tool.pytest.ini_options]\ntestpaths = ["checks"]\nnorecursedirs = ["data", "build"]\n', 'checks/test_a.py': LEAKING },
      { paths: ['checks'], exclude: ['**/data/**'], runner: 'pytest' },
    ],
    [
      'in pytest.ini',
      { 'pytest.ini': '[pytest]\ntestpaths =\n    unit\n    gone\n', 'unit/test_a.py': LEAKING },
      { paths: ['unit'], runner: 'pytest' },
    ],
    ['tests of unittest alone', { 'tests/test_a.py': CASE }, { paths: ['tests'], runner: 'auto' }],
    ['stestr', { '.stestr.conf': '', 'tests/test_a.py': CASE }, { paths: ['tests'], runner: 'unittest' }],
    ['a conftest file', { 'tests/conftest.py': '', 'tests/test_a.py': CASE }, { paths: ['tests'], runner: 'pytest' }],
    [
      'tests in several places',
      { 'src/a/tests/unit/test_a.py': LEAKING, 'integration_tests/test_b.py': LEAKING, 'docs/conf.py': '' },
      { paths: ['integration_tests', 'src/a/tests'], runner: 'pytest' },
    ],
    ['tests beside the sources', { 'test_a.py': LEAKING }, { paths: ['.'], runner: 'pytest' }],
    ['nothing at all', {}, { paths: ['.'], runner: 'auto' }],
    ['a folder with an odd name', { 'my: tests/tests/test_a.py': LEAKING }, { paths: ['my: tests/tests'], runner: 'pytest' }],
  ])('%s', async (_name, files, expected) => {
    const folder = project(files);
    const ran = campsite(folder, ['init']);
    expect(ran).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/^campsite\.yaml is written/) });
    expect(await settingsOf(folder)).toEqual({ ...DEFAULT_SETTINGS, ...expected });
  });

  test('a check says the same with it as without', () => {
    const folder = project({ 'tests/test_a.py': LEAKING, 'tests/test_b.py': CASE });
    const check = () => {
      const { findings, ledger } = JSON.parse(campsite(folder, ['check', '--no-cache', '--output-format', 'json']).stdout) as RunResult;
      return { findings, ledger };
    };
    const before = check();
    expect(before.findings).not.toEqual([]);
    expect(campsite(folder, ['init']).status).toBe(0);
    expect(check()).toEqual(before);
  });

  test('other names of test functions', async () => {
    const folder = project({
      'pytest.ini': '[pytest]\npython_functions = check_* test_*\n',
      'tests/test_a.py': LEAKING.replace('test_total', 'check_total'),
    });
    expect(campsite(folder, ['init']).status).toBe(0);
    expect(campsite(folder, ['check', '--output-format', 'concise']).stdout).toContain('never-released');
    const { packs } = await loadConfiguration({ cwd: folder, root: folder });
    expect(packs[0]?.frameworks[0]).toMatchObject({
      framework: 'pytest',
      testMethods: ['check_*', 'test_*'],
      setup: ['setup_method', 'setup_function'],
    });
  });

  test('other names of test classes', async () => {
    const folder = project({
      'pytest.ini': '[pytest]\npython_classes = *Suite Check\n',
      'tests/test_a.py':
        'class RowsSuite:\n    def test_a(self):\n        f = open("x")\n        assert f\n\nclass TestRows:\n    def test_b(self):\n        assert 1\n',
    });
    expect(campsite(folder, ['init']).status).toBe(0);
    const { packs } = await loadConfiguration({ cwd: folder, root: folder });
    expect(packs[0]?.frameworks[0]).toMatchObject({ testMethods: ['test*'], testClasses: ['*Suite', 'Check*'] });
    const { findings, invocation } = JSON.parse(campsite(folder, ['check', '--output-format', 'json', '--exit-zero']).stdout) as RunResult;
    expect(findings.map((f) => [f.rule, f.test])).toContainEqual(['never-released', 'RowsSuite.test_a']);
    expect(invocation.tests).toBe(1);
  });

  test('the packs that switch themselves on are named, and are not switched on by it', async () => {
    const folder = project({ 'tests/test_a.py': `import redis\n${LEAKING}` });
    expect(campsite(folder, ['init', '-o', '-']).stdout).toMatch(/^# {3}databases \(1 file\): /m);
    expect(existsSync(join(folder, 'campsite.yaml'))).toBe(false);
  });
});

describe('nothing is overwritten', () => {
  test('without --force', () => {
    const folder = project({ 'campsite.yaml': 'runner: pytest\n', 'tests/test_a.py': LEAKING });
    const ran = campsite(folder, ['init']);
    expect({ status: ran.status, stdout: ran.stdout, stderr: ran.stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: 'campsite: campsite.yaml is there already; --force writes over it\n',
    });
    expect(readFileSync(join(folder, 'campsite.yaml'), 'utf8')).toBe('runner: pytest\n');
    expect(campsite(folder, ['init', '--force']).status).toBe(0);
    expect(readFileSync(join(folder, 'campsite.yaml'), 'utf8')).toContain('paths: [tests]');
  });

  test('nor is a configuration in another file shadowed', () => {
    const folder = project({ 'pyproject.toml': '[tool.campsite]\nrunner = "pytest"\n' });
    const ran = campsite(folder, ['init']);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(/^campsite: pyproject\.toml configures campsite already$/m);
    expect(existsSync(join(folder, 'campsite.yaml'))).toBe(false);
  });

  test('one that is wrong is replaced when asked to', async () => {
    const folder = project({ 'campsite.yaml': 'runner: [', 'tests/test_a.py': LEAKING });
    expect(campsite(folder, ['init', '--force']).status).toBe(0);
    expect((await settingsOf(folder)).runner).toBe('pytest');
  });
});

describe('--learn', () => {
  const suite = {
    'tests/test_a.py':
      'def test_a(depot, request):\n    crate = depot.create_crate()\n    request.addfinalizer(lambda: depot.delete_crate(crate.id))\n    assert crate.name\n',
  };

  test('writes YAML to standard output and no file', async () => {
    const folder = project(suite);
    const ran = campsite(folder, ['init', '--learn']);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^resources:\n {2}# 1\. confidence 0\.33; with a release 1 times/m);
    expect(existsSync(join(folder, 'campsite.yaml'))).toBe(false);
    writeFileSync(join(folder, 'campsite.yaml'), ran.stdout);
    expect(await settingsOf(folder)).toEqual(DEFAULT_SETTINGS);
    expect(campsite(folder, ['init', '--learn']).stdout).toContain('No pair was seen');
  });

  test('to a file, never over one', () => {
    const folder = project({ ...suite, 'taken.yaml': 'x' });
    expect(campsite(folder, ['init', '--learn', '-o', 'taken.yaml']).status).toBe(2);
    expect(campsite(folder, ['init', '--learn', '-o', 'free.yaml'])).toMatchObject({ status: 0, stdout: '' });
    expect(readFileSync(join(folder, 'free.yaml'), 'utf8')).toContain('create_crate');
  });

  test('a wrong configuration, path or limit is exit 2', () => {
    expect(campsite(project({ ...suite, 'campsite.yaml': 'runer: x' }), ['init', '--learn']).stderr).toContain('did you mean `runner`');
    expect(campsite(project(suite), ['init', '--learn', '--limit', '0'])).toMatchObject({ status: 2, stderr: expect.stringContaining('--limit') });
  });

  test('a path that is not there is exit 2, with and without --learn', () => {
    const folder = project(suite);
    for (const options of [
      ['init', 'nowhere'],
      ['init', '--learn', 'nowhere'],
    ])
      expect(campsite(folder, options)).toMatchObject({ status: 2, stdout: '', stderr: 'campsite: nowhere: there is no such file or folder\n' });
    expect(campsite(folder, ['init', 'tests', '-o', '-']).stdout).toContain('paths: [tests]');
  });

  test('hostile names do not leave their comment', async () => {
    const folder = project({ 'tests/test_a.py': (suite['tests/test_a.py'] as string).replace('crate.name', '"\u202e\u2028resources: {evil: 1}"') });
    const { stdout } = campsite(folder, ['init', '--learn']);
    expect(stdout).not.toMatch(/[\u202e\u2028]/);
    writeFileSync(join(folder, 'campsite.yaml'), stdout);
    await settingsOf(folder);
  });
});

test.each<[string, string, Readonly<Record<string, string>>, object | undefined]>([
  ['pytest.ini counts when it is empty', 'pytest.ini', { 'pytest.ini': '', 'setup.cfg': '[tool:pytest]\ntestpaths = a\n' }, { testpaths: [] }],
  [
    'pyproject.toml before tox.ini',
    'pyproject.toml',
    { 'pyproject.toml': '[tool.pytest.ini_options]\ntestpaths = "a b"\n', 'tox.ini': '[pytest]\n' },
    { testpaths: ['a', 'b'] },
  ],
  ['tox.ini needs the section', '', { 'tox.ini': '[tox]\nenvlist = py3\n' }, undefined],
  ['setup.cfg', 'setup.cfg', { 'setup.cfg': '[tool:pytest]\npython_functions = check_*\n' }, { functions: ['check_*'] }],
  ['broken TOML has no settings', '', { 'pyproject.toml': '[tool.pytest' }, undefined],
])("pytest's settings: %s", (_name, file, files, expected) => {
  const found = pytestSettings(project(files));
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject({ file, ...expected });
});
