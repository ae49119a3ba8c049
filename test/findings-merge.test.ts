/**
 * Do shards give the bytes of one run, and is a wrong set of shards refused by name?
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareText } from '../src/base/text.ts';
import { combineFindings, WITNESSES } from '../src/findings/combine.ts';
import type { Acquisition, Finding, RunResult } from '../src/findings/finding.ts';
import { withFingerprints } from '../src/findings/fingerprint.ts';
import { joinLedgers } from '../src/findings/ledger.ts';
import { mergeRuns } from '../src/findings/merge.ts';
import { orderRun, sortKey } from '../src/findings/order.ts';
import { PILLARS, pillarVerdict } from '../src/findings/pillars.ts';
import { acquisitionAt, findingAt, runWith, witnessOver } from './golden/build.ts';

function shardOf(index: number, total: number, fields: Partial<RunResult> = {}, hash = 'h'): RunResult {
  const run = runWith(fields);
  return { ...run, invocation: { ...run.invocation, shard: { index, total, configHash: hash } } };
}

describe('a wrong set of shards is refused', () => {
  const other = { ...shardOf(2, 2), tool: { name: 'campsite' as const, version: '0.2.0' } };
  test.each<[string, RunResult[], RegExp]>([
    ['nothing', [], /no run result/],
    ['a missing one', [shardOf(1, 3), shardOf(3, 3)], /^shard 2\/3 is missing$/],
    ['a repeated one', [shardOf(1, 2), shardOf(2, 2), shardOf(2, 2)], /^shard 2\/2 \(c\) is there twice, also as shard 2\/2 \(b\)$/],
    ['another total', [shardOf(1, 2), shardOf(2, 3)], /^shard 2\/3 \(b\) is one of 3, shard 1\/2 \(a\) is one of 2$/],
    ['another version', [shardOf(1, 2), other], /^shard 2\/2 \(b\) has version 0\.2\.0, shard 1\/2 \(a\) has 0\.1\.0$/],
    ['another configuration', [shardOf(1, 2), shardOf(2, 2, {}, 'g')], /^shard 2\/2 \(b\) has configuration g/],
    ['a run that is no shard', [shardOf(1, 1), runWith({})], /^run result 2 \(b\) is not a shard/],
    ['a number out of range', [shardOf(0, 1)], /^shard 0\/1 \(a\) cannot be/],
  ])('%s', (_, runs, message) => {
    const { result, problems } = mergeRuns(runs, ['a', 'b', 'c']);
    expect(result).toBeUndefined();
    expect(problems).toEqual([expect.stringMatching(message)]);
  });
});

test('a single run that is no shard passes', () => {
  expect(mergeRuns([runWith({})])).toEqual({ result: runWith({}), problems: [] });
});

/** What one test of the suite contributes: findings and acquisitions, some of them in a setup that others go through too. */
interface Contribution {
  readonly name: string;
  readonly findings: Omit<Finding, 'fingerprint'>[];
  readonly ledger: Acquisition[];
}

const contribution = (name: string): fc.Arbitrary<Contribution> => {
  const pathKind = fc.constantFrom('normal' as const, 'failure' as const, 'setup-failure' as const);
  const finding = fc
    .record({
      line: fc.integer({ min: 1, max: 4 }),
      pathKind,
      exits: fc.array(fc.integer({ min: 2, max: 12 }), { maxLength: 4 }),
      rule: fc.constantFrom('leak-on-failure', 'never-released'),
    })
    .map(({ line, pathKind: kind, exits, rule }) =>
      findingAt({
        line,
        rule,
        pathKind: kind,
        test: 'setUp',
        resource: { kind: 'file', reach: 'host', name: 'f' },
        severity: kind === 'normal' ? 'error' : 'warning',
        message: `${rule} ${kind}`,
        tests: { count: 1, examples: [name] },
        witnesses: exits.map((exit) => witnessOver([exit], kind)),
      }),
    );
  const acquisition = fc
    .record({
      line: fc.integer({ min: 1, max: 3 }),
      status: fc.constantFrom('released' as const, 'leaks' as const, 'escaped' as const),
      release: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ line, status, release }) =>
      acquisitionAt({
        line,
        column: 1,
        setup: 'setUp',
        status,
        leaks: status === 'leaks' ? ['failure'] : [],
        releases: [{ path: 'a', line: release, how: 'close' }],
      }),
    );
  return fc.record({
    name: fc.constant(name),
    findings: fc.uniqueArray(finding, { maxLength: 3, selector: (one) => one.line }),
    ledger: fc.uniqueArray(acquisition, { maxLength: 3, selector: (one) => one.line }),
  });
};

/** A run over these tests, as a shard or whole: what the pipeline does at its end. */
function runOver(tests: readonly Contribution[], index: number, total: number): RunResult {
  const findings = withFingerprints(combineFindings(tests.flatMap((one) => one.findings)));
  const checked = { rulesRun: ['never-released', 'leak-on-failure'], sitesChecked: tests.length };
  const run = shardOf(index, total, {
    findings,
    ledger: joinLedgers([tests.flatMap((one) => one.ledger)]),
    pillars: PILLARS.map(({ name }) => pillarVerdict(name, name === 'lifecycle' ? checked : { rulesRun: [], sitesChecked: 0 }, findings)),
    problems: [{ path: 'conftest.py', message: 'odd', kind: 'syntax' }],
  });
  return orderRun({ ...run, invocation: { ...run.invocation, tests: tests.length, files: tests.length, lines: tests.length } });
}

test('shards give the bytes of one run, however the tests are dealt out and the results ordered', () => {
  const names = ['test_a', 'test_b', 'test_c', 'test_d', 'test_e'];
  const suite = fc.tuple(...names.map(contribution));
  fc.assert(
    fc.property(
      suite,
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 5, maxLength: 5 }),
      fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
      (tests, deal, order) => {
        const shards = [0, 1, 2].map((shard) =>
          runOver(
            tests.filter((_, at) => deal[at] === shard),
            shard + 1,
            3,
          ),
        );
        const merged = mergeRuns(order.map((shard) => shards[shard]));
        expect(merged.problems).toEqual([]);
        // One shard of one is the whole run: merging it only takes the shard away.
        const whole = mergeRuns([runOver(tests, 1, 1)]);
        expect(JSON.stringify(merged.result)).toBe(JSON.stringify(whole.result));
      },
    ),
    { numRuns: 200 },
  );
});

describe('findings of one place', () => {
  const resource = { kind: 'file', reach: 'host' as const, name: 'f' };
  test('the strongest path kind speaks, tests are added, exits are told once', () => {
    const failure = findingAt({
      resource,
      pathKind: 'failure',
      tests: { count: 2, examples: ['c', 'a'] },
      witnesses: [witnessOver([3, 4]), witnessOver([4])],
    });
    const normal = findingAt({
      resource,
      rule: 'never-released',
      pathKind: 'normal',
      tests: { count: 9, examples: ['b', 'd'] },
      witnesses: [witnessOver([], 'normal')],
    });
    const [one, ...more] = combineFindings([failure, normal]);
    expect(more).toEqual([]);
    expect(one).toMatchObject({ rule: 'never-released', pathKind: 'normal', tests: { count: 11, examples: ['a', 'b', 'c'] } });
    expect(one.witnesses).toEqual([witnessOver([], 'normal'), witnessOver([4])]);
  });

  test('of different rules and no obligation stay apart', () => {
    expect(combineFindings([findingAt({ rule: 'a' }), findingAt({ rule: 'b' })])).toHaveLength(2);
  });

  test('no more witnesses than the limit', () => {
    const witnesses = Array.from({ length: WITNESSES + 4 }, (_, at) => witnessOver([at + 2]));
    expect(combineFindings([findingAt({ witnesses })])[0].witnesses).toHaveLength(WITNESSES);
  });
});

test('a comment that one shard used is not unused because another did not', () => {
  const suppressed = findingAt({ line: 4, suppressed: { kind: 'inline', reason: 'r', at: { line: 4, column: 30 } } });
  const unused = findingAt({ line: 4, column: 30, endColumn: 45, rule: 'unused-suppression', pillar: 'standards' });
  const elsewhere = findingAt({ line: 9, column: 30, endColumn: 45, rule: 'unused-suppression', pillar: 'standards' });
  const { result } = mergeRuns([
    shardOf(1, 2, { findings: withFingerprints([suppressed, elsewhere]) }),
    shardOf(2, 2, { findings: withFingerprints([unused, elsewhere]) }),
  ]);
  expect(result?.findings.map(({ rule, line }) => [rule, line])).toEqual([
    ['leak-on-failure', 4],
    ['unused-suppression', 9],
  ]);
});

test('two acquisitions of one kind on one line stay two, by their columns or without', () => {
  const twins = (column?: number[]): Acquisition[] => [0, 1].map((at) => acquisitionAt({ line: 3, column: column?.[at], owner: String(at) }));
  expect(joinLedgers([twins([1, 9]), twins([1, 9])])).toHaveLength(2);
  expect(joinLedgers([twins(), twins()])).toHaveLength(2);
});

test('what is chosen by its text stays chosen when a line is inserted above', () => {
  const at = (line: number): string => sortKey({ path: 'test_a.py', line, message: `the assertion on line ${line + 1}` });
  for (const line of [8, 9, 98, 99, 999]) expect(compareText(at(line), at(line + 1))).toBeLessThan(0);
});
