/**
 * Does rewriting loops for the build keep what they mean? Each piece of code is run as it is written and as it is built.
 */
import { describe, expect, test } from 'vitest';
// @ts-expect-error: a script of the build, without types.
import { withPlainLoops } from '../scripts/plain-loops.mjs';

const rewritten = withPlainLoops as (code: string) => string;
/** What the code leaves in `out`. */
const run = (code: string): unknown[] => new Function(`const out = []; ${code}; return out;`)() as unknown[];

describe('a rewritten loop', () => {
  test.each([
    ['over an array', 'for (const x of [1, 2, 3]) out.push(x);'],
    ['over an array that grows', 'const list = [1]; for (const x of list) { if (x < 5) list.push(x + 1); out.push(x); }'],
    ['over holes', 'for (const x of [1, , 3]) out.push(x);'],
    ['over a set that grows', 'const set = new Set([1]); for (const x of set) { if (x < 5) set.add(x + 1); out.push(x); }'],
    ['over a map', "for (const [key, value] of new Map([['a', 1], ['b', 2]])) out.push(key + value);"],
    ['over text', "for (const c of 'a\\u{1F600}b') out.push(c);"],
    [
      'in a loop, left and continued by label',
      'outer: for (const a of [1, 2, 3]) for (const b of [1, 2, 3]) { if (b > a) continue outer; if (a > 2) break outer; out.push(a, b); }',
    ],
    ['whose functions keep their own variable', 'const all = []; for (const x of [1, 2]) all.push(() => x); for (const f of all) out.push(f());'],
    ['into a variable that is there', 'let x; for (x of [1, 2]) out.push(x); out.push(x);'],
    ['into members', 'for (const { a, b = 2 } of [{ a: 1 }]) out.push(a, b);'],
    ['returned from', 'const f = () => { for (const x of new Set([1, 2])) if (x === 2) return x; }; out.push(f());'],
  ])('%s', (_, code) => {
    expect(rewritten(code)).toContain('Array.isArray');
    expect(run(rewritten(code))).toEqual(run(code));
  });
});

describe('an array pattern', () => {
  test.each([
    ['of an array', 'const [a, , b] = [1, 2, 3]; out.push(a, b);'],
    ['of a set, a map and text', "const [a] = new Set([1]), [b] = new Map([['k', 2]]), [c, d] = 'xy'; out.push(a, b, c, d);"],
    ['of too few', 'const [a, b] = [1]; out.push(a, b);'],
  ])('%s', (_, code) => {
    expect(run(rewritten(code))).toEqual(run(code));
  });

  test.each([
    'const [a = 1] = [];',
    'const [a, ...rest] = [1, 2];',
    'function* g() { for (const x of [1]) yield x; }',
    'async () => { for await (const x of y) f(x); };',
  ])('%s stays', (code) => {
    expect(rewritten(code)).toBe(code);
  });
});
