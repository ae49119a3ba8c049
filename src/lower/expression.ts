/**
 * How does an expression become an operand, and what must run before?
 *
 * Calls, awaits and yields are emitted in Python's order of evaluation and leave a temporary; all else stays an operand tree. An operand is
 * read when the instruction that holds it runs: where a later part of the same expression binds a name, what stands before it is put into
 * temporaries first.
 * Leaves out: a call between an operand and its use that changes what the operand reads (`[x.a, x.next()]` reads `x.a` after the call).
 */
import { type Operand, Operator } from '../ir/ir.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { Body } from './body.ts';
import { cutOff, emit, MAX_DEPTH, newTemp, spill, temp, unknown } from './body.ts';
import { lowerBoolean, lowerComparison, lowerConditional } from './branches.ts';
import { lowerCall } from './call.ts';
import { lowerComprehension } from './comprehension.ts';
import { lambdaIndex } from './define.ts';
import { floatConstant, integerConstant } from './literals.ts';
import { childIn, nameOf, parts, spellingOf, textBetween, textOf } from './nodes.ts';
import { isRebound, lastBindings } from './rebinding.ts';
import { bindingScope, resolveSpelling } from './scope.ts';
import { lowerString } from './strings.ts';

/**
 * Lowers an expression into the current run. `node` may be absent where the code is broken; the operand is then unknown and stands at
 * `at`.
 */
export function lowerExpression(body: Body, node: SyntaxNode | undefined, at = 0): Operand {
  if (node === undefined || node.start === node.end) return unknown(node?.start ?? at, node?.end ?? at);
  const { module } = body;
  if (module.depth >= MAX_DEPTH) {
    cutOff(body);
    return unknown(node.start, node.end);
  }
  if (node.type === 'identifier') return resolveSpelling(body.names, spellingOf(module, node), node.start, node.end);
  module.depth++;
  const operand = lowerByType(body, node);
  module.depth--;
  return operand;
}

/** The expression as an operand tree in which nothing runs: calls are `described-call`, what only running can tell is unknown. */
export function describeExpression(body: Body, node: SyntaxNode | undefined, at = 0): Operand {
  const before = body.describing;
  body.describing = true;
  const operand = lowerExpression(body, node, at);
  body.describing = before;
  return operand;
}

function lowerByType(body: Body, node: SyntaxNode): Operand {
  const { module } = body;
  const { start, end } = node;
  switch (node.type) {
    case 'attribute': {
      const children = parts(module, node);
      const object = children[0];
      const name: SyntaxNode | undefined = children[1];
      const of = lowerExpression(body, object, start);
      return name === undefined ? of : { op: 'attr', of, name: nameOf(module, name), start, end };
    }
    case 'call':
      return lowerCall(body, node);
    case 'string':
    case 'concatenated_string':
      return lowerString(body, node);
    case 'dotted_name':
      return resolveSpelling(body.names, spellingOf(module, node), start, end);
    case 'integer':
      return integerConstant(textOf(module, node), start, end);
    case 'float':
      return floatConstant(textOf(module, node), start, end);
    case 'none':
      return { op: 'const', kind: 'none', value: null, start, end };
    case 'true':
    case 'false':
      return { op: 'const', kind: 'bool', value: node.type === 'true', start, end };
    case 'ellipsis':
      return { op: 'const', kind: 'ellipsis', value: null, start, end };
    case 'parenthesized_expression':
    case 'type':
      return lowerWrapped(body, node);
    case 'subscript':
      return lowerSubscript(body, node);
    case 'slice':
      return lowerSlice(body, node);
    case 'tuple':
    case 'expression_list':
    case 'pattern_list':
    case 'tuple_pattern':
      return { op: 'tuple', items: lowerInOrder(body, parts(module, node)), start, end };
    case 'list':
    case 'list_pattern':
      return { op: 'list', items: lowerInOrder(body, parts(module, node)), start, end };
    case 'set':
      return { op: 'set', items: lowerInOrder(body, parts(module, node)), start, end };
    case 'dictionary':
      return lowerDictionary(body, node);
    case 'binary_operator':
      return lowerBinary(body, node);
    case 'union_type': {
      const [left, right] = lowerInOrder(body, parts(module, node));
      return right === undefined ? unknown(start, end) : { op: 'binary', operator: '|', left, right, start, end };
    }
    case 'unary_operator':
      return lowerUnary(body, node);
    case 'not_operator':
      return { op: 'unary', operator: 'not', of: lowerExpression(body, parts(module, node)[0], end), start, end };
    case 'comparison_operator':
      return lowerComparison(body, node);
    case 'boolean_operator':
      return lowerBoolean(body, node);
    case 'conditional_expression':
      return lowerConditional(body, node);
    case 'named_expression':
      return lowerWalrus(body, node);
    case 'lambda':
      return { op: 'function', index: lambdaIndex(body, node), start, end };
    case 'await':
      return lowerAwait(body, node);
    case 'yield':
      return lowerYield(body, node);
    case 'list_comprehension':
    case 'set_comprehension':
    case 'dictionary_comprehension':
    case 'generator_expression':
      return lowerComprehension(body, node);
    case 'list_splat':
    case 'list_splat_pattern':
    case 'splat_type':
      return { op: 'star', of: lowerExpression(body, parts(module, node)[0], end), start, end };
    case 'generic_type':
      return lowerGenericType(body, node);
    case 'as_pattern':
      return lowerExpression(body, parts(module, node)[0], start);
    default:
      return unknown(start, end);
  }
}

/** Any number of parentheses, without recursion: `((((x))))` costs no depth. */
function lowerWrapped(body: Body, node: SyntaxNode): Operand {
  let inner = node;
  while (inner.type === 'parenthesized_expression' || inner.type === 'type') {
    const child = parts(body.module, inner)[0];
    if (child === undefined) return unknown(node.start, node.end);
    inner = child;
  }
  return lowerExpression(body, inner);
}

/** Lowers several expressions in order. A later one that binds a name does not change what an earlier one has read. */
export function lowerInOrder(body: Body, nodes: readonly (SyntaxNode | undefined)[]): Operand[] {
  const operands = new Array<Operand>(nodes.length);
  if (nodes.length === 0) return operands;
  const last = body.names.owner.hasWalrus ? lastBindings(body.module, nodes) : null;
  for (let i = 0; i < nodes.length; i++) {
    const operand = lowerExpression(body, nodes[i], operands[i - 1]?.end);
    operands[i] = last !== null && isRebound(operand, i, last) ? spill(body, operand) : operand;
  }
  return operands;
}

function lowerSubscript(body: Body, node: SyntaxNode): Operand {
  const { start, end } = node;
  const children = parts(body.module, node);
  const operands = lowerInOrder(body, children.length === 0 ? [undefined] : children);
  const of = operands[0];
  if (children.length < 2) return { op: 'index', of, key: unknown(end, end), start, end };
  const first = children[1];
  const last = children[children.length - 1];
  if (children.length === 2 && isClosedAt(body.module.text, last.end, end)) return { op: 'index', of, key: operands[1], start, end };
  const isTuple = children.length > 2 || textBetween(body.module, last.end, end).startsWith(',');
  const key: Operand = isTuple ? { op: 'tuple', items: operands.slice(1), start: first.start, end: last.end } : operands[1];
  return { op: 'index', of, key, start, end };
}

/** True where the bracket that closes `[…]` follows at once. */
function isClosedAt(text: string, at: number, end: number): boolean {
  return at + 1 === end && text[at] === ']';
}

/** The colons are not in the tree; they are counted in the text between the parts. */
function lowerSlice(body: Body, node: SyntaxNode): Operand {
  const { module } = body;
  const found: (Operand | null)[] = [null];
  let at = node.start;
  const passColons = (to: number): void => {
    for (const unit of textBetween(module, at, to)) if (unit === ':') found.push(null);
  };
  for (const part of parts(module, node)) {
    passColons(part.start);
    found[found.length - 1] = lowerExpression(body, part);
    at = part.end;
  }
  passColons(node.end);
  return { op: 'slice', parts: found, start: node.start, end: node.end };
}

function lowerGenericType(body: Body, node: SyntaxNode): Operand {
  const [name, parameters] = parts(body.module, node);
  const of = lowerExpression(body, name, node.start);
  const items = lowerInOrder(body, parts(body.module, parameters));
  const key: Operand = items.length === 1 ? items[0] : { op: 'tuple', items, start: parameters?.start ?? node.end, end: node.end };
  return { op: 'index', of, key, start: node.start, end: node.end };
}

function lowerDictionary(body: Body, node: SyntaxNode): Operand {
  const { module } = body;
  const nodes: (SyntaxNode | undefined)[] = [];
  const items = parts(module, node);
  for (const item of items) {
    const [first, second] = parts(module, item);
    if (item.type === 'pair') nodes.push(first, second);
    else nodes.push(first);
  }
  const operands = lowerInOrder(body, nodes);
  let next = 0;
  const entries = items.map((item) => ({ key: item.type === 'pair' ? operands[next++] : null, value: operands[next++] }));
  return { op: 'dict', entries, start: node.start, end: node.end };
}

/** Longer chains of binary operators (`'a' + 'b' + …` over many lines) are cut by temporaries, to keep operand trees shallow. */
const MAX_CHAIN = 100;

/** `a + b + c` leans to the left; the chain is walked in a loop, because generated code has thousands of links. */
function lowerBinary(body: Body, node: SyntaxNode): Operand {
  const { module } = body;
  const links: SyntaxNode[] = [];
  let first: SyntaxNode | undefined = node;
  while (first !== undefined && first.type === 'binary_operator') {
    links.push(first);
    first = parts(module, first)[0];
  }
  links.reverse();
  const operands = lowerInOrder(body, [first, ...links.map((link) => parts(module, link)[1])]);
  let left = operands[0];
  links.forEach((link, i) => {
    const [before, after] = parts(module, link);
    const operator = after === undefined ? '?' : textBetween(module, before.end, after.start);
    body.operators |= kindOf(operator, left);
    left = { op: 'binary', operator, left, right: operands[i + 1], start: link.start, end: link.end };
    if ((i + 1) % MAX_CHAIN === 0) left = body.describing ? unknown(link.start, link.end) : spill(body, left);
  });
  return left;
}

/** Bits of `Operator` for a binary operator behind `left`. */
function kindOf(operator: string, left: Operand): number {
  switch (operator) {
    case '+':
    case '-':
      return Operator.sum;
    case '/':
    case '//':
      return Operator.division;
    case '%':
      return left.op === 'const' && (left.kind === 'int' || left.kind === 'float') ? Operator.division : 0;
    default:
      return 0;
  }
}

/** A sign before a number belongs to the number. */
function lowerUnary(body: Body, node: SyntaxNode): Operand {
  const { start, end } = node;
  const operator = body.module.text[start];
  const of = lowerExpression(body, parts(body.module, node)[0], end);
  if (operator === '-' && of.op === 'const' && typeof of.value === 'number') return { ...of, value: -of.value, start, end };
  return { op: 'unary', operator, of, start, end };
}

function lowerWalrus(body: Body, node: SyntaxNode): Operand {
  const { module } = body;
  const name = childIn(node, 'name');
  const value = lowerExpression(body, childIn(node, 'value'), node.end);
  if (name === undefined || name.start === name.end || body.describing) return value;
  const target = resolveSpelling(bindingScope(body.names), spellingOf(module, name), name.start, name.end);
  emit(body, { op: 'assign', target, value, start: node.start, end: node.end });
  return target;
}

function lowerAwait(body: Body, node: SyntaxNode): Operand {
  const value = lowerExpression(body, parts(body.module, node)[0], node.end);
  if (body.describing) return unknown(node.start, node.end);
  const result = newTemp(body);
  emit(body, { op: 'await', result, value, start: node.start, end: node.end });
  return temp(result, node.start, node.end);
}

function lowerYield(body: Body, node: SyntaxNode): Operand {
  const { start, end } = node;
  const child = parts(body.module, node)[0];
  const value = child === undefined ? null : lowerExpression(body, child);
  if (body.describing) return unknown(start, end);
  body.isGenerator = true;
  const result = newTemp(body);
  const from = child !== undefined && /^yield\s+from\b/.test(textBetween(body.module, start, child.start));
  emit(body, { op: 'yield', result, value, from, start, end });
  return temp(result, start, end);
}
