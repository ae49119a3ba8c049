/**
 * Does lowering keep its promises for any text?
 *
 * What each construct becomes is specified under test/spec/ir. Here stands what must hold of all: the result is well-formed, spans point to
 * the right text, and neither depth nor broken code is an exception.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instr, IrModule, Stmt } from '../src/ir/ir.ts';
import { printModule } from '../src/ir/print.ts';
import { verifyModule } from '../src/ir/verify.ts';
import { MAX_DEPTH } from '../src/lower/body.ts';
import { lowerModule } from '../src/lower/module.ts';
import { createParser } from '../src/syntax/parse.ts';
import { filesBelow, projectRoot } from './files.ts';
import { outputBlocks } from './spec.ts';

const parser = await createParser('wasm');
const lower = (text: string): IrModule => lowerModule(parser.parse(text));
const faults = (text: string): readonly string[] => verifyModule(lower(text), text.length);

/** Every ```py block of the IR specifications. */
const snippets = filesBelow(join(projectRoot, 'test/spec/ir'), /\.md$/).flatMap((file) =>
  outputBlocks(readFileSync(file, 'utf8')).map(({ source }) => source),
);
const samples = filesBelow(join(projectRoot, 'samples'), /\.py$/);

function callsOf(text: string): string[] {
  const found: string[] = [];
  const visit = (instr: Instr): void => {
    if (instr.op === 'call') found.push(text.slice(instr.start, instr.end));
  };
  for (const fn of lower(text).functions) forEachInstr(fn.body, visit);
  return found;
}

function forEachInstr(stmt: Stmt, visit: (instr: Instr) => void): void {
  if (stmt.op === 'run') stmt.instrs.forEach(visit);
  if (stmt.op === 'return' || stmt.op === 'raise') visit(stmt.instr);
  if (stmt.op === 'with') visit(stmt.enter);
  for (const value of Object.values(stmt) as unknown[]) {
    for (const inner of Array.isArray(value) ? value : [value]) {
      if (isStmt(inner)) forEachInstr(inner, visit);
      else if (inner !== null && typeof inner === 'object' && 'body' in inner && isStmt(inner.body)) forEachInstr(inner.body, visit);
    }
  }
}

function isStmt(value: unknown): value is Stmt {
  return (
    value !== null && typeof value === 'object' && 'op' in value && ['seq', 'run', 'if', 'loop', 'try', 'with', 'match'].includes(String(value.op))
  );
}

describe('well-formed', () => {
  test('there is something to look at', () => {
    expect(snippets.length).toBeGreaterThan(50);
    expect(samples.length).toBeGreaterThan(0);
  });

  test.each(snippets.map((source) => [source]))('snippet %j', (source) => {
    expect(faults(source)).toEqual([]);
  });

  test('all samples', () => {
    for (const file of samples) {
      const text = readFileSync(file, 'utf8');
      expect(faults(text), file).toEqual([]);
    }
  });

  test('all snippets as one file, and one inside another', () => {
    const good = snippets.filter((source) => parser.parse(source).problems.length === 0);
    expect(faults(good.join('\n'))).toEqual([]);
    for (const source of good) expect(faults(`async def outer(a):\n${source.replace(/^(?=.)/gm, ' ')}\n`)).toEqual([]);
  });

  test('damaged code', () => {
    const damage = fc.record({
      source: fc.constantFrom(...snippets),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.integer({ min: 0, max: 8 }),
      insert: fc.constantFrom('', '(', ')', '"', "f'{", ':', '\n', '\n  ', '=', ' if ', '@', '\0', ':=', '*', 'lambda ', '`', 'é', '😀'),
    });
    fc.assert(
      fc.property(damage, ({ source, at, length, insert }) => {
        const cut = Math.floor(at * source.length);
        const text = source.slice(0, cut) + insert + source.slice(cut + length);
        expect(faults(text)).toEqual([]);
        printModule(lower(text), { scopes: true, spans: true });
      }),
      { numRuns: 1500, seed: 20_240_601 },
    );
  });
});

describe('spans', () => {
  test('a call spans its whole expression', () => {
    expect(callsOf('x = a(b).c(\n  d(), *e)["f"].g()\nif h(i): j(k for k in l())\n')).toEqual([
      'a(b)',
      'd()',
      'a(b).c(\n  d(), *e)',
      'a(b).c(\n  d(), *e)["f"].g()',
      'h(i)',
      'l()',
      'j(k for k in l())',
    ]);
  });

  test('the name of a function, and the function without its decorators', () => {
    const text = '@d\nasync def name(a): pass\nf = lambda: 0\nclass C: pass\n';
    const shown = lower(text)
      .functions.slice(1)
      .map((fn) => [text.slice(fn.nameStart, fn.nameEnd), text.slice(fn.start, fn.end)]);
    expect(shown).toEqual([
      ['name', 'async def name(a): pass'],
      ['lambda', 'lambda: 0'],
      ['C', 'class C: pass'],
    ]);
  });
});

describe('depth', () => {
  const nested: readonly (readonly [string, (n: number) => string])[] = [
    ['lists', (n) => `x = ${'['.repeat(n)}f()${']'.repeat(n)}`],
    ['calls', (n) => `x = ${'f('.repeat(n)}${')'.repeat(n)}`],
    ['chained calls', (n) => `x = a${'.b()'.repeat(n)}`],
    ['attributes', (n) => `x = a${'.b'.repeat(n)}`],
    ['lambdas', (n) => `x = ${'lambda: '.repeat(n)}f()`],
    ['conditions', (n) => `x = ${'f() if g() else '.repeat(n)}f()`],
    ['comprehensions', (n) => `x = ${'[f(y) for y in '.repeat(n)}z${']'.repeat(n)}`],
    ['elif', (n) => `if a: f()\n${'elif b: f()\n'.repeat(n)}`],
    ['managers', (n) => `with ${'f(), '.repeat(n)}f(): pass`],
    ['targets', (n) => `${'['.repeat(n)}a${']'.repeat(n)} = 1`],
    ['patterns', (n) => `match x:\n case ${'['.repeat(n)}a${']'.repeat(n)}: pass`],
    ['statements', (n) => `${Array.from({ length: Math.min(n, 900) }, (_, i) => `${' '.repeat(i)}if a:\n`).join('')}${' '.repeat(900)}f()`],
    ['deletions', (n) => `del ${'('.repeat(n)}a${')'.repeat(n)}`],
    ['assignment expressions', (n) => `x = ${'(a := '.repeat(n)}f()${')'.repeat(n)}`],
  ];

  test.each(nested)('too deep: %s', (_what, text) => {
    expect(faults(text(5000))).toEqual([]);
    expect(lower(text(5000)).functions.some((fn) => fn.broken)).toBe(true);
  });

  test.each(nested)('deep enough: %s', (_what, text) => {
    const { functions } = lower(_what === 'statements' ? 'if a:\n if a:\n  if a:\n   f()' : text(40));
    expect(functions.some((fn) => fn.broken)).toBe(false);
  });

  const flat: readonly (readonly [string, (n: number) => string])[] = [
    ['parentheses', (n) => `x = ${'('.repeat(n)}f()${')'.repeat(n)}`],
    ['sums', (n) => `x = ${'f() + '.repeat(n)}f()`],
    ['and', (n) => `x = ${'f() and '.repeat(n)}f()`],
    ['or in a condition', (n) => `if ${'f() or '.repeat(n)}f(): pass`],
    ['comparisons', (n) => `x = ${'f() < '.repeat(n)}f()`],
    ['assignments', (n) => `${'a = '.repeat(n)}f()`],
    ['arguments', (n) => `g(${'f(), '.repeat(n)}f())`],
  ];

  test.each(flat)('long, but not deep: %s', (_what, text) => {
    const source = text(MAX_DEPTH * 3);
    expect(faults(source)).toEqual([]);
    const module = lower(source);
    expect(module.functions[0].broken).toBe(false);
    expect(callsOf(source).filter((call) => call === 'f()').length).toBe(source.split('f()').length - 1);
  });

  test('a list longer than any argument list', () => {
    expect(faults(`x = [${'a, '.repeat(130_000)}]\n`)).toEqual([]);
    expect(faults(`(${'a, '.repeat(130_000)}) = [(y := 1), ${'b, '.repeat(130_000)}]\n`)).toEqual([]);
  });
});

describe('broken code', () => {
  test.each([
    ['the innermost function is marked', 'def f():\n  def g():\n    x = = 1\n  y\ndef h(): pass\n', ['g']],
    ['the module is marked', 'x = = 1\ndef f(): pass\n', ['<module>']],
    ['two places', 'def f():\n  x = = 1\ndef g(): pass\ndef h():\n  return ) 1\n', ['f', 'h']],
    ['none', 'def f(): pass\n', []],
  ])('%s', (_what, text, broken) => {
    expect(
      lower(text)
        .functions.filter((fn) => fn.broken)
        .map((fn) => fn.name),
    ).toEqual(broken);
  });

  test('a parameter that is declared global or nonlocal, which Python refuses, stays the parameter', () => {
    const { functions } = lower('def f(a):\n  global a\n  def g(b):\n    nonlocal b\n    return b\n  return a\n');
    expect(functions.slice(1).map((fn) => fn.locals)).toEqual([['a', 'g'], ['b']]);
  });

  test('what is no name, which Python refuses, is no parameter', () => {
    expect(lower('def f(a, *b..c, d): pass\n').functions[1].params.map((p) => p.name)).toEqual(['a', 'd']);
  });

  test('a pattern without a name, which Python refuses, binds nothing', () => {
    expect(lower('def f(x):\n  match x:\n    case :\n      pass\n').functions[1].locals).toEqual(['x']);
  });

  test('except* beside except, which Python refuses: all are for groups', () => {
    const text = 'try:\n  f()\nexcept* A:\n  g()\nexcept B:\n  h()\n';
    const [{ body }] = lower(text).functions;
    const groups = JSON.stringify(body).match(/"isGroup":(true|false)/g);
    expect(groups).toEqual(['"isGroup":true', '"isGroup":true']);
  });
});
