/**
 * Do the graphs of real code keep their invariants, and also those of code that somebody is in the middle of typing?
 *
 * Every function of every sample is built and verified; then again with lines of the sample deleted, doubled or swapped at random, which
 * mostly is no Python any more and has to give graphs all the same.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildCfg } from '../src/cfg/build.ts';
import { printCfg } from '../src/cfg/print.ts';
import { verifyCfg } from '../src/cfg/verify.ts';
import { lowerModule } from '../src/lower/module.ts';
import { createParser } from '../src/syntax/parse.ts';
import { filesBelow, projectRoot } from './files.ts';

const parser = await createParser();
const texts = filesBelow(join(projectRoot, 'samples'), /\.py$/).map((path) => readFileSync(path, 'utf8'));

/** Builds all graphs of a text; returns how many functions it had. */
function verifyAll(text: string): number {
  const { functions } = lowerModule(parser.parse(text));
  for (const fn of functions) {
    const cfg = buildCfg(fn);
    const problems = verifyCfg(cfg);
    if (problems.length > 0) throw new Error(`${cfg.name}: ${problems.join('; ')}\n${printCfg(cfg)}`);
  }
  return functions.length;
}

test('every function of every sample', () => {
  expect(texts.length).toBeGreaterThan(20);
  for (const text of texts) expect(verifyAll(text)).toBeGreaterThan(0);
});

test('samples with lines deleted, doubled and swapped', () => {
  const change = fc.record({ kind: fc.constantFrom('delete', 'double', 'swap'), at: fc.nat(), other: fc.nat() });
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 6 }), (text, changes) => {
      const lines = text.split('\n');
      for (const { kind, at, other } of changes) {
        const i = at % lines.length;
        const j = other % lines.length;
        if (kind === 'delete' && lines.length > 1) lines.splice(i, 1);
        else if (kind === 'double') lines.splice(i, 0, lines[i]);
        else [lines[i], lines[j]] = [lines[j], lines[i]];
      }
      verifyAll(lines.join('\n'));
    }),
    { numRuns: 200 },
  );
});
