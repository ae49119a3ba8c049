/**
 * Is a run result the same, byte for byte, whatever should not matter: order and form of the paths, working directory, locale, time zone, the
 * files analysed beside, the parser's back end, the run before?
 *
 * Times aside. The samples are the input, with every rule. Left out: workers and the cache, which have tests of their own.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '../src/app/analyze.ts';
import type { AnalyzeOptions } from '../src/app/options.ts';
import type { RunResult } from '../src/findings/finding.ts';
import { filesBelow, projectRoot } from './files.ts';

const root = join(projectRoot, 'samples');
const paths = filesBelow(root, /\.py$/).map((path) => relative(root, path));

/** The result as JSON without what may differ: when it ran, how long, which paths it was asked for, which parser. */
function comparable(result: RunResult): string {
  const { files, lines, tests } = result.invocation;
  return JSON.stringify({ ...result, invocation: { files, lines, tests } });
}

const run = async (options: Partial<AnalyzeOptions>) => comparable(await analyze({ root, paths, select: ['ALL'], ...options }));

let expected = '';
beforeAll(async () => {
  expected = await run({});
});

describe('the same bytes', () => {
  test('there is something to compare', () => {
    expect((JSON.parse(expected) as RunResult).findings.length).toBeGreaterThan(50);
    expect((JSON.parse(expected) as RunResult).ledger.length).toBeGreaterThan(50);
  });

  test('for a second run', async () => {
    expect(await run({})).toBe(expected);
  });

  test('for paths the other way round, doubled, and from another folder', async () => {
    expect(await run({ paths: [...paths].reverse() })).toBe(expected);
    expect(await run({ paths: [...paths, ...paths, ...paths.map((path) => join(root, path))] })).toBe(expected);
    expect(await run({ paths: paths.map((path) => relative(tmpdir(), join(root, path))), cwd: tmpdir() })).toBe(expected);
  });

  test('for the native parser, where it loads', async () => {
    const native = await import('tree-sitter').then(
      () => true,
      () => false,
    );
    expect(await run({ parser: native ? 'native' : 'wasm' })).toBe(expected);
  });
});

// A helper's or base class's findings come from the tests that use it, so only files that nobody imports are compared.
test('a test file has the same findings alone as among others', async () => {
  const together = (JSON.parse(expected) as RunResult).findings;
  const of = (path: string, findings: RunResult['findings']) => JSON.stringify(findings.filter((f) => f.path === path));
  for (const path of paths.filter((p) => /(^|\/)test_[^/]*$/.test(p))) {
    const alone = await analyze({ root, paths: [path], select: ['ALL'] });
    expect(of(path, alone.findings), path).toBe(of(path, together));
  }
});

describe('on the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'campsite-same-'));
  const there = join(folder, 'project');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function campsite(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [join(projectRoot, 'dist', 'cli.js'), 'check', '--exit-zero', '--output-format', 'json', ...args],
      {
        cwd,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1', ...env },
        maxBuffer: 2 ** 28,
      },
    );
    expect(stderr).toBe('');
    return comparable(JSON.parse(stdout) as RunResult);
  }

  test('for any locale, time zone, width and working directory', () => {
    cpSync(join(root, '02-branches'), there, { recursive: true });
    const plain = campsite(there, ['.']);
    expect((JSON.parse(plain) as RunResult).findings.length).toBeGreaterThan(0);
    expect(campsite(there, ['.'], { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8', TZ: 'Asia/Kathmandu', COLUMNS: '40' })).toBe(plain);
    expect(campsite(there, ['.'], { LC_ALL: 'C', LANG: 'C', TZ: 'America/St_Johns' })).toBe(plain);
    expect(campsite(folder, ['--root', there, there])).toBe(plain);
    expect(campsite('/', ['--root', there, there])).toBe(plain);
  });

  test('for a copy of the project elsewhere', () => {
    const copy = join(folder, 'with space', 'é');
    cpSync(join(root, '02-branches'), copy, { recursive: true });
    expect(campsite(copy, ['.'])).toBe(campsite(there, ['.']));
  });
});
