/**
 * Do fingerprints, order and the baseline hold on to a finding while code moves, and to nothing else?
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyBaseline, type BaselineEntry, baselineOf, pruneBaseline, readBaseline, writeBaseline } from '../src/findings/baseline.ts';
import type { Finding } from '../src/findings/finding.ts';
import { withFingerprints } from '../src/findings/fingerprint.ts';
import { canonical, orderRun } from '../src/findings/order.ts';
import { acquisitionAt, findingAt, runWith } from './golden/build.ts';
import { exampleRun } from './golden/run.ts';

const all = { wasAnalysed: () => true, ruleRan: () => true };

function fingerprints(findings: readonly Omit<Finding, 'fingerprint'>[]): string[] {
  return withFingerprints(findings).map((finding) => finding.fingerprint);
}

describe('fingerprint', () => {
  test('is the same when lines, columns, words, tests and witnesses change', () => {
    const moved = findingAt({ line: 90, column: 1, endColumn: 3, message: 'other words', severity: 'error', tests: { count: 7, examples: [] } });
    expect(fingerprints([moved])).toEqual(fingerprints([findingAt({})]));
  });

  test.each([
    { rule: 'never-released' },
    { path: 'tests/test_b.py' },
    { test: 'test_b' },
    { pathKind: 'normal' as const },
    { resource: { kind: 'file', reach: 'host' as const, name: 'f' } },
  ])('changes with %o', (fields) => {
    expect(fingerprints([findingAt(fields)])).not.toEqual(fingerprints([findingAt({})]));
  });

  test('twins are counted from the top of the file, in whatever order they come', () => {
    const [first, second] = [findingAt({ line: 3 }), findingAt({ line: 8 })];
    const marks = fingerprints([second, first]);
    expect(new Set(marks).size).toBe(2);
    expect(marks).toEqual(fingerprints([first, second]));
    expect(marks[0]).toBe(fingerprints([first])[0]);
  });

  test('fields do not run into each other', () => {
    expect(fingerprints([findingAt({ path: 'a"b', test: 'c' })])).not.toEqual(fingerprints([findingAt({ path: 'a', test: '"b,c' })]));
  });

  test('is what it was in version v1', () => {
    expect(fingerprints([findingAt({})])).toEqual(['8c9c5931b267e87c']);
  });
});

describe('order', () => {
  const shuffled = <T>(values: readonly T[]): fc.Arbitrary<T[]> => fc.shuffledSubarray([...values], { minLength: values.length });

  test('the same bytes in whatever order a run was put together', () => {
    const arbitrary = fc.record({
      findings: shuffled(exampleRun.findings),
      ledger: shuffled(exampleRun.ledger),
      problems: shuffled(exampleRun.problems),
      pillars: shuffled(exampleRun.pillars),
      rules: shuffled(exampleRun.rules),
    });
    fc.assert(
      fc.property(arbitrary, (parts) => {
        expect(JSON.stringify(orderRun({ ...parts, ...withoutLists(exampleRun) }))).toBe(JSON.stringify(exampleRun));
      }),
      { numRuns: 30 },
    );
  });

  function withoutLists(run: typeof exampleRun) {
    const { schemaVersion, tool, invocation } = run;
    return { invocation, tool, schemaVersion } as Pick<typeof exampleRun, 'schemaVersion' | 'tool' | 'invocation'> & typeof exampleRun;
  }

  test('a problem that is there twice is said once', () => {
    const problem = { path: 'a.py', line: 1, message: 'm', kind: 'syntax' as const };
    expect(orderRun(runWith({ problems: [problem, { ...problem, line: 2 }, { ...problem }] })).problems).toHaveLength(2);
  });

  test('lines are ordered as numbers', () => {
    const ledger = [acquisitionAt({ line: 10 }), acquisitionAt({ line: 9 })];
    expect(orderRun(runWith({ ledger })).ledger.map((entry) => entry.line)).toEqual([9, 10]);
  });

  test('canonical leaves out what is undefined and keeps the order of lists', () => {
    expect(JSON.stringify(canonical({ zeta: 1, path: 'p', rule: undefined, cwe: ['b', 'a'], alpha: { line: 1, path: 'q' } }))).toBe(
      '{"cwe":["b","a"],"path":"p","alpha":{"path":"q","line":1},"zeta":1}',
    );
  });
});

describe('baseline', () => {
  const findings = withFingerprints([findingAt({ line: 3 }), findingAt({ line: 8 }), findingAt({ path: 'tests/with space%20.py', test: '' })]);

  test('written, read and applied, everything is known and nothing stale', () => {
    const { entries, problems } = readBaseline(writeBaseline(baselineOf(findings)));
    expect(problems).toEqual([]);
    const applied = applyBaseline(findings, entries, all, 'base.txt');
    expect(applied.stale).toEqual([]);
    expect(applied.findings.map((finding) => [finding.baseline, finding.suppressed?.reason])).toEqual(
      Array(3).fill(['known', 'known from base.txt']),
    );
  });

  test('the file has a heading, then sorted lines without line numbers', () => {
    const lines = writeBaseline(baselineOf(findings)).trimEnd().split('\n');
    expect(lines[0]).toMatch(/^# campsite baseline v1/);
    expect(lines.slice(1)).toEqual([...lines.slice(1)].sort());
    expect(lines.slice(1)).toContain(`${findings[2].fingerprint} leak-on-failure tests/with%20space%2520.py -`);
  });

  test('two sides joined by merge=union, unsorted and with repeats, read as both', () => {
    const ours = writeBaseline(baselineOf(findings.slice(0, 2)));
    const theirs = writeBaseline(baselineOf(findings.slice(1)));
    const { entries, problems } = readBaseline(theirs + ours);
    expect(problems).toEqual([]);
    expect(writeBaseline(entries)).toBe(writeBaseline(baselineOf(findings)));
  });

  test('a new finding is new; one that went is stale, and pruned', () => {
    const { entries } = readBaseline(writeBaseline(baselineOf(findings.slice(0, 2))));
    const applied = applyBaseline(findings.slice(1), entries, all, 'base.txt');
    expect(applied.findings.map((finding) => finding.baseline)).toEqual(['known', 'new']);
    expect(applied.stale.map((entry) => entry.fingerprint)).toEqual([findings[0].fingerprint]);
    expect(pruneBaseline(entries, applied.stale).map((entry) => entry.fingerprint)).toEqual([findings[1].fingerprint]);
  });

  test('what was not analysed is not stale', () => {
    const { entries } = readBaseline(writeBaseline(baselineOf(findings)));
    expect(applyBaseline([], entries, { ...all, wasAnalysed: (path) => path !== 'tests/test_a.py' }, 'b').stale).toHaveLength(1);
    expect(applyBaseline([], entries, { ...all, ruleRan: () => false }, 'b').stale).toEqual([]);
  });

  test('what a comment suppresses does not enter, and makes an entry stale', () => {
    const suppressed: Finding = { ...findings[0], suppressed: { kind: 'inline', reason: 'r' } };
    expect(baselineOf([suppressed])).toEqual([]);
    expect(applyBaseline([suppressed], baselineOf(findings.slice(0, 1)), all, 'b').stale).toHaveLength(1);
  });

  test('conflict marks and broken lines are problems with their line', () => {
    const { problems } = readBaseline('# heading\n<<<<<<< ours\nabc\n=======\n0123456789abcdef rule path test\n>>>>>>> theirs\n');
    expect(problems.map((problem) => problem.line)).toEqual([2, 3, 4, 6]);
  });

  test('any path and test survive writing and reading', () => {
    const entry: fc.Arbitrary<BaselineEntry> = fc.record({
      fingerprint: fc.stringMatching(/^[0-9a-f]{16}$/),
      rule: fc.constant('leak-on-failure'),
      path: fc.string({ unit: 'binary' }),
      test: fc.string({ unit: 'binary' }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(entry, { selector: (one) => one.fingerprint }), (entries) => {
        const read = readBaseline(writeBaseline(entries));
        expect(read.problems).toEqual([]);
        const byFingerprint = (a: BaselineEntry, b: BaselineEntry): number => (a.fingerprint < b.fingerprint ? -1 : 1);
        expect([...read.entries].sort(byFingerprint)).toEqual([...entries].sort(byFingerprint));
      }),
    );
  });
});
