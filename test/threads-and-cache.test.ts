/**
 * Is a run result the same, byte for byte, on one thread and on several, without the cache, with an empty one and with a full one, in one piece
 * and in shards? And does nothing worse than time happen when a thread dies or the cache is damaged, old, somebody else's or cannot be written?
 *
 * The built command runs as a user would run it. `CAMPSITE_KILLS=200` kills it that often instead of a few times.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { threadsAhead } from '../src/app/ahead.ts';
import { Analyst } from '../src/app/analyst.ts';
import { type FileResult, failed, type Job } from '../src/app/file-result.ts';
import { costsOf, nextPortion, queues, shardOf } from '../src/app/partition.ts';
import { analyseOnThreads } from '../src/app/pool.ts';
import { BYTES_PER_THREAD } from '../src/app/threads.ts';
import { DEFAULT_SETTINGS } from '../src/config/settings.ts';
import type { RunResult } from '../src/findings/finding.ts';
import { CLI, campsite, checked, leaking, project, write } from './command.ts';
import { projectRoot } from './files.ts';

const KILLS = Number(process.env.CAMPSITE_KILLS ?? 6);
/** Milliseconds; a run of these samples takes about twice as long, so kills fall on every part of it. */
const LATEST_KILL = 900;

/** Without what may differ: when it ran, how long, and which paths it was asked for. */
function comparable(text: string): string {
  const run = JSON.parse(text) as RunResult;
  return JSON.stringify({ ...run, invocation: { ...run.invocation, startedAt: '', durationMs: 0, paths: [] } });
}

const check = (folder: string, args: readonly string[]) => campsite(folder, ['check', '.', '--exit-zero', '--output-format', 'json', ...args]);
const result = (folder: string, args: readonly string[]): string => {
  const ran = check(folder, args);
  expect(ran.status, ran.stderr).toBe(0);
  return comparable(ran.stdout);
};
/** How many results came from the cache, of how many. */
const cached = (folder: string, args: readonly string[] = []): string => {
  const { stderr } = check(folder, ['--timings', ...args]);
  return /(\d+) files?, (\d+) of them from the cache/.exec(stderr)?.slice(1, 3).join(' files, ') ?? stderr;
};

let samples = '';
let expected = '';
beforeAll(() => {
  samples = project({});
  cpSync(join(projectRoot, 'samples'), samples, { recursive: true });
  expected = result(samples, ['--no-cache', '-j', '1']);
});

describe('the same bytes', () => {
  test('there is something to compare', () => {
    expect((JSON.parse(expected) as RunResult).findings.length).toBeGreaterThan(50);
  });

  test.each([2, 3])('on %i threads', (threads) => {
    expect(result(samples, ['--no-cache', '-j', String(threads)])).toBe(expected);
  });

  test('with an empty cache, and with a full one', () => {
    const cache = ['--cache-dir', join(project({}), 'cache')];
    expect(result(samples, cache)).toBe(expected);
    expect(result(samples, cache)).toBe(expected);
    const [all, known] = cached(samples, cache).split(' files, ');
    expect(known).toBe(all);
    expect(Number(all)).toBeGreaterThan(40);
  });

  test.each([1, 3])('of %i shards merged', (total) => {
    const folder = project({});
    const parts = Array.from({ length: total }, (_, i) => join(folder, `${i + 1}.json`));
    for (const [i, file] of parts.entries()) {
      const ran = campsite(samples, ['check', '.', '--exit-zero', '--no-cache', '--shard', `${i + 1}/${total}`, '--output', `json=${file}`]);
      expect(ran.status, ran.stderr).toBe(0);
    }
    const merged = campsite(samples, ['merge', ...parts.reverse(), '--exit-zero']);
    expect(merged.status, merged.stderr).toBe(0);
    expect(comparable(merged.stdout)).toBe(expected);
  });
});

describe('a shard that is wrong is an error that names it', () => {
  let folder = '';
  beforeAll(() => {
    folder = project({ 'test_a.py': 'def test_a():\n    open("x")\n', 'test_b.py': 'def test_b():\n    open("x")\n' });
    for (const i of [1, 2]) campsite(folder, ['check', '.', '--shard', `${i}/2`, '--output', `json=${i}.json`]);
    campsite(folder, ['check', '.', '--shard', '2/2', '--ignore', 'flow', '--output', 'json=other.json']);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['missing', ['1.json'], /shard 2\/2 is missing/],
    ['there twice', ['1.json', '2.json', '2.json'], /shard 2\/2 \(2\.json\) is there twice/],
    ['of another configuration', ['1.json', 'other.json'], /shard 2\/2 \(other\.json\) has configuration/],
  ])('%s', (_what, files, message) => {
    const ran = campsite(folder, ['merge', ...files]);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(message);
  });

  test.each(['0/2', '3/2', '1', 'a/b', '1/0'])('--shard %s', (shard) => {
    const ran = campsite(folder, ['check', '.', '--shard', shard]);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(/^campsite: --shard takes i\/n/);
  });
});

describe('the cache', () => {
  const BASE = 'import unittest\n\n\nclass Base(unittest.TestCase):\n    def setUp(self):\n        self.file = open("x")\n';
  const files = {
    'base.py': BASE,
    'test_one.py': 'from base import Base\n\n\nclass TestOne(Base):\n    def test_one(self):\n        self.assertTrue(self.file)\n',
    'test_two.py': 'def test_two():\n    assert 1 + 1 == 2\n',
    'test_three.py': 'from helpers import make\n\n\ndef test_three():\n    assert make().read()\n',
  };

  test('analyses again what changed and what depends on it, and nothing else', () => {
    const folder = project(files);
    expect(cached(folder)).toBe('3 files, 0');
    expect(cached(folder)).toBe('3 files, 3');
    write(folder, { 'test_two.py': 'def test_two():\n    assert open("y").read()\n' });
    expect(cached(folder)).toBe('3 files, 2');
    write(folder, { 'base.py': `${BASE}        self.addCleanup(self.file.close)\n` });
    expect(cached(folder)).toBe('3 files, 2');
    expect(result(folder, [])).toBe(result(folder, ['--no-cache']));
    // A module that was looked for and not there has come: names may mean something else everywhere.
    write(folder, { 'helpers.py': 'def make():\n    return open("z")\n' });
    expect(cached(folder)).toBe('3 files, 0');
    expect(result(folder, [])).toBe(result(folder, ['--no-cache']));
    rmSync(join(folder, 'helpers.py'));
    expect(result(folder, [])).toBe(result(folder, ['--no-cache']));
  });

  test('lies in the root, ignored by git, and can be left alone or put elsewhere', () => {
    const folder = project(files);
    check(folder, ['--no-cache']);
    expect(readdirSync(folder)).not.toContain('.campsite_cache');
    check(folder, ['--cache-dir', 'elsewhere']);
    expect(readdirSync(folder)).not.toContain('.campsite_cache');
    check(folder, []);
    expect(readFileSync(join(folder, '.campsite_cache', '.gitignore'), 'utf8')).toBe('*\n');
    expect(readdirSync(join(folder, '.campsite_cache'))).toContain('CACHEDIR.TAG');
  });

  test('is not used for other rules, settings or witnesses with pictures', () => {
    const folder = project(files);
    check(folder, []);
    expect(cached(folder, ['--ignore', 'never-released'])).toBe('3 files, 0');
    expect(cached(folder)).toBe('3 files, 3');
    const concise = campsite(folder, ['check', '.', '--timings', '--output-format', 'concise']);
    expect(concise.stderr).toMatch(/3 files, 0 of them/);
    write(folder, { 'campsite.yaml': 'severity:\n  never-released: note\n' });
    expect(cached(folder)).toBe('3 files, 0');
  });

  test.each<[string, (text: string) => string]>([
    ['cut off', (text) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    ['no JSON', (text) => `${text.split('\n')[0]}\n{`],
    ['changed by hand', (text) => text.replace(/"line":\d+/, '"line":7')],
  ])('is made anew where it is %s', (_what, damage) => {
    const folder = project(files);
    const before = result(folder, []);
    const cache = join(folder, '.campsite_cache');
    for (const name of readdirSync(cache).filter((n) => n.endsWith('.json')))
      writeFileSync(join(cache, name), damage(readFileSync(join(cache, name), 'utf8')));
    expect(cached(folder)).toBe('3 files, 0');
    expect(cached(folder)).toBe('3 files, 3');
    expect(result(folder, [])).toBe(before);
  });

  test('is done without where it cannot be written', () => {
    const folder = project({ ...files, 'a-file': '' });
    expect(result(folder, ['--cache-dir', 'a-file/below'])).toBe(result(folder, ['--no-cache']));
    expect(result(folder, ['--cache-dir', '/dev/full'])).toBe(result(folder, ['--no-cache']));
  });

  test('survives two runs at once, and being killed at any moment', { timeout: KILLS * 5_000 + 60_000 }, async () => {
    const folder = realpathSync(project({}));
    cpSync(samples, folder, { recursive: true });
    const args = [CLI, 'check', '.', '--exit-zero', '--output-format', 'json', '--output', 'json=out.json'];
    const start = () => spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' });
    for (let i = 0; i < KILLS; i++) {
      rmSync(join(folder, '.campsite_cache'), { recursive: true, force: true });
      const runs = [start(), start()];
      await new Promise((done) => setTimeout(done, (LATEST_KILL * (i + 1)) / KILLS));
      runs.forEach((run) => run.kill('SIGKILL'));
      await Promise.all(
        runs.map((run) => new Promise((done) => (run.exitCode === null && run.signalCode === null ? run.once('exit', done) : done(null)))),
      );
      if (readdirSync(folder).includes('out.json')) expect(comparable(readFileSync(join(folder, 'out.json'), 'utf8'))).toBe(expected);
    }
    rmSync(join(folder, 'out.json'), { force: true });
    for (const name of readdirSync(folder).filter((n) => n.startsWith('out.json'))) rmSync(join(folder, name));
    expect(result(folder, [])).toBe(expected);
    const both = [start(), start()];
    await Promise.all(both.map((run) => new Promise((done) => run.once('exit', done))));
    expect(result(folder, [])).toBe(expected);
  });
});

describe('threads before the plan', () => {
  /** Enough for two threads, in a folder of the project. */
  const large = (): string => project({ 'tests/test_a.py': '#'.repeat(BYTES_PER_THREAD), 'tests/unit/test_b.py': '#'.repeat(BYTES_PER_THREAD) });

  test('are started where there is enough for all of them', () => {
    const root = large();
    expect(threadsAhead({ cache: true, jobs: 2, root })).toBe(2);
    expect(threadsAhead({ cache: false, jobs: 2, paths: [join(root, 'tests')] })).toBe(2);
    expect(threadsAhead({ cache: false, jobs: 3, root })).toBe(0);
    expect(threadsAhead({ cache: false, jobs: 2, paths: [join(root, 'tests', 'unit')] })).toBe(0);
    expect(threadsAhead({ cache: false, jobs: 2, paths: [join(root, 'none')] })).toBe(0);
  });

  test('are not where one does the work, or somebody else, or a cache may have the results', () => {
    const root = large();
    for (const run of [{ jobs: 1 }, { shard: '1/2' }, { stdinFilename: 'test_a.py' }, { showFiles: true }, { showSettings: true }])
      expect(threadsAhead({ cache: false, jobs: 2, root, ...run })).toBe(0);
    write(root, { '.campsite_cache/.gitignore': '*' });
    expect(threadsAhead({ cache: true, jobs: 2, root })).toBe(0);
    expect(threadsAhead({ cache: true, jobs: 2, root: join(root, 'tests') })).toBe(0);
    expect(threadsAhead({ cache: false, jobs: 2, root })).toBe(2);
    expect(threadsAhead({ cache: true, cacheDir: join(root, 'elsewhere'), jobs: 2, root })).toBe(2);
    expect(threadsAhead({ cache: true, cacheDir: join(root, 'tests'), jobs: 2, root })).toBe(0);
    const other = large();
    expect(threadsAhead({ cache: true, config: join(other, 'campsite.yaml'), jobs: 2, root: other })).toBe(0);
    expect(threadsAhead({ cache: false, config: join(other, 'campsite.yaml'), jobs: 2, root: other })).toBe(2);
  });

  test('product code and folders of others do not count', () => {
    const text = '#'.repeat(2 * BYTES_PER_THREAD);
    const root = project({ 'pkg/code.py': text, 'node_modules/x/test_x.py': text, '.venv/test_y.py': text });
    expect(threadsAhead({ cache: false, jobs: 2, root })).toBe(0);
  });

  test('find what one thread finds, also where the run has two parts', () => {
    const root = large();
    write(root, { 'tests/test_c.py': leaking() });
    const [one, two] = [1, 2].map((jobs) => checked(root, ['.', '-j', String(jobs), '--no-cache']));
    expect(two).toEqual(one);
    expect(one?.found).toEqual(['tests/test_c.py:2 never-released']);
    const ignoring = campsite(root, ['check', '.', '-j', '2', '--no-cache', '--add-ignore=known']);
    expect({ status: ignoring.status, stderr: ignoring.stderr }).toMatchObject({ status: 0 });
  });

  test('that cannot start are a problem of each file, and the run ends', async () => {
    const folder = project({ 'entry.mjs': "throw new Error('broken');\n" });
    const job: Job = { root: folder, packs: [], settings: DEFAULT_SETTINGS, rules: [], graphs: false };
    const { results } = await analyseOnThreads(job, ['test_a.py', 'test_b.py'], { workers: 2, parser: 'wasm', entry: join(folder, 'entry.mjs') });
    expect(results.map(({ path, problems }) => [path, problems[0]?.kind]).sort()).toEqual([
      ['test_a.py', 'internal'],
      ['test_b.py', 'internal'],
    ]);
  });

  test('end where the run does not come to them', () => {
    const root = large();
    write(root, { 'campsite.yaml': 'no-such-setting: 1\n' });
    const ran = campsite(root, ['check', '.', '-j', '2', '--no-cache']);
    expect({ status: ran.status, stdout: ran.stdout }).toEqual({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('no-such-setting');
  });
});

describe('a thread that dies', () => {
  /** Stands in for the bundle's entry: some files kill the thread, as running out of memory does. */
  const ENTRY = `
    const analyse = (path) => ({ path, lines: 1, tests: 0, findings: [], ledger: [], sites: {}, problems: [], comments: {}, reads: [] });
    let hasJob = false;
    export const analysePortion = async ({ paths, job }) => {
      hasJob ||= job !== undefined;
      if (!hasJob) return undefined;
      if (paths.some((path) => path.includes('deadly'))) process.exit(3);
      return { results: paths.map(analyse), hashes: [], absent: [], present: [] };
    };
  `;

  test('costs its file, which is named, and no other', async () => {
    const folder = project({ 'entry.mjs': ENTRY });
    const paths = ['test_a.py', 'test_b.py', 'test_deadly.py', 'test_z.py'];
    const job: Job = { root: folder, packs: [], settings: DEFAULT_SETTINGS, rules: [], graphs: false };
    const { results } = await analyseOnThreads(job, paths, { workers: 2, parser: 'wasm', entry: join(folder, 'entry.mjs') });
    const byPath = new Map(results.map((r): [string, FileResult] => [r.path, r]));
    expect([...byPath.keys()].sort()).toEqual(paths);
    for (const path of paths) expect(byPath.get(path)?.lines).toBe(path.includes('deadly') ? 0 : 1);
    expect(byPath.get('test_deadly.py')?.problems).toEqual([
      { path: 'test_deadly.py', kind: 'internal', message: expect.stringMatching(/^the analysis died: /) },
    ]);
    expect(failed('x', '').problems).toEqual([]);
  });

  test('a parser that is in pieces ends its thread, where there is another one to come', () => {
    const aborted = Object.assign(new Error('Aborted()'), { name: 'RuntimeError' });
    const parse = (): never => {
      throw aborted;
    };
    const root = project({ 'test_a.py': 'x = 1\n' });
    const job: Job = { root, packs: [], settings: DEFAULT_SETTINGS, rules: [], graphs: false };
    const analyst = (): Analyst => new Analyst(job, { backend: 'wasm', parse, parseOnly: parse });
    expect(() => analyst().analyse('test_a.py', true)).toThrow(aborted);
    expect(analyst().analyse('test_a.py').problems).toEqual([{ path: 'test_a.py', kind: 'internal', message: 'the analysis failed: Aborted()' }]);
  });
});

describe('cutting into parts', () => {
  const paths = Array.from({ length: 57 }, (_, i) => `test_${String(i).padStart(2, '0')}.py`);
  const costs = paths.map((_, i) => ((i * 7919) % 40_000) + 1);
  const costOf = new Map(paths.map((path, i) => [path, costs[i] as number]));
  const total = (list: readonly string[]): number => list.reduce((sum, path) => sum + (costOf.get(path) as number), 0);

  test.each([1, 2, 3, 8])('%i shards hold each file once, and cost about the same', (n) => {
    const shards = Array.from({ length: n }, (_, i) => shardOf(paths, costs, i + 1, n));
    expect(shards.flat().sort()).toEqual(paths);
    const loads = shards.map(total);
    expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(Math.max(...costs));
  });

  test('more shards than files leave some empty', () => {
    expect(
      Array.from({ length: 5 }, (_, i) => shardOf(['a.py', 'b.py'], [1, 1], i + 1, 5))
        .flat()
        .sort(),
    ).toEqual(['a.py', 'b.py']);
  });

  test('the queues hold each file once, in order, in portions that get smaller', () => {
    const cut = queues('.', paths, costs, 2);
    expect(cut.flat(2)).toEqual(paths);
    for (const queue of cut) {
      expect(queue.length).toBeGreaterThan(2);
      expect(total(queue[0] as string[])).toBeGreaterThan(total(queue[queue.length - 1] as string[]));
    }
    expect(queues('.', ['a.py'], [1], 3).flat(2)).toEqual(['a.py']);
  });

  test('a file longer than its neighbours together goes alone, early', () => {
    const cut = queues('.', [...paths, 'test_long.py'], [...costs, 300_000], 2);
    expect(cut[1]?.[1]).toEqual(['test_long.py']);
    expect(cut.flat(2).filter((path) => path !== 'test_long.py')).toEqual(paths);
  });

  test('files that import the same long one are in one portion with it', () => {
    const root = project({
      'tests/__init__.py': '',
      'tests/test_00.py': 'import os\nfrom tests import (\n    helpers,\n    long as long_one,\n)\n',
      'tests/test_01.py': 'from tests.long import Base\n',
      'tests/test_02.py': 'import tests.long, os\n',
      'tests/test_03.py': 'from . import long\n',
      'tests/test_04.py': 'from .long import Base\n',
      'tests/other/test_05.py': 'from . import long\nfrom other import long\n',
    });
    const named = [...Array.from({ length: 6 }, (_, i) => `tests/${i < 5 ? '' : 'other/'}test_0${i}.py`), ...paths, 'tests/long.py'];
    const cut = queues(root, named, [...Array.from({ length: 6 }, () => 1), ...costs, 60_000], 2).flat();
    expect(cut.flat().sort()).toEqual([...named].sort());
    const together = cut.find((portion) => portion.includes('tests/long.py'));
    expect(together?.filter((path) => path.startsWith('tests/')).sort()).toEqual(['tests/long.py', ...named.slice(0, 5)]);
  });

  test('what all import holds nobody together', () => {
    const root = project(Object.fromEntries(paths.map((path) => [path, 'import test_long\n'])));
    const cut = queues(root, [...paths, 'test_long.py'], [...costs, 60_000], 2);
    expect(cut.flat(2)).toEqual([...paths, 'test_long.py']);
  });

  test('a worker takes the portions of its queue, then the last ones of the longest', () => {
    const waiting = [[['a']], [['b'], ['c'], ['d']], [['e'], ['f']]];
    expect([0, 0, 1, 0, 0, 2, 2].map((worker) => nextPortion(waiting, worker)?.[0])).toEqual(['a', 'd', 'b', 'f', 'c', 'e', undefined]);
  });

  test('what is not there costs little, and is no error', () => {
    mkdirSync(join(tmpdir(), 'campsite-nothing'), { recursive: true });
    expect(costsOf(join(tmpdir(), 'campsite-nothing'), ['gone.py'])[0]).toBeLessThan(10_000);
  });
});
