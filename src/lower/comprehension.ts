/**
 * How is a comprehension lowered?
 *
 * In place, as loops that `collect` into a temporary; its variables become locals of the enclosing function (scope.ts renames them where
 * they would clash). The first iterable is evaluated outside of its scope, as in Python.
 * Leaves out: that a generator expression is lazy; it is lowered the same way, as if it were used up at once.
 */
import type { Operand } from '../ir/ir.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { Body } from './body.ts';
import { block, emit, emitIf, emitStmt, newTemp, temp, unknown } from './body.ts';
import { lowerExpression, lowerInOrder } from './expression.ts';
import { emitNext } from './loop.ts';
import { bindTargets } from './names.ts';
import { childIn, childrenIn, isAsync, parts } from './nodes.ts';
import { innerScope } from './scope.ts';

/** Lowers a list, set or dictionary comprehension, or a generator expression. */
export function lowerComprehension(body: Body, node: SyntaxNode): Operand {
  const { start, end } = node;
  if (body.describing) return unknown(start, end);
  const { module } = body;
  const clauses = parts(module, node).filter((child) => child.type === 'for_in_clause' || child.type === 'if_clause');
  const first = clauses[0] && lowerIterable(body, clauses[0]);
  const into = newTemp(body);
  emit(body, { op: 'assign', target: temp(into, start, end), value: emptyCollection(node), start, end });
  const names = new Set<string>();
  for (const clause of clauses) if (clause.type === 'for_in_clause') bindTargets(module, childIn(clause, 'left'), names);
  const outer = body.names;
  body.names = innerScope(outer, names);
  lowerClauses(body, clauses, 0, first, () => collect(body, childIn(node, 'body'), into, end));
  body.names = outer;
  return temp(into, start, end);
}

function emptyCollection({ type, start, end }: SyntaxNode): Operand {
  if (type === 'dictionary_comprehension') return { op: 'dict', entries: [], start, end };
  return { op: type === 'set_comprehension' ? 'set' : 'list', items: [], start, end };
}

function lowerIterable(body: Body, clause: SyntaxNode): Operand {
  const values = lowerInOrder(body, childrenIn(clause, 'right'));
  if (values.length === 1) return values[0];
  return values.length === 0
    ? unknown(clause.end, clause.end)
    : { op: 'tuple', items: values, start: values[0].start, end: values[values.length - 1].end };
}

function lowerClauses(body: Body, clauses: readonly SyntaxNode[], at: number, first: Operand | undefined, inside: () => void): void {
  const clause = clauses[at];
  if (clause === undefined) return inside();
  const { start, end } = clause;
  const rest = (): void => lowerClauses(body, clauses, at + 1, undefined, inside);
  if (clause.type === 'if_clause') {
    const test = lowerExpression(body, parts(body.module, clause)[0], end);
    emitIf(body, test, block(body, rest), null, start, end);
    return;
  }
  const iterable = first ?? lowerIterable(body, clause);
  let assignTarget: (() => void) | null = null;
  const head = block(body, () => {
    assignTarget = emitNext(body, childIn(clause, 'left'), iterable, isAsync(body.module, clause), start, end);
  });
  const loopBody = block(body, () => {
    assignTarget?.();
    rest();
  });
  emitStmt(body, { op: 'loop', kind: 'for', head, test: null, body: loopBody, otherwise: null, start, end });
}

function collect(body: Body, element: SyntaxNode | undefined, into: number, at: number): void {
  const { start, end } = element ?? { start: at, end: at };
  if (element?.type === 'pair') {
    const [key, value] = lowerInOrder(body, parts(body.module, element));
    emit(body, { op: 'collect', into, key, value: value ?? unknown(end, end), start, end });
    return;
  }
  emit(body, { op: 'collect', into, key: null, value: lowerExpression(body, element, at), start, end });
}
