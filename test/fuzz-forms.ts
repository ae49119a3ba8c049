/**
 * What do generators write that no mutation of real code reaches? Deep nests of all brackets, operators and blocks mixed, expressions wide and
 * tangled, bytes that are no text, several files that import each other.
 *
 * All from a `Random`, as in fuzz.ts. Deep means deeper than people write, not the deepest: robustness-size.test.ts has the extremes.
 */
import type { Random } from './fuzz.ts';

/** Levels of an expression; the lowering's own limit lies below, so both sides of it are met. */
const MAX_EXPRESSION_DEPTH = 1_500;
/** Levels of blocks; the parser's limit of indentations lies above. */
const MAX_BLOCK_DEPTH = 60;
/** Leaves of a tangled expression. */
const MAX_LEAVES = 400;
/** Elements of a wide one. */
const MAX_WIDTH = 3_000;

/** What may stand around an expression. */
const AROUND: readonly (readonly [open: string, close: string])[] = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['{1: ', '}'],
  ['f(', ')'],
  ['self.f(', ')'],
  ['open(', ')'],
  ['self.addCleanup(', ')'],
  ['x[', ']'],
  ['-', ''],
  ['not ', ''],
  ['lambda: ', ''],
  ['await ', ''],
  ['(yield ', ')'],
  ['(yield from ', ')'],
  ['f(*', ')'],
  ['f(**', ')'],
  ['f(a=', ')'],
  ['x if y else ', ''],
  ['', ' if x else y'],
  ['(z := ', ')'],
  ['[a for a in ', ']'],
  ['{a: b for a, b in ', ' if a}'],
  ['(', ' for a in b)'],
  ['', '.a'],
  ['', '()'],
  ['', '.close()'],
  ['', '[0]'],
  ['', '[1:2, ...]'],
  ['', ' + 1'],
  ['1 + ', ''],
  ['', ' and y'],
  ['x or ', ''],
  ['', ' < 1'],
  ['', ' is not None'],
  ['', ' ** 2'],
  ['"%s" % ', ''],
  ['f"{', '}"'],
  ["f'{", "!r:>{w}}'"],
];

const LEAVES = [
  'x',
  'self',
  'self.x',
  '1',
  '0x1F',
  '1e9',
  "'s'",
  '"%s"',
  'None',
  'True',
  '...',
  'f()',
  'open("x")',
  'x.close',
  'socket.socket()',
  'b""',
  'lambda: f',
];
const OPERATORS = ['+', '-', '*', '/', '//', '%', '@', '**', '|', '&', '^', '<<', '<', '==', '!=', 'is', 'is not', 'in', 'not in', 'and', 'or', ', '];

/** One to three ways of wrapping, in turn, as deep as it goes. */
export function deepExpression(random: Random): string {
  const ways = Array.from({ length: 1 + random.below(3) }, () => random.pick(AROUND));
  const depth = 1 + random.below(random.pick([20, 120, MAX_EXPRESSION_DEPTH]));
  let open = '';
  let close = '';
  for (let i = 0; i < depth; i++) {
    const way = ways[i % ways.length] as (typeof AROUND)[number];
    open += way[0];
    close = way[1] + close;
  }
  return open + random.pick(LEAVES) + close;
}

/** A tree of operators, calls and brackets, each node chosen by chance. */
export function tangledExpression(random: Random, leaves = 1 + random.below(random.pick([8, 40, MAX_LEAVES]))): string {
  if (leaves <= 1) return random.pick(LEAVES);
  const left = 1 + random.below(leaves - 1);
  const [a, b] = [tangledExpression(random, left), tangledExpression(random, leaves - left)];
  const [open, close] = random.pick(AROUND);
  return random.pick([
    () => `${a} ${random.pick(OPERATORS)} ${b}`,
    () => `${open}${a} ${random.pick(OPERATORS)} ${b}${close}`,
    () => `${a}(${b})`,
    () => `(${a} if ${b} else ${a.slice(0, 20).includes('(') ? 'x' : a.slice(0, 3)})`,
  ])();
}

/** The same element over and over. */
function wideExpression(random: Random): string {
  const width = 2 + random.below(random.pick([30, MAX_WIDTH]));
  const element = tangledExpression(random, 1 + random.below(4));
  const row = (between: string): string => Array.from({ length: width }, () => element).join(between);
  return random.pick([
    () => `[${row(', ')}]`,
    () => `{${row(': 1, ')}: 1}`,
    () => `f(${row(', ')})`,
    () => row(random.pick([' + ', ' and ', ' or ', ' < ', ' == ', ' | '])),
    () => `${"'s' ".repeat(width)}`,
    () => `[a ${'for a in b if c '.repeat(1 + random.below(60))}]`,
  ])();
}

const anyExpression = (random: Random): string => random.pick([deepExpression, tangledExpression, wideExpression])(random);

/** Heads of blocks, and what must follow them at the same indentation. */
const BLOCKS: readonly (readonly [head: string, ...after: string[]])[] = [
  ['if x:', 'else:'],
  ['if x:', 'elif y:', 'else:'],
  ['while x:', 'else:'],
  ['while True:'],
  ['for a in b:', 'else:'],
  ['with open("x") as f:'],
  ['with self.assertRaises(OSError):'],
  ['with a as b, c() as (d, e):'],
  ['async with a:'],
  ['async for a in b:'],
  ['try:', 'finally:'],
  ['try:', 'except OSError:'],
  ['try:', 'except (A, B) as e:', 'else:', 'finally:'],
  ['try:', 'except* E:'],
  ['match x:\n INDENTcase 1:'],
  ['def f(a, *b, c=1, **d):'],
  ['async def f(a):'],
  ['class C(B):'],
  ['@pytest.fixture\nINDENTdef g():'],
];
const STATEMENTS = [
  'pass',
  'break',
  'continue',
  'return f',
  'return',
  'raise',
  'raise E from f',
  'yield f',
  'f = open("x")',
  'f.close()',
  'self.addCleanup(f.close)',
  'assert f',
  'self.fail()',
  'del f',
  'global f',
  'f = f2 = f',
  'f, *g = h',
  'x = None',
  'os._exit(1)',
];

/** Blocks in blocks, with statements before, in and after them. */
function nestedBlocks(random: Random, depth: number, indent: string): string {
  const statement = (): string => `${indent}${random.below(6) === 0 ? `x = ${anyExpression(random)}` : random.pick(STATEMENTS)}\n`;
  if (depth === 0) return statement();
  const [head, ...after] = random.pick(BLOCKS);
  const before = random.below(3) === 0 ? statement() : '';
  const deeper = head.includes('case') ? `${indent}  ` : `${indent} `;
  const inner = nestedBlocks(random, depth - 1, deeper);
  const rest = after.map((line) => `${indent}${line}\n${indent} ${random.pick(STATEMENTS)}\n`).join('');
  return `${before}${indent}${head.replaceAll('INDENT', indent)}\n${inner}${rest}${random.below(4) === 0 ? statement() : ''}`;
}

/** A test module of deep blocks and strange expressions. */
export function generated(random: Random): string {
  const tests = Array.from({ length: 1 + random.below(4) }, (_, i) => {
    const depth = random.below(random.pick([4, 12, MAX_BLOCK_DEPTH]));
    return `def test_${i}(self, fx):\n f = open("x")\n${nestedBlocks(random, depth, ' ')} assert ${anyExpression(random)}\n f.close()\n`;
  });
  return `import pytest, socket, os\n@pytest.fixture\ndef fx():\n yield ${random.pick(LEAVES)}\n${tests.join('')}`;
}

/** The text with a strange expression as a line of its own, or in the place of a word. */
export function withExpression(text: string, random: Random): string {
  const expression = anyExpression(random);
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const indent = /^[ \t]*/.exec(lines[at] as string)?.[0] ?? '';
  if (random.below(2) === 0) {
    lines.splice(at, 0, indent + random.pick(['', 'x = ', 'assert ', 'return ', 'self.f = ', 'del ', 'raise ', '@', 'x += ']) + expression);
    return lines.join('\n');
  }
  const words = [...text.matchAll(/\b\w+\b/g)];
  const word = words.length > 0 ? random.pick(words) : undefined;
  return word ? text.slice(0, word.index) + expression + text.slice(word.index + word[0].length) : expression;
}

const ENCODINGS = [
  'utf-8',
  'latin-1',
  'utf-16',
  'utf-7',
  'ascii',
  'shift_jis',
  'euc-kr',
  'koi8-r',
  'rot13',
  'hex',
  'klingon',
  'utf-8-sig',
  'x-user-defined',
  'replacement',
];

/** Bytes as a file may hold them: none of text at all, or of a source in some encoding, declared or not, with some bytes changed. */
export function bytes(text: string, random: Random): Buffer {
  if (random.below(3) === 0) return Buffer.from(Array.from({ length: random.below(3_000) }, () => random.below(256)));
  const cookie =
    random.below(2) === 0 ? `# ${random.pick(['', '-*- ', 'vim: set file'])}coding${random.pick([':', '=', ': '])}${random.pick(ENCODINGS)}\n` : '';
  const out = Buffer.from(cookie + text, random.pick<BufferEncoding>(['utf8', 'latin1', 'utf16le']));
  for (let left = random.below(20); left > 0 && out.length > 0; left--) out[random.below(out.length)] = random.below(256);
  return random.below(4) === 0 ? Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), out]) : out;
}
