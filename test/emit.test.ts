/**
 * What does a command write besides its text: annotations and job summary in GitHub Actions, paths from the top of a monorepo, GitHub's line hashes?
 *
 * The built command, with the environment that a job has. Left out: what the formats themselves look like (report-golden, report-limits).
 */
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { describe, expect, test } from 'vitest';
import type { RunResult } from '../src/findings/finding.ts';
import { lineHashes } from '../src/report/line-hash.ts';
import { normalPrefix } from '../src/report/path-prefix.ts';
import { campsite, leaking, project } from './command.ts';

/** GitHub's limit for the summary of a step. */
const SUMMARY_LIMIT = 1024 * 1024;

describe('in GitHub Actions', () => {
  const job = (folder: string) => ({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'summary.md') });

  test('annotations and the job summary come by themselves', () => {
    const folder = project({ 'test_a.py': leaking(), 'summary.md': '# before\n' });
    const ran = campsite(folder, ['check', '.'], job(folder));
    expect(ran.status).toBe(1);
    expect(ran.stdout).toMatch(/^test_a\.py:2:/m);
    expect(ran.stdout).toMatch(/^::warning title=.*file=test_a\.py,line=2/m);
    const summary = readFileSync(join(folder, 'summary.md'), 'utf8');
    expect(summary).toMatch(/^# before\n/);
    expect(summary).toContain('`test_a.py:2');
  });

  test.each<[string, readonly string[]]>([
    ['where a format was chosen', ['--output-format', 'concise']],
    ['for one shard of several', ['--shard', '1/1']],
  ])('not %s', (_what, args) => {
    const folder = project({ 'test_a.py': leaking(), 'summary.md': '' });
    expect(campsite(folder, ['check', '.', ...args], job(folder)).stdout).not.toMatch(/^::/m);
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toBe('');
  });

  test('a summary that would get too large for GitHub stays as it is, and that is said', () => {
    const folder = project({ 'test_a.py': leaking(), 'summary.md': '' });
    truncateSync(join(folder, 'summary.md'), SUMMARY_LIMIT - 10);
    const ran = campsite(folder, ['check', '.'], job(folder));
    expect(ran.stdout).toMatch(/^::notice title=campsite::The job summary has no room/m);
    expect(readFileSync(join(folder, 'summary.md')).length).toBe(SUMMARY_LIMIT - 10);
  });

  test('a summary that cannot be written is no reason to fail otherwise', () => {
    const folder = project({ 'test_a.py': leaking() });
    const ran = campsite(folder, ['check', '.'], { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(folder, 'no', 'such', 'file') });
    expect(ran.status).toBe(1);
    expect(ran.stdout).toMatch(/^::notice title=campsite::The job summary cannot be written: ENOENT/m);
  });

  test('merged shards tell it once, where files were asked for', () => {
    const folder = project({ 'test_a.py': leaking(), 'summary.md': '' });
    campsite(folder, ['check', '.', '--shard', '1/1', '--output', 'json=1.json']);
    const ran = campsite(folder, ['merge', '1.json', '--output', 'json=all.json'], job(folder));
    expect(ran.stdout).toMatch(/^::warning /m);
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain('test_a.py:2');
    expect(JSON.parse(campsite(folder, ['merge', '1.json'], job(folder)).stdout)).toMatchObject({ schemaVersion: 1 });
  });
});

describe('--path-prefix', () => {
  test.each([
    ['services/api', 'services/api'],
    ['./services//api/', 'services/api'],
    ['services\\api', 'services/api'],
    ['/', ''],
    ['', ''],
  ])('%j is %j', (given, meant) => {
    expect(normalPrefix(given)).toBe(meant);
  });

  test('stands before paths in reports, their sources are still shown; saved runs and fingerprints stay as they are', () => {
    const folder = project({ 'tests/test_a.py': leaking() });
    const args = [
      'check',
      '.',
      '--path-prefix',
      './services/api/',
      '--output',
      'sarif=a.sarif',
      '--output',
      'gitlab=a.gitlab',
      '--output',
      'json=a.json',
    ];
    const ran = campsite(folder, args);
    expect(ran.stdout).toMatch(/^services\/api\/tests\/test_a\.py:2:/m);
    expect(ran.stdout).toContain('file = open("total")');
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    const sarif = JSON.parse(read('a.sarif')) as Log;
    const result = sarif.runs[0]?.results?.[0];
    expect(result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe('services/api/tests/test_a.py');
    expect(read('a.sarif')).not.toMatch(/"uri": "tests/);
    expect(JSON.parse(read('a.gitlab'))[0].location.path).toBe('services/api/tests/test_a.py');
    const saved = JSON.parse(read('a.json')) as RunResult;
    expect(saved.findings[0]?.path).toBe('tests/test_a.py');
    expect(result?.partialFingerprints?.['campsite/v1']).toBe(saved.findings[0]?.fingerprint);
  });
});

describe("GitHub's line hashes", () => {
  // Values that the action's own tests give for these texts.
  test.each<[string, readonly string[]]>([
    ['', ['c129715d7a2bc9a3:1']],
    [' a\nb\n  \t\tc\n d', ['271789c17abda88f:1', '54703d4cd895b18:1', '180aee12dab6264:1', 'a23a3dc5e078b07b:1']],
    [
      ' hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End',
      ['8b7cf3e952e7aeb2:1', 'b1ae1287ec4718d9:1', 'bff680108adb0fcc:1', 'c6805c5e1288b612:1', 'b86d3392aea1be30:1', 'e6ceba753e1a442:1'],
    ],
  ])('of %j', (text, hashes) => {
    expect(lineHashes(text)).toEqual(hashes);
  });

  test('do not depend on line ends, and count what repeats', () => {
    expect(lineHashes('a\r\nb\rc\n')).toEqual(lineHashes('a\nb\nc\n'));
    const many = lineHashes('x\n'.repeat(300));
    expect(new Set(many).size).toBe(many.length);
    expect(many[1]?.replace(/.*:/, '')).toBe('2');
  });

  test('are in the log where they are asked for', () => {
    const folder = project({ 'test_a.py': leaking() });
    const printOf = (args: readonly string[]) => {
      const log = JSON.parse(campsite(folder, ['check', '.', '--output-format', 'sarif', ...args]).stdout) as Log;
      return log.runs[0]?.results?.[0]?.partialFingerprints?.primaryLocationLineHash;
    };
    expect(printOf([])).toBeUndefined();
    expect(printOf(['--sarif-fingerprints', 'github'])).toBe(lineHashes(leaking())[1]);
    writeFileSync(join(folder, 'test_a.py'), `\n\n${leaking()}`);
    expect(printOf(['--sarif-fingerprints', 'github'])).toBe(lineHashes(leaking())[1]);
  });
});
