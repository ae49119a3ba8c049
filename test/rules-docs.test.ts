/**
 * Do the rules' pages say what the rules say, and is docs/rules.md what they print?
 *
 * `UPDATE=1 npx vitest run test/rules-docs.test.ts` writes the file anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../src/commands/main.ts';
import { isCwe } from '../src/findings/cwe-tree.ts';
import { PILLARS } from '../src/findings/pillars.ts';
import { coverageOf, explainCoverage, explainRules, rulesDocument } from '../src/report/explain.ts';
import { RULES } from '../src/rules/index.ts';
import { projectRoot } from './files.ts';

const file = join(projectRoot, 'docs', 'rules.md');

test('docs/rules.md is up to date', () => {
  const text = rulesDocument(RULES);
  if (process.env.UPDATE === '1') writeFileSync(file, text);
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '', 'write it anew: UPDATE=1 npx vitest run test/rules-docs.test.ts').toBe(text);
});

describe('pages', () => {
  test.each(RULES.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
    const text = explainRules([rule], 'text', 100);
    for (const part of ['Why', 'Cure', 'Reported', 'Not reported', 'precision', `ignore[${id}]`, rule.severity, ...rule.cwe])
      expect(text).toContain(part);
    expect(text).not.toContain('# expect:');
    const [page] = JSON.parse(explainRules([rule], 'json', 100)) as { id: string; bad: string[]; misses: string | null }[];
    expect(page).toMatchObject({ id, bad: rule.docs.bad, misses: rule.docs.misses ?? null });
    const markdown = explainRules([rule], 'markdown', 100);
    expect(markdown.match(/^```/gm)?.length).toBe(2 * (rule.docs.bad.length + rule.docs.good.length));
  });
});

describe('coverage', () => {
  test('a pillar is covered by its rules, and says which kinds are not', () => {
    const coverage = coverageOf('CWE-664', RULES);
    expect(coverage.rules.map((c) => c.rule.id)).toEqual(expect.arrayContaining(['never-released', 'leak-on-failure']));
    expect(coverage.uncovered).toContain('CWE-118');
    expect(coverage.uncovered).not.toContain('CWE-404');
    expect(coverage.named).toBeLessThan(coverage.kinds);
  });

  test('a kind is covered by what names it; what names the wider one is told apart', () => {
    const coverage = coverageOf('CWE-775', RULES);
    expect(coverage.rules).toEqual([]);
    expect(coverage.wider.map((c) => c.rule.id)).toContain('never-released');
    expect(explainCoverage(coverage, 'text')).toContain('No rule covers it');
  });

  test.each(PILLARS.map((p) => [p.cwe, p.name] as const))('%s: every rule of the pillar covers it', (cwe, name) => {
    const covering = new Set(coverageOf(cwe, RULES).rules.map((c) => c.rule.id));
    expect(RULES.filter((r) => r.pillar === name && !covering.has(r.id)).map((r) => r.id)).toEqual([]);
    expect(isCwe(cwe)).toBe(true);
  });
});

describe('campsite rule', () => {
  async function said(args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    const streams = { out: '', err: '' };
    const real = { out: process.stdout.write, err: process.stderr.write };
    const into = (key: 'out' | 'err') =>
      ((text: string, done?: () => void) => {
        streams[key] += text;
        done?.();
        return true;
      }) as typeof process.stdout.write;
    process.stdout.write = into('out');
    process.stderr.write = into('err');
    try {
      return { code: await run(args), ...streams };
    } finally {
      process.stdout.write = real.out;
      process.stderr.write = real.err;
    }
  }

  test('one page, all pages, a CWE', async () => {
    expect(await said(['rule', 'fixed-port'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('fixed-port: The test listens on a fixed port'),
    });
    const all = await said(['rule', '--all', '--output-format', 'json']);
    expect((JSON.parse(all.out) as { id: string }[]).map((r) => r.id)).toEqual(RULES.map((r) => r.id));
    expect(await said(['rule', '--cwe', '664', '--output-format', 'markdown'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^# CWE-664: /),
    });
  });

  test('wrong use is said, with what was probably meant', async () => {
    expect(await said(['rule', 'fixed-prt'])).toMatchObject({ code: 2, err: expect.stringContaining('did you mean fixed-port?') });
    expect(await said(['rule'])).toMatchObject({ code: 2, err: expect.stringContaining('campsite rule --all') });
    expect(await said(['rule', '--cwe', 'CWE-9999999'])).toMatchObject({ code: 2, err: expect.stringContaining('no entry') });
    expect(await said(['rule', '--all', '--output-format', 'jason'])).toMatchObject({ code: 2, err: expect.stringContaining('did you mean json?') });
  });
});
