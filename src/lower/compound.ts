/**
 * How are if, try and with lowered?
 *
 * They keep their shape; only the order of evaluation is made explicit. `elif` is an `if` in the `else`. Exception types are described, not
 * run: they are evaluated only when something is raised.
 * Leaves out: that the name of `except E as name` is unbound after the handler.
 */
import type { Handler, Operand, Stmt } from '../ir/ir.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { Body } from './body.ts';
import { block, deeper, emit, emitIf, emitStmt, newTemp } from './body.ts';
import type { Step } from './branches.ts';
import { conditionSteps } from './branches.ts';
import { describeExpression, lowerExpression } from './expression.ts';
import { exceptAlias } from './names.ts';
import { childIn, childOf, childrenIn, isAsync, parts, unwrapped } from './nodes.ts';
import { lowerBlock } from './statement.ts';
import { lowerTarget, lowerTargetApart } from './target.ts';

/** Lowers an if statement with its elif and else clauses. */
export function lowerIf(body: Body, node: SyntaxNode): void {
  lowerBranch(body, node, childrenIn(node, 'alternative'), node.end);
}

/** `node` is the if statement or an elif clause; `after` are the clauses that follow it. */
function lowerBranch(body: Body, node: SyntaxNode, after: readonly SyntaxNode[], end: number): void {
  const { start } = node;
  const then = (): void => lowerBlock(body, childIn(node, 'consequence'));
  const [next, ...rest] = after;
  if (next === undefined) {
    nestSteps(body, conditionSteps(body, childIn(node, 'condition')), then, start, end);
    return;
  }
  const test = lowerExpression(body, childIn(node, 'condition'), start);
  const thenBlock = block(body, then);
  const otherwise = block(body, () => {
    if (next.type !== 'elif_clause') lowerBlock(body, childIn(next, 'body'));
    else deeper(body, () => lowerBranch(body, next, rest, end));
  });
  emitIf(body, test, thenBlock, otherwise, start, end);
}

function nestSteps(body: Body, steps: readonly Step[], inside: () => void, start: number, end: number): void {
  const [{ before, test }, ...rest] = steps;
  if (before !== null) emitStmt(body, before);
  const then = block(body, rest.length === 0 ? inside : () => nestSteps(body, rest, inside, start, end));
  emitIf(body, test, then, null, start, end);
}

/** Lowers a try statement. */
export function lowerTry(body: Body, node: SyntaxNode): void {
  const { start, end } = node;
  const tried = block(body, () => lowerBlock(body, childIn(node, 'body')));
  const clauses = node.children.filter((child) => child.type === 'except_clause');
  // Python refuses except* and except in one statement; in such text all of them are for groups.
  const isGroup = clauses.some((clause) => isForGroups(body, clause));
  const handlers = clauses.map((clause) => lowerHandler(body, clause, isGroup));
  const otherwise = clauseBlock(body, node, 'else_clause');
  const final = clauseBlock(body, node, 'finally_clause');
  if (handlers.length === 0 && final === null) body.broken = true;
  emitStmt(body, { op: 'try', body: tried, handlers, otherwise, final, start, end });
}

function clauseBlock(body: Body, node: SyntaxNode, type: string): Stmt | null {
  const clause = childOf(node, type);
  return clause === undefined ? null : block(body, () => lowerBlock(body, childOf(clause, 'block')));
}

function lowerHandler(body: Body, clause: SyntaxNode, isGroup: boolean): Handler {
  const { start, end } = clause;
  const alias = exceptAlias(body.module, clause);
  const types = handlerTypes(body, clause, alias);
  const inside = block(body, () => {
    const target = alias === undefined ? null : lowerTarget(body, unwrappedAlias(alias));
    emit(body, { op: 'caught', target, types, start, end: target?.end ?? types?.end ?? start + 'except'.length });
    lowerBlock(body, childOf(clause, 'block'));
  });
  return { types, isGroup, body: inside, start, end };
}

const groupKeyword = /except\s*\*/y;

function isForGroups(body: Body, clause: SyntaxNode): boolean {
  groupKeyword.lastIndex = clause.start;
  return groupKeyword.test(body.module.text);
}

function unwrappedAlias(alias: SyntaxNode): SyntaxNode {
  return alias.type === 'as_pattern_target' && alias.children.length === 1 ? alias.children[0] : alias;
}

/** The types, without the name after `as`. Several values are a tuple without parentheses, or Python 2's type and name. */
function handlerTypes(body: Body, clause: SyntaxNode, alias: SyntaxNode | undefined): Operand | null {
  const values = childrenIn(clause, 'value').filter((value) => value !== alias);
  const first = values[0];
  if (first === undefined) return null;
  if (values.length === 1) return describeExpression(body, first);
  const items = values.map((value) => describeExpression(body, value));
  return { op: 'tuple', items, start: first.start, end: items[items.length - 1].end };
}

/** Lowers a with statement; several managers are nested, the first outermost. */
export function lowerWith(body: Body, node: SyntaxNode): void {
  const clause = childOf(node, 'with_clause');
  const items = parts(body.module, clause).flatMap((item) => managers(body, item));
  lowerManagers(body, node, items, isAsync(body.module, node));
}

/** The grammar may take `with (open(a), open(b)):` for one tuple; Python takes it for two managers. */
function managers(body: Body, item: SyntaxNode): readonly SyntaxNode[] {
  const value = parts(body.module, item)[0];
  if (value === undefined) return [];
  const inner = unwrapped(body.module, value);
  if (inner.type === 'as_pattern') return [inner];
  return inner.type === 'tuple' ? parts(body.module, inner) : [value];
}

function lowerManagers(body: Body, node: SyntaxNode, items: readonly SyntaxNode[], async: boolean): void {
  const [item, ...rest] = items;
  if (item === undefined) {
    lowerBlock(body, childIn(node, 'body'));
    return;
  }
  const isPattern = item.type === 'as_pattern';
  const manager = lowerExpression(body, isPattern ? parts(body.module, item)[0] : item, item.start);
  const alias = isPattern ? childIn(item, 'alias') : undefined;
  const apart = alias === undefined ? null : lowerTargetApart(body, alias, item.end);
  const result = newTemp(body);
  const inside = block(body, () => {
    apart?.follow?.();
    deeper(body, () => lowerManagers(body, node, rest, async));
  });
  const enter = { op: 'enter', result, manager, target: apart?.target ?? null, isAsync: async, start: item.start, end: item.end } as const;
  emitStmt(body, { op: 'with', enter, body: inside, start: node.start, end: node.end });
}
