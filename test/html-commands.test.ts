/**
 * Do `campsite report` and `campsite merge` do what their help says, as a user calls them?
 *
 * The built program is spawned (npm test builds first) on saved runs and on one sample file.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { RunResult } from '../src/findings/finding.ts';
import { withFingerprints } from '../src/findings/fingerprint.ts';
import { renderReport } from '../src/report/index.ts';
import { projectRoot } from './files.ts';
import { findingAt, runWith } from './golden/build.ts';

const folder = mkdtempSync(join(tmpdir(), 'campsite-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const campsite = (...args: readonly string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
  spawnSync(process.execPath, [join(projectRoot, 'dist', 'cli.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', CAMPSITE_PARSER: 'wasm' },
  });

function saved(name: string, run: RunResult): string {
  writeFileSync(join(folder, name), renderReport('json', run));
  return name;
}

const shard = (index: number, total: number, tests: readonly string[]): RunResult => {
  const run = runWith({
    findings: withFingerprints(tests.map((test, at) => findingAt({ test, line: index * 10 + at, path: `tests/test_${index}.py` }))),
  });
  return { ...run, invocation: { ...run.invocation, shard: { index, total, configHash: 'a' } } };
};

test('report: one page from the tests as they are, with pictures', () => {
  writeFileSync(join(folder, 'test_it.py'), "def test_it(tmp_path):\n    file = open(tmp_path / 'a')\n    assert file.read()\n    file.close()\n");
  const { status, stderr } = campsite('report', 'test_it.py', '--root', '.');
  expect(stderr).toContain('wrote campsite-report.html: 1 finding, 1 acquisition');
  expect(status).toBe(0);
  expect(readFileSync(join(folder, 'campsite-report.html'), 'utf8')).toContain('<strong class="bad">1</strong> of 1 acquisitions leak');
});

test('report --from, in three formats; --against shows what changed', () => {
  const before = saved('old.json', runWith({ findings: withFingerprints([findingAt({ test: 'test_old' })]) }));
  const now = saved('new.json', runWith({ findings: withFingerprints([findingAt({ test: 'test_new' })]) }));
  expect(campsite('report', '--from', now, '-o', 'page.html').status).toBe(0);
  expect(existsSync(join(folder, 'page.html'))).toBe(true);
  expect(campsite('report', '--from', now, '--format', 'markdown', '--against', before).stdout).toContain('1 new, 0 fixed, 0 unchanged');
  const json = JSON.parse(campsite('report', '--from', now, '--format', 'json', '--against', before).stdout);
  expect(json.comparison).toMatchObject({ against: 'old.json', unchanged: [] });
  expect(json.comparison.new).toEqual(json.result.findings.map((finding: { fingerprint: string }) => finding.fingerprint));
  expect(campsite('report', '--from', now, '--format', 'json').stdout).toBe(readFileSync(join(folder, now), 'utf8'));
});

test.each([
  [['report', '--from', 'missing.json'], 'missing.json cannot be read'],
  [['report', '--format', 'pdf'], 'Choices: "html", "markdown", "json"'],
  [['report', '--from', 'a.json', 'tests'], 'leave the paths out'],
  [['report', '--open', '--format', 'json'], '--open shows the HTML file'],
  [['merge', 'test_it.py'], 'this is not JSON'],
])('%j is refused with exit code 2', (args, words) => {
  const { status, stderr } = campsite(...args);
  expect(stderr).toContain(words);
  expect(status).toBe(2);
});

test('merge: shards as one run in several formats, with the exit code of one run', () => {
  const files = [saved('s1.json', shard(1, 2, ['test_a'])), saved('s2.json', shard(2, 2, ['test_b']))];
  const both = campsite('merge', ...files);
  expect(both.status).toBe(1);
  expect(JSON.parse(both.stdout).findings.map((finding: { test: string }) => finding.test)).toEqual(['test_a', 'test_b']);
  expect(campsite('merge', ...files.toReversed()).stdout).toBe(both.stdout);
  const written = campsite('merge', ...files, '--exit-zero', '--output', 'sarif=out.sarif', '--output', 'html=out.html');
  expect(written).toMatchObject({ status: 0, stdout: '' });
  expect(JSON.parse(readFileSync(join(folder, 'out.sarif'), 'utf8')).runs[0].results).toHaveLength(2);
  expect(readFileSync(join(folder, 'out.html'), 'utf8')).toMatch(/^<!DOCTYPE html>/);
});

test('merge: a missing shard is named, and nothing is written', () => {
  const { status, stdout, stderr } = campsite('merge', saved('s1.json', shard(1, 3, ['test_a'])), saved('s3.json', shard(3, 3, ['test_c'])));
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('shard 2/3 is missing');
});
