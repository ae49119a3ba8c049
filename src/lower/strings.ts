/**
 * How are string literals lowered?
 *
 * Adjacent literals are one. As soon as one of them interpolates, the whole is a `format` operand: texts and values in order, the values
 * inside a format specification after the value they format. Calls in interpolations run before.
 * Python 2's `` `x` `` is a string for the grammar, which does not look into it.
 */
import type { Operand } from '../ir/ir.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { Body } from './body.ts';
import { unknown } from './body.ts';
import { lowerExpression } from './expression.ts';
import { stringShape, unbraced } from './literals.ts';
import { childIn, parts } from './nodes.ts';

const BACKTICK = 96;
const QUOTE = 39;
const DOUBLE_QUOTE = 34;

/** Lowers a `string` or `concatenated_string` node. */
export function lowerString(body: Body, node: SyntaxNode): Operand {
  const { start, end } = node;
  const { text } = body.module;
  const first = text.charCodeAt(start);
  if (first === BACKTICK) return unknown(start, end);
  if (node.type === 'string' && node.children.length === 0) {
    // Nearly all have no prefix and one quote at each end.
    if ((first === QUOTE || first === DOUBLE_QUOTE) && end - start > 1 && text.charCodeAt(start + 1) !== first && text.charCodeAt(end - 1) === first)
      return { op: 'const', kind: 'string', value: text.slice(start + 1, end - 1), start, end };
    const shape = stringShape(text, start, end);
    const value = text.slice(shape.from, shape.to);
    if (!shape.isFormat) return { op: 'const', kind: shape.isBytes ? 'bytes' : 'string', value, start, end };
  }
  const pieces: (string | Operand)[] = [];
  let isBytes = false;
  const literals = node.type === 'string' ? [node] : parts(body.module, node);
  for (const literal of literals) isBytes = addLiteral(body, literal, pieces) || isBytes;
  if (pieces.every((piece) => typeof piece === 'string')) {
    return { op: 'const', kind: isBytes ? 'bytes' : 'string', value: pieces.join(''), start, end };
  }
  return { op: 'format', parts: pieces, start, end };
}

/** Adds the pieces of one literal; answers whether it is of bytes. */
function addLiteral(body: Body, literal: SyntaxNode, pieces: (string | Operand)[]): boolean {
  const { text } = body.module;
  const shape = stringShape(text, literal.start, literal.end);
  let at = shape.from;
  const addText = (to: number): void => {
    if (to <= at) return;
    const piece = shape.isFormat ? unbraced(text.slice(at, to)) : text.slice(at, to);
    const last = pieces.at(-1);
    if (typeof last === 'string') pieces[pieces.length - 1] = last + piece;
    else pieces.push(piece);
  };
  for (const child of literal.children) {
    if (child.type !== 'interpolation') continue;
    addText(child.start);
    addInterpolation(body, child, pieces);
    at = child.end;
  }
  addText(shape.to);
  return shape.isBytes;
}

function addInterpolation(body: Body, node: SyntaxNode, pieces: (string | Operand)[]): void {
  pieces.push(lowerExpression(body, childIn(node, 'expression') ?? node.children[0], node.start));
  const format = childIn(node, 'format_specifier');
  for (const nested of parts(body.module, format)) addInterpolation(body, nested, pieces);
}
