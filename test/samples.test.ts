/**
 * Does the analysis find in samples/ what their comments say, and nothing else? One folder is one project, analysed alone.
 *
 * Folders of the ladder ask the lifecycle rules; those named in EVERY_RULE are silent, or not, under all rules that are on by default.
 * The totals of known misses and known false alarms are pinned: they can fall, not creep. The samples are also run under pytest: text
 * that Python cannot run proves nothing about tests.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyze } from '../src/app/analyze.ts';
import { loadConfiguration } from '../src/config/load.ts';
import { disagreements, disagreementText, ledgerDisagreements } from '../src/findings/disagreements.ts';
import { joinExpectations, readExpectations } from '../src/findings/expectations.ts';
import { filesBelow, projectRoot } from './files.ts';
import { python } from './python.ts';

/** Known false negatives and false positives in all samples. Lower them; a higher number needs a reason in the changelog. */
const PINNED = { missing: 5, spurious: 0 };

/** The ladder shows one thing at a time: what other pillars think of its tests is not its topic. */
const LIFECYCLE = [
  'never-released',
  'leak-on-failure',
  'leak-on-setup-failure',
  'late-registration',
  'overwritten-while-held',
  'cleanup-called-not-registered',
  'release-scope-mismatch',
  'cleanup-chain-broken',
  'double-release',
  'use-after-release',
  'missing-super-call',
  'unawaited-release',
  'work-in-flight',
];
const EVERY_RULE = ['16-must-stay-silent'];
/** Rules of other pillars that a folder is about. */
const BESIDES: Readonly<Record<string, readonly string[]>> = {
  '12-patches': ['stub-not-restored'],
  '17-pattern-language': ['stale-snapshot', 'action-without-wait', 'silent-timeout', 'stub-drops-exception'],
};
/** Modules that a folder's tests import besides pytest. */
const NEEDS: Readonly<Record<string, readonly string[]>> = { '15-frameworks': ['testtools', 'fixtures', 'twisted.trial'] };

const samples = join(projectRoot, 'samples');
const topics = readdirSync(samples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();
const expectationsOf = (topic: string) => {
  const root = join(samples, topic);
  // What `config test` runs is asked in config-sample.test.ts.
  const files = filesBelow(root, /\.py$/).filter((path) => !path.includes('/campsite-snippets/'));
  return joinExpectations(files.map((path) => readExpectations(relative(root, path), readFileSync(path, 'utf8'))));
};

describe('samples', () => {
  test.each(topics)('%s', async (topic) => {
    const result = await analyze({
      root: join(samples, topic),
      paths: ['.'],
      ...(EVERY_RULE.includes(topic) ? {} : { select: [...LIFECYCLE, ...(BESIDES[topic] ?? [])] }),
    });
    expect(result.problems).toEqual([]);
    const expected = expectationsOf(topic);
    const { packs } = await loadConfiguration({ cwd: join(samples, topic), root: join(samples, topic) });
    const kinds = new Set(packs.flatMap((pack) => [...pack.resources, ...pack.state].map(({ kind }) => kind)));
    const all = [
      ...disagreements(expected, result.findings, new Set(result.rules.map(({ id }) => id))),
      ...ledgerDisagreements(expected, result.ledger, kinds),
    ];
    expect(all.map(disagreementText)).toEqual([]);
  });

  test('known misses and false alarms are counted', () => {
    const all = topics.flatMap((topic) => expectationsOf(topic).findings);
    const count = (kind: string) => all.filter((expectation) => expectation.kind === kind).length;
    expect({ missing: count('missing'), spurious: count('spurious') }).toEqual(PINNED);
    expect(count('expect')).toBeGreaterThan(0);
  });

  test.each(topics)('%s: each file opens with a sentence that says what it shows', (topic) => {
    const files = filesBelow(join(samples, topic), /\.py$/);
    expect(files.filter((path) => !/^"""[A-Z`][^"]*[.:]/.test(readFileSync(path, 'utf8')))).toEqual([]);
    expect(files.some((path) => /\/test_\w+\.py$/.test(path))).toBe(true);
  });

  test.for(topics)('%s runs under pytest', (topic, { skip }) => {
    const modules = ['pytest', ...(NEEDS[topic] ?? [])];
    const interpreter = python(modules) ?? skip(`${modules.join(', ')} not installed here`);
    const options = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-W', 'ignore'];
    const run = spawnSync(interpreter, options, {
      cwd: join(samples, topic),
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    expect(run.status, run.stdout + run.stderr).toBe(0);
  });
});
