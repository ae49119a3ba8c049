/**
 * How is a match statement lowered?
 *
 * The subject is evaluated once. Whether a pattern fits is not modelled: a case may be taken or not. What its names bind is: a path from the
 * subject where there is one (`subject.attr`, `subject[0]`, `subject["key"]`), and unknown where only the class at run time knows.
 */
import type { MatchCase, Operand } from '../ir/ir.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { Body } from './body.ts';
import { block, deeper, emit, emitStmt, isEmpty, spill, unknown } from './body.ts';
import { describeExpression, lowerExpression, lowerInOrder } from './expression.ts';
import { captureName, captures, isCapture } from './names.ts';
import { childIn, childrenIn, parts, textOf } from './nodes.ts';
import { resolveName } from './scope.ts';
import { lowerBlock } from './statement.ts';

/** Lowers a match statement. */
export function lowerMatch(body: Body, node: SyntaxNode): void {
  const { start, end } = node;
  const values = lowerInOrder(body, childrenIn(node, 'subject'));
  let subject: Operand = values[0] ?? unknown(start, start);
  if (values.length > 1) subject = { op: 'tuple', items: values, start: subject.start, end: values[values.length - 1].end };
  if (subject.op !== 'name' && subject.op !== 'temp' && subject.op !== 'const') subject = spill(body, subject);
  const clauses = parts(body.module, childIn(node, 'body')).filter((child) => child.type === 'case_clause');
  const cases = clauses.map((clause) => lowerCase(body, clause, subject));
  emitStmt(body, { op: 'match', subject, cases, start, end });
}

function lowerCase(body: Body, clause: SyntaxNode, subject: Operand): MatchCase {
  const { start, end } = clause;
  const patterns = clause.children.filter((child) => child.type === 'case_pattern');
  const bind = block(body, () => {
    if (patterns.length === 1) bindPattern(body, patterns[0], subject);
    else bindSequence(body, patterns, subject);
  });
  const guardNode = childIn(clause, 'guard');
  let guard: Operand | null = null;
  const guardHead = block(body, () => {
    if (guardNode !== undefined) guard = lowerExpression(body, parts(body.module, guardNode)[0], guardNode.end);
  });
  const inside = block(body, () => lowerBlock(body, childIn(clause, 'consequence')));
  const irrefutable = guardNode === undefined && patterns.length === 1 && fitsAll(body, patterns[0]);
  return { bind, guard, guardHead: isEmpty(guardHead) ? null : guardHead, irrefutable, body: inside, start, end };
}

/** Whether a pattern is `_` or a bare name, in parentheses or with another name after `as`. */
function fitsAll(body: Body, pattern: SyntaxNode): boolean {
  const node = innerPattern(body, pattern);
  const text = textOf(body.module, node);
  if (node.type === 'as_pattern') return fitsAll(body, parts(body.module, node)[0]);
  return text === '_' || (node.type === 'dotted_name' && isCapture(body.module, node));
}

/** The pattern inside `case_pattern` nodes and parentheses; a case pattern without a child is `_` or a number. */
function innerPattern(body: Body, pattern: SyntaxNode): SyntaxNode {
  let node = pattern;
  for (;;) {
    const children = parts(body.module, node);
    const parenthesized = node.type === 'tuple_pattern' && children.length === 1 && !/,\s*\)$/.test(textOf(body.module, node));
    if ((node.type !== 'case_pattern' && !parenthesized) || children.length !== 1) return node;
    node = children[0];
  }
}

/** Emits an assignment for each name that the pattern binds when matched with `value`. */
function bindPattern(body: Body, pattern: SyntaxNode, value: Operand): void {
  deeper(body, () => bindInner(body, pattern, value));
}

function bindInner(body: Body, pattern: SyntaxNode, value: Operand): void {
  const node = innerPattern(body, pattern);
  const children = parts(body.module, node);
  switch (node.type) {
    case 'as_pattern':
      bindPattern(body, children[0], value);
      return bindName(body, children[children.length - 1], value);
    case 'union_pattern':
      return bindUnknown(body, children[0]);
    case 'list_pattern':
    case 'tuple_pattern':
      return bindSequence(body, children, value);
    case 'dict_pattern':
      return bindMapping(body, children, value);
    case 'class_pattern':
      for (const child of children.slice(1)) bindArgument(body, child, value);
      return;
    default:
      if (isCapture(body.module, node)) bindName(body, node, value);
  }
}

function bindName(body: Body, node: SyntaxNode | undefined, value: Operand): void {
  if (node === undefined || !isCapture(body.module, node)) return;
  const { start, end } = node;
  emit(body, { op: 'assign', target: resolveName(body.names, captureName(body.module, node), start, end), value, start, end });
}

/** All alternatives bind the same names, but to different parts; positional arguments of a class are named by the class alone. */
function bindUnknown(body: Body, pattern: SyntaxNode | undefined): void {
  if (pattern === undefined) return;
  for (const name of captures(body.module, pattern)) bindName(body, name, unknown(name.start, name.end));
}

/** Items before a star are counted from the front, those after it from the back. */
function bindSequence(body: Body, items: readonly SyntaxNode[], value: Operand): void {
  const inner = items.map((item) => innerPattern(body, item));
  const star = inner.findIndex((item) => item.type === 'splat_pattern');
  inner.forEach((item, i) => {
    const { start, end } = item;
    const index = (at: number): Operand => ({ op: 'const', kind: 'int', value: at, start, end });
    const fromBack = i - inner.length;
    if (i === star) {
      const to = fromBack === -1 ? null : index(fromBack + 1);
      bindName(body, item, { op: 'index', of: value, key: { op: 'slice', parts: [index(i), to], start, end }, start, end });
    } else {
      const at = star >= 0 && i > star ? fromBack : i;
      bindPattern(body, item, { op: 'index', of: value, key: index(at), start, end });
    }
  });
}

function bindMapping(body: Body, children: readonly SyntaxNode[], value: Operand): void {
  let key: SyntaxNode | undefined;
  for (const child of children) {
    if (child.field === 'key') {
      key = child;
    } else if (child.field === 'value' && key !== undefined) {
      const { start, end } = child;
      bindPattern(body, child, { op: 'index', of: value, key: describeExpression(body, key), start, end });
      key = undefined;
    } else {
      bindUnknown(body, child);
    }
  }
}

function bindArgument(body: Body, argument: SyntaxNode, value: Operand): void {
  const node = innerPattern(body, argument);
  if (node.type !== 'keyword_pattern') return bindUnknown(body, node);
  const [name, pattern] = parts(body.module, node);
  const { start, end } = node;
  if (pattern !== undefined) bindPattern(body, pattern, { op: 'attr', of: value, name: textOf(body.module, name), start, end });
}
