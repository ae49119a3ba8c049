/**
 * Does damage of any kind stop the analysis? A small seeded run of what `npm run fuzz` does for as long as it is let.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { filesBelow, projectRoot } from './files.ts';
import { type Analyse, analysed, faultOf, faultOfBytes, mutated, noise, type Random, randomOf, withOthers } from './fuzz.ts';
import { bytes, generated, withExpression } from './fuzz-forms.ts';
import { renamed } from './fuzz-stable.ts';

/** Another number finds other things; the long run takes one from the clock. */
const SEED = 20_260_101;
/** Each takes about 50 ms; the test run has other things to do. */
const CASES = 120;
/** Of each of the other forms, which take longer; generated ones up to seconds. */
const FORM_CASES = 25;

const empty = mkdtempSync(join(tmpdir(), 'campsite-fuzz-'));
afterAll(() => rmSync(empty, { recursive: true, force: true }));
const samples = filesBelow(join(projectRoot, 'samples'), /\.py$/).map((path) => readFileSync(path, 'utf8'));

test('damaged samples', async () => {
  const random = randomOf(SEED);
  for (let i = 0; i < CASES; i++) {
    const text = mutated(random.pick(samples), random);
    expect(await faultOf(text, empty, random), text).toBeUndefined();
  }
});

test('noise', async () => {
  const random = randomOf(SEED);
  for (let i = 0; i < CASES; i++) {
    const text = noise(random);
    expect(await faultOf(text, empty, random), JSON.stringify(text)).toBeUndefined();
  }
});

test.each<[string, number, (random: Random) => string]>([
  ['deep blocks and strange expressions', 8, generated],
  ['samples with a strange expression', FORM_CASES, (random) => withExpression(random.pick(samples), random)],
  [
    'files that import each other',
    FORM_CASES,
    (random) => withOthers(random.pick(samples), mutated(random.pick(samples), random), random.pick(samples)),
  ],
])('%s', async (_what, cases, make) => {
  const random = randomOf(SEED);
  for (let i = 0; i < cases; i++) {
    const text = make(random);
    expect(await faultOf(text, empty, random), text).toBeUndefined();
  }
});

test('bytes in any encoding', async () => {
  const random = randomOf(SEED);
  for (let i = 0; i < FORM_CASES; i++) {
    const content = bytes(mutated(random.pick(samples), random), random);
    expect(await faultOfBytes(content, empty), JSON.stringify(content.toString('latin1'))).toBeUndefined();
  }
});

test('samples as they are, with a blank line and with other names', async () => {
  const random = randomOf(SEED);
  let named = 0;
  for (const text of samples.slice(0, FORM_CASES)) {
    if (renamed(text, randomOf(SEED)) !== undefined) named++;
    expect(await faultOf(text, empty, random), text).toBeUndefined();
  }
  expect(named).toBeGreaterThan(0);
});

/** What the long runs found, cut down, and stays repaired. */
test.each<[string, string]>([
  ['a name that the grammar invents in an import', 'from a.b import,'],
  ['a name that the grammar invents in an import of a module', 'import\nimport a.b as\n'],
  ['a parameter that the grammar invents', 'class T(a.B):\n    def f(self,, func):\n        $$$.x(a)\n'],
  ['an assignment expression without its name', 'x = f(:=\n    y)'],
  ['parameters that the grammar invents, starred and with default', 'def f(*, **, =1, a: , *=2):\n    pass\n'],
])('found before: %s', async (_what, text) => {
  expect(await faultOf(text, empty, randomOf(SEED))).toBeUndefined();
});

test.each<[string, Analyse, RegExp]>([
  ['an exception', () => Promise.reject(new Error('boom')), /^thrown: Error: boom/],
  [
    'an internal problem',
    async (root, text) => ({ ...(await analysed(root, text)), problems: [{ path: 'x', kind: 'internal', message: 'boom' }] }),
    /^internal: boom/,
  ],
  [
    'a finding that stays where it is when its code moves',
    async (root, text) => {
      const result = await analysed(root, text);
      return { ...result, findings: result.findings.map((finding) => ({ ...finding, line: 2 })) };
    },
    /^a blank line before line 1 changes the findings: only before: /,
  ],
  ['a finding that a blank line takes away', async (root, text) => analysed(root, text.startsWith('\n') ? '' : text), /only before: /],
  [
    'a finding that depends on a name',
    async (root, text) => analysed(root, text.includes('_zq') ? 'x = 1\n' : text),
    /^another name for f changes the findings: only before: /,
  ],
])('%s is noticed', async (_what, analyse, fault) => {
  const random = { ...randomOf(SEED), below: () => 0 };
  const text = 'def test_a():\n    f = open("x")\n    assert f\n';
  expect(await faultOf(text, empty, random)).toBeUndefined();
  expect(await faultOf(text, empty, random, analyse)).toMatch(fault);
});
