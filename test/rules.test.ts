/**
 * Do the rules' own examples hold? Every `bad` example is reported where its comments say, every `good` one by no rule of the pillar's
 * default set; texts and ids are in order.
 */
import { describe, expect, test } from 'vitest';
import { analyze } from '../src/app/analyze.ts';
import { disagreements, disagreementText } from '../src/findings/disagreements.ts';
import { joinExpectations, readExpectations } from '../src/findings/expectations.ts';
import { RULES } from '../src/rules/index.ts';
import { projectRoot } from './files.ts';

/** Examples are analysed as a file of this name; it does not exist on the disk. */
const FILE = 'test_example.py';

async function run(source: string, rules: readonly string[]): Promise<Awaited<ReturnType<typeof analyze>>> {
  return analyze({ root: `${projectRoot}/test`, configPath: null, paths: [], virtual: new Map([[FILE, source]]), select: rules });
}

describe.each(RULES.map((r) => [r.id, r] as const))('%s', (id, rule) => {
  test('texts are sentences, examples are enough', () => {
    expect(rule.docs.why).toMatch(/\.$/);
    expect(rule.docs.fix).toMatch(/[.:)]$/);
    expect(rule.cwe.length).toBeGreaterThan(0);
    expect(rule.docs.bad.length).toBeGreaterThanOrEqual(3);
    expect(rule.docs.good.length).toBeGreaterThanOrEqual(4);
    for (const bad of rule.docs.bad) expect(bad).toContain(`# expect: ${id}`);
    expect(new Set([...rule.docs.bad, ...rule.docs.good]).size).toBe(rule.docs.bad.length + rule.docs.good.length);
  });

  test.each(rule.docs.bad.map((source, i) => [i + 1, source] as const))('bad %i', async (_, source) => {
    const pillar = RULES.filter((r) => r.pillar === rule.pillar && (r.default || r === rule)).map((r) => r.id);
    const result = await run(source, pillar);
    expect(
      disagreements(joinExpectations([readExpectations(FILE, source)]), result.findings, new Set(RULES.map((r) => r.id))).map(disagreementText),
    ).toEqual([]);
  });

  test.each(rule.docs.good.map((source, i) => [i + 1, source] as const))('good %i', async (_, source) => {
    const result = await run(source, [id]);
    expect(result.findings.map((f) => `${f.line} ${f.rule} ${f.message}`)).toEqual([]);
  });
});

test('empty-test: a file whose name no runner collects holds what other tests are about', async () => {
  const source = 'import unittest\n\n\nclass BarTest(unittest.TestCase):\n    def test_bar(self):\n        pass\n';
  const found = await Promise.all(
    ['test_order.py', 'order_tests.py', 'OrderTest.py', 'sample.py', 'ordertests.py'].map(async (name) => {
      const result = await analyze({
        root: `${projectRoot}/test`,
        configPath: null,
        paths: [],
        virtual: new Map([[name, source]]),
        select: ['empty-test'],
      });
      return [name, result.findings.length];
    }),
  );
  expect(Object.fromEntries(found)).toEqual({ 'test_order.py': 1, 'order_tests.py': 1, 'OrderTest.py': 1, 'sample.py': 0, 'ordertests.py': 0 });
});
