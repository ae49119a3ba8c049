/**
 * How are for and while loops lowered?
 *
 * A for loop's iterable is evaluated once, before it; its head takes the next element. A while loop's test is evaluated in its head each
 * time round.
 */
import type { Operand } from '../ir/ir.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { Body } from './body.ts';
import { block, emit, emitStmt } from './body.ts';
import { lowerExpression } from './expression.ts';
import { childIn, isAsync, parts } from './nodes.ts';
import { lowerBlock } from './statement.ts';
import { lowerTargetApart } from './target.ts';

/** Emits the `next` instruction of a loop's head; the result, if any, belongs at the beginning of the loop's body. */
export function emitNext(
  body: Body,
  left: SyntaxNode | undefined,
  iterable: Operand,
  async: boolean,
  start: number,
  end: number,
): (() => void) | null {
  const { target, follow } = lowerTargetApart(body, left, start);
  emit(body, { op: 'next', target, iterable, isAsync: async, start, end });
  return follow;
}

/** Lowers a for statement. */
export function lowerFor(body: Body, node: SyntaxNode): void {
  const left = childIn(node, 'left');
  const iterable = lowerExpression(body, childIn(node, 'right'), node.start);
  let assignTarget: (() => void) | null = null;
  const head = block(body, () => {
    assignTarget = emitNext(body, left, iterable, isAsync(body.module, node), left?.start ?? node.start, iterable.end);
  });
  lowerLoop(body, node, 'for', head, null, () => assignTarget?.());
}

/** Lowers a while statement. */
export function lowerWhile(body: Body, node: SyntaxNode): void {
  let test: Operand | null = null;
  const head = block(body, () => {
    test = lowerExpression(body, childIn(node, 'condition'), node.start);
  });
  lowerLoop(body, node, 'while', head, test, () => {});
}

function lowerLoop(
  body: Body,
  node: SyntaxNode,
  kind: 'for' | 'while',
  head: ReturnType<typeof block>,
  test: Operand | null,
  begin: () => void,
): void {
  body.loops++;
  const inside = block(body, () => {
    begin();
    lowerBlock(body, childIn(node, 'body'));
  });
  body.loops--;
  const alternative = childIn(node, 'alternative');
  const otherwise = alternative === undefined ? null : block(body, () => lowerBlock(body, parts(body.module, alternative).at(-1)));
  emitStmt(body, { op: 'loop', kind, head, test, body: inside, otherwise, start: node.start, end: node.end });
}
