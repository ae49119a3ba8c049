/**
 * What is assigned to?
 *
 * Names, attributes, items, and lists of these. A target's own sub-expressions are evaluated after the value (`f().x = g()` calls g first);
 * where a target needs such calls but may not have them before it, the value goes into a temporary first (`lowerTargetApart`).
 */
import type { Target } from '../ir/ir.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { Body } from './body.ts';
import { block, deeper, emit, emitStmt, isEmpty, newTemp, temp, unknown } from './body.ts';
import { lowerExpression } from './expression.ts';
import { parts, spellingOf } from './nodes.ts';
import { resolveSpelling } from './scope.ts';

type Targets = Extract<Target, { op: 'targets' }>;

/** Lowers the left side of an assignment; calls in it go into the current run. */
export function lowerTarget(body: Body, node: SyntaxNode | undefined, at = 0): Target {
  if (node === undefined || node.start === node.end) return unknown(node?.start ?? at, node?.end ?? at);
  const { start, end } = node;
  if (node.type === 'identifier') return resolveSpelling(body.names, spellingOf(body.module, node), start, end);
  const children = parts(body.module, node);
  switch (node.type) {
    case 'attribute':
    case 'subscript': {
      const operand = lowerExpression(body, node);
      return operand.op === 'attr' || operand.op === 'index' ? operand : unknown(start, end);
    }
    case 'parenthesized_expression':
    case 'as_pattern_target':
      return children.length === 1 ? lowerInner(body, children[0]) : lowerTargets(body, node, children);
    case 'tuple':
    case 'list':
    case 'tuple_pattern':
    case 'list_pattern':
    case 'pattern_list':
    case 'expression_list':
      return lowerTargets(body, node, children);
    default:
      return unknown(start, end);
  }
}

function lowerTargets(body: Body, node: SyntaxNode, children: readonly SyntaxNode[]): Targets {
  return { op: 'targets', items: children.map((child) => lowerItem(body, child)), start: node.start, end: node.end };
}

function lowerItem(body: Body, node: SyntaxNode): Targets['items'][number] {
  if (node.type !== 'list_splat' && node.type !== 'list_splat_pattern') return lowerInner(body, node);
  return { op: 'starred', of: lowerInner(body, parts(body.module, node)[0] ?? node), start: node.start, end: node.end };
}

function lowerInner(body: Body, node: SyntaxNode): Target {
  let target: Target = unknown(node.start, node.end);
  deeper(body, () => {
    target = lowerTarget(body, node);
  });
  return target;
}

/** A target that can be given to an instruction, and what must follow that instruction to reach the real target. */
export interface TargetApart {
  readonly target: Target;
  /** Emits the rest; null where there is none. */
  readonly follow: (() => void) | null;
}

/** Lowers a target whose value is not there yet (`for f().x in …`, `with a as f().x`). */
export function lowerTargetApart(body: Body, node: SyntaxNode | undefined, at: number): TargetApart {
  let target: Target | undefined;
  const effects = block(body, () => {
    target = lowerTarget(body, node, at);
  });
  const real = target as Target;
  if (isEmpty(effects)) return { target: real, follow: null };
  const { start, end } = real;
  const value = temp(newTemp(body), start, end);
  const follow = (): void => {
    emitStmt(body, effects);
    emit(body, { op: 'assign', target: real, value, start, end });
  };
  return { target: value, follow };
}
