/**
 * Does the package work where it is installed? Packed, installed with `--ignore-scripts` into an empty folder, run there.
 *
 * No compiler, no post-install step, no file of this checkout: what the tarball lacks shows here. Left out: what the findings are; the
 * program must start, find its grammar and its configuration, and tell a leaking test from a clean one.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from './files.ts';

/** A tool people fetch with npx must not weigh more than a picture. */
const MAXIMUM_TARBALL_BYTES = 3_000_000;
/** Node itself needs 40 ms to start; on a busy machine four times that, and the program's own loading on top. */
const MAXIMUM_VERSION_MS = 1_000;

const folder = mkdtempSync(join(tmpdir(), 'campsite-package-'));
const home = join(folder, 'elsewhere');
const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };
let tarball = '';
let packed: readonly string[] = [];

const LEAKING = 'import socket\n\n\ndef test_port():\n    connection = socket.socket()\n    assert connection.fileno() > 0\n';
const CLEAN = 'import socket\n\n\ndef test_port():\n    with socket.socket() as connection:\n        assert connection.fileno() > 0\n';

function run(program: string, options: readonly string[], cwd: string) {
  const { status, stdout, stderr } = spawnSync(program, options, { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', CI: '' } });
  return { status, stdout, stderr, said: `${stdout}${stderr}` };
}

const campsite = (options: readonly string[]) => run(join(home, 'node_modules', '.bin', 'campsite'), options, home);

beforeAll(() => {
  const pack = run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], projectRoot);
  if (pack.status !== 0) throw new Error(`npm pack: ${pack.said}`);
  const [{ filename, files }] = JSON.parse(pack.stdout) as [{ filename: string; files: { path: string }[] }];
  tarball = join(folder, filename);
  packed = files.map(({ path }) => path);
  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), '{"private": true}');
  // --omit=optional: the hardest case, only the grammar that the package carries.
  const install = ['install', '--ignore-scripts', '--omit=optional', '--prefer-offline', '--no-audit', '--no-fund', tarball];
  const installed = run('npm', install, home);
  if (installed.status !== 0) throw new Error(`npm install: ${installed.said}`);
  writeFileSync(join(home, 'test_leaking.py'), LEAKING);
  writeFileSync(join(home, 'test_clean.py'), CLEAN);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  test('is small, and has what it needs and nothing else', () => {
    expect(statSync(tarball).size).toBeLessThan(MAXIMUM_TARBALL_BYTES);
    expect(packed).toEqual(
      expect.arrayContaining(['dist/cli.js', 'dist/packs.json', 'dist/tree-sitter-python.wasm', 'dist/LICENSES.txt', 'LICENSE', 'README.md']),
    );
    expect(packed.filter((path) => /^config\/.*\.yaml$/.test(path)).length).toBeGreaterThan(0);
    expect(packed.filter((path) => /^(src|test|samples|scripts|accuracy|\.ci)\//.test(path))).toEqual([]);
  });

  test('says nothing of the machine it was built on', () => {
    const installed = join(home, 'node_modules', 'campsite');
    expect(packed.filter((path) => readFileSync(join(installed, path)).includes(projectRoot))).toEqual([]);
  });

  test('publint has no complaint', async () => {
    const { messages } = await publint({ pkgDir: projectRoot, strict: true, pack: false });
    expect(messages.filter(({ type }) => type !== 'suggestion')).toEqual([]);
  });

  test('says its version, and loads almost nothing for it', () => {
    const start = performance.now();
    const { status, stdout } = campsite(['--version']);
    expect({ status, stdout: stdout.trim() }).toEqual({ status: 0, stdout: `${manifest.version} (parser: wasm)` });
    expect(performance.now() - start).toBeLessThan(MAXIMUM_VERSION_MS);
  });

  test('finds a leak, and says nothing of a clean test', () => {
    const leaking = campsite(['check', 'test_leaking.py']);
    expect(leaking.said).toContain('test_leaking.py:5');
    expect(leaking.status).toBe(1);
    expect(campsite(['check', 'test_leaking.py', '--exit-zero']).status).toBe(0);
    const clean = campsite(['check', 'test_clean.py']);
    expect(clean).toMatchObject({ status: 0 });
    expect(clean.said).not.toContain('test_clean.py:');
  });

  test('runs under npx', () => {
    const ran = run('npx', ['--no-install', 'campsite', 'check', 'test_leaking.py', '--no-cache'], home);
    expect(ran.said).toContain('test_leaking.py:5');
    expect(ran.status).toBe(1);
  });

  test('says which parser it has', () => {
    expect(campsite(['--help']).stdout).toContain('Parser: wasm');
    const doctor = campsite(['doctor']);
    expect(doctor.stdout).toMatch(/^parser +wasm$/m);
    expect(doctor.stdout).toMatch(/^native parser +(?!loads)/m);
  });

  test('wrong usage is exit code 2', () => {
    expect(campsite(['check', '--no-such-option']).status).toBe(2);
  });
});
