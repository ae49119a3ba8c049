/**
 * Does damage of any kind stop the analysis? A small seeded run of what `npm run fuzz` does for as long as it is let.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { filesBelow, projectRoot } from './files.ts';
import { type Analyse, analysed, faultOf, mutated, noise, randomOf } from './fuzz.ts';

/** Another number finds other things; the long run takes one from the clock. */
const SEED = 20_260_101;
/** Each takes about 50 ms; the test run has other things to do. */
const CASES = 120;

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
])('%s is noticed', async (_what, analyse, fault) => {
  const random = { ...randomOf(SEED), below: () => 0 };
  const text = 'def test_a():\n    f = open("x")\n    assert f\n';
  expect(await faultOf(text, empty, random)).toBeUndefined();
  expect(await faultOf(text, empty, random, analyse)).toMatch(fault);
});
