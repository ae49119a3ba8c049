/**
 * Does every back end turn Python text into the same slim tree, whatever the text?
 *
 * The native back end is tested where its binding loads; the WebAssembly one is tested in each of its ways to walk.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Treatment } from '../src/syntax/grammar.ts';
import { type GrammarTable, walkMemory } from '../src/syntax/memory-walk.ts';
import { createNativeBackend } from '../src/syntax/native.ts';
import { createParser } from '../src/syntax/parse.ts';
import type { SyntaxNode } from '../src/syntax/tree.ts';
import type { WalkedTree } from '../src/syntax/walk.ts';
import { createWasmBackend, fastestWalk } from '../src/syntax/wasm.ts';
import { filesBelow, projectRoot } from './files.ts';

const native = await createNativeBackend();
const backends = [
  ['wasm', await createWasmBackend()] as const,
  ['wasm by its functions', await createWasmBackend('functions')] as const,
  ['wasm by its documented cursor', await createWasmBackend('cursor')] as const,
  ...(native === null ? [] : [['native', native] as const]),
];

/** `type(child child)`, with `field:` before a child that has one, and the text of leaves. */
function shape(node: SyntaxNode, text: string): string {
  const label = `${node.field === null ? '' : `${node.field}:`}${node.type}`;
  if (node.children.length === 0) return `${label} ${JSON.stringify(text.slice(node.start, node.end))}`;
  return `${label}(${node.children.map((child) => shape(child, text)).join(', ')})`;
}

function depthOf(root: SyntaxNode): number {
  let deepest = 0;
  const pending: [SyntaxNode, number][] = [[root, 1]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [node, depth] = next;
    deepest = Math.max(deepest, depth);
    for (const child of node.children) pending.push([child, depth + 1]);
  }
  return deepest;
}

describe.each(backends)('%s', (_name, backend) => {
  const parsed = (text: string): WalkedTree => backend.parse(text) as WalkedTree;
  const shapeOf = (text: string): string => shape(parsed(text).root, text);

  test('keeps names and values, drops punctuation', () => {
    expect(shapeOf('x = f(a, b=1)\n')).toBe(
      'module(assignment(left:identifier "x", right:call(identifier "f", ' +
        'argument_list(identifier "a", keyword_argument(identifier "b", integer "1")))))',
    );
  });

  test('names the fields of statements', () => {
    expect(shapeOf('for x in y: pass\n')).toBe('module(for_statement(left:identifier "x", right:identifier "y", body:block(pass_statement "pass")))');
  });

  test('enters a string only where it interpolates', () => {
    expect(shapeOf('"a{b}\\n"')).toBe(String.raw`module(expression_statement(string "\"a{b}\\n\""))`);
    expect(shapeOf('Rf"a{b}"')).toBe('module(expression_statement(string(interpolation(expression:identifier "b"))))');
  });

  test.each([
    'a.b.c\na . b\na. \\\n  b\n(a  # c\n .b)\na.é\na.b.c()\na().b[c].d\nNone.a\n',
    'f()\nf( )\nf(a)\nf(a,)\nf(a, b)\nf(a ,b , )\nf(a,  # c\n  b  # d\n)\nf(a=b, c = d, *e, **f)\nf(#\n)\nf(a for a in b)\n',
    '()\n(a)\n(a,)\n[a, b,]\n{a, b}\n{a: b, **c}\na[b]\na[b, ]\na[b:]\na,\na = b,\na: b\na += -b\n',
    'def f(a, *, b=c, **d): return a\nassert a, b\nreturn not a\nawait a\n',
  ])('what is not asked in a good text is what a broken one is asked: %j', (text) => {
    const good = parsed(text);
    const broken = parsed(`${text}b = = 2\n`);
    expect([good.problems.length, broken.problems.length]).toEqual([0, 1]);
    expect(broken.root.children.slice(0, good.root.children.length)).toEqual(good.root.children);
    expect(broken.comments).toEqual(good.comments);
  });

  test('is stopped in a text of nothing but errors, and reads the next one from its beginning', () => {
    const words = ['with', '(', 'lambda:', 'f"{', ']', 'async for', '@', 'class', '**', '\n  ', 'if x else', '{**', 'not in', ':='];
    const broken = Array.from({ length: 30_000 }, (_, i) => words[(i * i * 7 + i) % words.length]).join(' ');
    const start = process.cpuUsage();
    expect(backend.parse(broken)).toBeNull();
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(5_000);
    expect(shapeOf('x')).toBe('module(expression_statement(identifier "x"))');
  });

  test('lists comments apart', () => {
    const text = '# one\nf(a,  # two\n  b)\n';
    const { comments, root } = parsed(text);
    expect(comments.map(({ start, end }) => text.slice(start, end))).toEqual(['# one', '# two']);
    expect(shape(root, text)).not.toContain('comment');
  });

  test.each([
    ['in the basic plane', 'é = "ü"; x\n'],
    ['beyond it', '"😀"; x\n'],
    ['after a byte order mark', '\uFEFFx\n'],
    ['with carriage returns', '1\r\nx\r\n'],
    ['with tabs and form feeds', 'if 1:\n\t\fx\n'],
  ])('offsets count UTF-16 units: %s', (_what, text) => {
    expect(shapeOf(text)).toContain('identifier "x"');
  });

  test('a good file has no problems', () => {
    expect(parsed('def f():\n    return [1, 2]\n').problems).toEqual([]);
  });

  test('an error is a problem with its place, and what lies around it is kept', () => {
    const text = 'a = 1\nb = = 2\nc = 3\n';
    const { problems } = parsed(text);
    expect(problems.map(({ start, end, message }) => [text.slice(start, end), message])).toEqual([['=', 'syntax error']]);
    expect(shapeOf(text)).toContain('identifier "c"');
  });

  test('a token that is missing is a problem of no length', () => {
    const { problems } = parsed('def f(:\n    pass\n');
    expect(problems).toEqual([{ start: 6, end: 6, message: 'syntax error: ) is missing' }]);
  });

  test.each([
    ['an empty file', ''],
    ['only a comment', '# x'],
    ['only blanks', ' \n\t\n'],
    ['a NUL byte', 'a = 1\0\nb = 2\n'],
    ['only NUL bytes', '\0\0\0'],
    ['a lone surrogate', 'a = "\ud800"\n'],
    ['an open string', 'a = """b\n'],
    ['an open bracket', `${'f('.repeat(300)}`],
    ['no Python', '<?xml version="1.0"?>\n<a b="c">&amp;</a>\n'],
  ])('is data, not an exception: %s', (_what, text) => {
    const { root } = parsed(text);
    expect([root.start, root.end]).toEqual([0, text.length]);
  });

  test.each([
    ['parentheses', (n: number) => `x = ${'('.repeat(n)}1${')'.repeat(n)}\n`, 5000],
    ['lists', (n: number) => `x = ${'['.repeat(n)}1${']'.repeat(n)}\n`, 5000],
    ['calls', (n: number) => `${'f('.repeat(n)}${')'.repeat(n)}\n`, 5000],
    ['sums', (n: number) => `x = ${'1 + '.repeat(n)}1\n`, 5000],
  ])('nesting of %s costs no stack', (_what, text, levels) => {
    expect(depthOf(parsed(text(levels)).root)).toBeGreaterThan(levels);
  });

  test('a file longer than any buffer', () => {
    const line = 'value = call("é", 😀=1)\n'.replace('😀', 'k');
    const { root, problems } = parsed(line.repeat(5000));
    expect([root.children.length, problems.length]).toEqual([5000, 0]);
  });

  test('parses and throws away', () => {
    expect(backend.parseOnly('x = (\n')).toBeUndefined();
  });
});

describe('all back ends agree', () => {
  const texts = [
    'import a.b as c\nfrom . import d\n@e\nclass F(g, h=i):\n  async def j(self, /, k: l = 1, *m, n, **o) -> p: await q\n',
    'with (a as b, c): pass\ntry: pass\nexcept* d as e: raise f from g\nelse: pass\nfinally: pass\n',
    'match a:\n  case [b, *c] | {"d": e, **f}: pass\n  case G(h, i=j) as k if l: pass\n  case _: pass\n',
    'x: int = (y := [lambda z: z for a in b if c])\nprint >>d, "e"\nf"{g!r:>{h}}" "i"\n',
    'a = = 1\ndef (:\n  x(\nclass\n',
    '\uFEFF# é 😀\nx\0y\n',
  ];
  test.each(texts)('%j', (text) => {
    const [first, ...others] = backends.map(([, backend]) => backend.parse(text));
    for (const other of others) expect(other).toEqual(first);
  });

  test('the installed parser is walked in the fastest way', async () => {
    expect(await fastestWalk()).toBe('memory');
  });

  test('a sample is the same tree in memory and for the cursor', () => {
    const [memory, , cursor] = backends.map(([, backend]) => backend);
    for (const path of filesBelow(join(projectRoot, 'samples'), /\.py$/)) {
      const text = readFileSync(path, 'utf8');
      expect(JSON.stringify(memory.parse(text)), path).toBe(JSON.stringify(cursor.parse(text)));
    }
  });
});

test('a memory whose words lead in a ring is no tree', () => {
  const words = new Uint32Array(64);
  const node = 32;
  words[0] = node << 2; // A tree at address 0: its root.
  words[node - 2] = node << 2; // The root's only child is the root again.
  words[node + 9] = 1; // Children.
  words[node + 13] = 1; // Those with a name.
  const table: GrammarTable = {
    typeNames: ['module'],
    treatments: new Uint8Array([Treatment.inner]),
    hasFields: new Uint8Array(1),
    aliases: new Uint16Array(1),
    fields: new Uint16Array(1),
    stride: 0,
    fieldNames: [null],
  };
  for (const flags of [0, 1]) {
    words[node + 11] = flags; // Hidden, then visible.
    expect(walkMemory({ words, halves: new Uint16Array(words.buffer) }, 0, 'x = 1\n', table)).toBeNull();
  }
});

describe('createParser', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test('WebAssembly is the default', async () => {
    vi.stubEnv('CAMPSITE_PARSER', '');
    expect((await createParser()).backend).toBe('wasm');
  });

  test('the environment chooses, the argument decides', async () => {
    vi.stubEnv('CAMPSITE_PARSER', native === null ? 'wasm' : 'native');
    expect((await createParser()).backend).toBe(native === null ? 'wasm' : 'native');
    expect((await createParser('wasm')).backend).toBe('wasm');
  });

  test('a back end that does not exist is an error that says what may be asked for', async () => {
    vi.stubEnv('CAMPSITE_PARSER', 'quick');
    await expect(createParser()).rejects.toThrow('CAMPSITE_PARSER is "quick"; it may be "wasm" or "native"');
  });

  test('the result holds the text', async () => {
    const parser = await createParser('wasm');
    expect(parser.parse('x\n').text).toBe('x\n');
  });
});
