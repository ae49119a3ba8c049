/**
 * Does the built program behave on a command line as its help says? Spawned as a user would: exit codes, one clear message for each fault,
 * what is good still analysed, machine-readable output that keeps to its schema, a reader that goes away.
 *
 * Left out: what the findings are (samples) and how reports look (report-golden).
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { FORMATS } from '../src/report/index.ts';
import { CLI, campsite, clean, json, leaking, project } from './command.ts';
import { projectRoot } from './files.ts';

const LEAKING = leaking();
const CLEAN = clean();

describe('exit codes', () => {
  const both = project({ 'test_leaking.py': LEAKING, 'test_clean.py': CLEAN });

  test.each<[string, number, readonly string[]]>([
    ['0 for a clean file', 0, ['check', 'test_clean.py']],
    ['1 for findings', 1, ['check', 'test_leaking.py']],
    ['0 for findings with --exit-zero', 0, ['check', '--exit-zero', 'test_leaking.py']],
    ['0 where the rule is ignored', 0, ['check', '--ignore', 'lifecycle', 'test_leaking.py']],
    ['2 without a command', 2, []],
    ['2 for an unknown command', 2, ['chekc']],
    ['2 for an unknown option', 2, ['check', '--no-such-option']],
    ['0 for --version', 0, ['--version']],
    ['0 for --help', 0, ['--help']],
  ])('%s', (_what, status, args) => {
    const ran = campsite(both, args);
    expect({ status: ran.status, crashed: /\n\s+at /.test(ran.stderr) }, ran.stderr).toEqual({ status, crashed: false });
  });
});

describe('one clear message, exit code 2', () => {
  const folder = project({ 'test_clean.py': CLEAN });

  test.each<[string, readonly string[], RegExp]>([
    ['a path that is not there', ['check', 'nowhere.py'], /nowhere\.py.*no such file/],
    [
      'an unknown rule',
      ['check', '--select', 'never-relaesed'],
      /^campsite: --select: there is no rule "never-relaesed"; did you mean never-released\?$/m,
    ],
    ['an unknown format', ['check', '--output-format', 'jsn'], /^campsite: there is no output format "jsn"; did you mean json\?$/m],
    ['an output without a file', ['check', '--output', 'json'], /^campsite: --output takes FORMAT=FILE/m],
    [
      'an output that cannot be written',
      ['check', '--output', 'json=no/such/folder/x.json'],
      /^campsite: no\/such\/folder\/x\.json cannot be written: ENOENT$/m,
    ],
    ['a configuration that is not there', ['check', '--config', 'nowhere.yaml'], /nowhere\.yaml/],
    ['a path outside of the root', ['check', '--root', '.', tmpdir()], /outside the project root/],
  ])('%s', (_what, args, message) => {
    const ran = campsite(folder, args);
    expect(ran.status).toBe(2);
    expect(`${ran.stderr}${ran.stdout}`).toMatch(message);
    expect(ran.stderr).not.toMatch(/\n\s+at /);
  });

  test('an invalid configuration names file, line and the nearest key', () => {
    const ran = campsite(project({ 'test_clean.py': CLEAN, 'campsite.yaml': 'paths: [.]\nslect: [lifecycle]\n' }), ['check']);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(/^campsite: .*campsite\.yaml:2:1: .*did you mean `select`\?$/m);
  });

  test('a configuration that is no YAML names file and line', () => {
    const ran = campsite(project({ 'test_clean.py': CLEAN, 'campsite.yaml': 'paths: [.\nselect: }\n' }), ['check']);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(/^campsite: .*campsite\.yaml:\d+:\d+: /m);
    expect(ran.stderr).not.toMatch(/\n\s+at /);
  });
});

describe('what is wrong with one file leaves the others alone', () => {
  test.each<[string, string | Buffer, string, number]>([
    ['a syntax error', 'def test_a(:\n    pass\n', 'syntax', 1],
    ['bytes that are not UTF-8', Buffer.from('x = 1\ns = "\xe9"\n', 'latin1'), 'encoding', 1],
    ['an unknown encoding', '# -*- coding: klingon -*-\n', 'encoding', 1],
  ])('%s', (_what, content, kind, line) => {
    const result = json(project({ 'test_bad.py': content, 'test_leaking.py': LEAKING }), ['.']);
    expect(result.problems.map((p) => [p.path, p.kind, p.line])).toEqual([['test_bad.py', kind, line]]);
    expect(result.findings.map((f) => [f.path, f.rule])).toEqual([['test_leaking.py', 'never-released']]);
  });

  test('a missing path: the other one is analysed all the same, the exit code is 2', () => {
    const folder = project({ 'test_leaking.py': LEAKING });
    expect(json(folder, ['nowhere.py', 'test_leaking.py']).findings).toHaveLength(1);
    expect(campsite(folder, ['check', 'nowhere.py', 'test_leaking.py']).status).toBe(2);
  });
});

describe('outputs', () => {
  const folder = project({ 'test_leaking.py': LEAKING, 'helpers.py': 'x = 1\n', '.gitignore': 'test_ignored.py\n', 'test_ignored.py': LEAKING });

  test('--show-files lists what would be analysed and why others are not', () => {
    const { stdout, status } = campsite(folder, ['check', '--show-files', '.']);
    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'test_leaking.py',
      '# left out: helpers.py (does not look like test code)',
      '# left out: test_ignored.py (ignored by .gitignore)',
      '',
    ]);
  });

  test('a path on the command line is taken whatever is ignored', () => {
    expect(json(folder, ['test_ignored.py']).findings.map((f) => f.path)).toEqual(['test_ignored.py']);
  });

  test('--statistics prints the ten pillars', () => {
    expect(campsite(folder, ['check', '--statistics', '.']).stdout.match(/^ *CWE-\d+ /gm)).toHaveLength(10);
  });

  test('json keeps to its published schema', () => {
    const schema = JSON.parse(readFileSync(join(projectRoot, 'config', 'run-result.schema.json'), 'utf8')) as object;
    const isRunResult = new Ajv2020({ strict: false, allErrors: true }).compile(schema);
    isRunResult(json(folder, ['.']));
    expect(isRunResult.errors).toBeNull();
  });

  test.each([...FORMATS])('--output %s=FILE writes what standard output would get', (format) => {
    const ran = campsite(folder, ['check', '--exit-zero', '--output', `${format}=out.txt`, 'test_leaking.py']);
    expect(ran.status, ran.stderr).toBe(0);
    const file = readFileSync(join(folder, 'out.txt'), 'utf8');
    expect(file).toContain('test_leaking.py');
    expect(file).not.toContain('\u001b');
  });

  test('no colour with NO_COLOR or into a pipe, colour with FORCE_COLOR', () => {
    const colored = (env: NodeJS.ProcessEnv) => campsite(folder, ['check', 'test_leaking.py'], env).stdout.includes('\u001b[');
    expect([
      colored({ NO_COLOR: '1', FORCE_COLOR: '1' }),
      colored({ NO_COLOR: undefined }),
      colored({ NO_COLOR: undefined, FORCE_COLOR: '1' }),
    ]).toEqual([false, false, true]);
  });

  test('file names cannot write to the terminal', () => {
    const hostile = project({ 'test_\u001b[31mred.py': LEAKING, 'test_a\nb.py': LEAKING });
    for (const args of [
      ['check', '.'],
      ['check', '--show-files', '.'],
      ['check', '--output-format', 'concise', '.'],
    ]) {
      const { stdout } = campsite(hostile, args);
      expect(stdout).toContain('test_a\\nb.py');
      expect(stdout).not.toContain('\u001b');
    }
  });

  test('a reader that goes away is no error', async () => {
    const many = project({ 'test_many.py': Array.from({ length: 3000 }, (_, i) => LEAKING.replace('test_total', `test_${i}`)).join('\n') });
    const child = spawn(process.execPath, [CLI, 'check', '.'], { cwd: many, stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const code = await new Promise((done) => child.once('close', done));
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });

  test('started through a link, as npm installs it', () => {
    symlinkSync(CLI, join(folder, 'campsite'));
    const ran = spawnSync(join(folder, 'campsite'), ['--version'], { encoding: 'utf8' });
    expect(ran.stderr, 'V8 complains of a flag that it does not know').toBe('');
    const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };
    expect(ran.stdout.trim()).toBe(`${version} (parser: wasm)`);
  });
});

describe('standard input', () => {
  const folder = project({ 'test_clean.py': CLEAN });
  const piped = (args: readonly string[], input: string) =>
    spawnSync(process.execPath, [CLI, 'check', ...args], {
      cwd: folder,
      input,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', CI: undefined },
    });

  test('is analysed as a file, and its lines are shown', () => {
    const ran = piped(['-', '--stdin-filename', 'tests/test_it.py'], LEAKING);
    expect(ran.status, ran.stderr).toBe(1);
    expect(ran.stdout).toMatch(/^tests\/test_it\.py:2:/m);
    expect(ran.stdout).toContain('file = open("total")');
    expect(piped(['-'], LEAKING).stdout).toContain('test_stdin.py:2:');
    expect(piped(['-'], CLEAN).status).toBe(0);
  });

  test('goes alone, and stays in the root', () => {
    expect(piped(['-', 'test_clean.py'], CLEAN)).toMatchObject({ status: 2, stderr: expect.stringMatching(/analysed alone/) });
    expect(piped(['-', '--stdin-filename', '../x.py'], CLEAN)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/outside the project root/),
    });
  });
});

describe('clean, doctor, completion', () => {
  test('clean removes the cache and nothing else', () => {
    const folder = project({ 'test_clean.py': CLEAN, 'precious/notes.txt': 'x' });
    expect(campsite(folder, ['clean'])).toMatchObject({ status: 0, stdout: 'there is no cache\n' });
    campsite(folder, ['check', '.']);
    expect(existsSync(join(folder, '.campsite_cache'))).toBe(true);
    expect(campsite(folder, ['clean']).status).toBe(0);
    expect(existsSync(join(folder, '.campsite_cache'))).toBe(false);
    expect(campsite(folder, ['clean', '--cache-dir', 'precious'])).toMatchObject({ status: 2, stderr: expect.stringMatching(/is no cache/) });
    expect(readFileSync(join(folder, 'precious/notes.txt'), 'utf8')).toBe('x');
  });

  test('doctor says what a bug report needs, and fails where the configuration does', () => {
    const ran = campsite(project({ 'campsite.yaml': 'paths: [.]\n' }), ['doctor']);
    expect(ran.status, ran.stderr).toBe(0);
    for (const line of [/^campsite +\d/m, /^node +v/m, /^parser +(wasm|native)$/m, /^configuration +campsite\.yaml$/m, /^cache +/m, /^git +/m])
      expect(ran.stdout).toMatch(line);
    expect(campsite(project({ 'campsite.yaml': 'pths: [.]\n' }), ['doctor'])).toMatchObject({ status: 2 });
  });

  test('completion writes a script that names the command', () => {
    expect(campsite(project({}), ['completion'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/campsite/) });
  });
});

test("without paths, pytest's testpaths are analysed", () => {
  const folder = project({ 'pytest.ini': '[pytest]\ntestpaths = checks\n', 'checks/test_a.py': LEAKING, 'tests/test_b.py': LEAKING });
  expect(json(folder, []).findings.map((finding) => finding.path)).toEqual(['checks/test_a.py']);
});
