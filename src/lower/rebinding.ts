/**
 * Does one part of an expression bind a name that an earlier part has read?
 *
 * `f(x, x := 1)` passes the old x. Operand trees are read when their instruction runs, so the earlier part has to be put aside; but only
 * then, since `self.check(n := len(a))` should keep its `self.check`.
 */
import type { Operand } from '../ir/ir.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { ModuleState } from './body.ts';
import { childIn, textOf } from './nodes.ts';

/** By name, the place in `nodes` of the last part that binds it; one pass over all of them. */
export function lastBindings(module: ModuleState, nodes: readonly (SyntaxNode | undefined)[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  nodes.forEach((root, place) => {
    const pending = root === undefined ? [] : [root];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      const name = node.type === 'named_expression' ? childIn(node, 'name') : undefined;
      if (name !== undefined) last.set(textOf(module, name), place);
      for (const child of node.children) pending.push(child);
    }
  });
  return last;
}

/**
 * Whether an operand, the part at `place`, reads a name that a later part binds. Starred operands are not looked into: they cannot be put
 * into a temporary.
 */
export function isRebound(operand: Operand, place: number, last: ReadonlyMap<string, number>): boolean {
  if (last.size === 0) return false;
  const inside = (inner: Operand): boolean => isRebound(inner, place, last);
  const any = (operands: readonly (Operand | null)[]): boolean => operands.some((inner) => inner !== null && inside(inner));
  switch (operand.op) {
    case 'name':
      return (last.get(operand.name) ?? -1) > place;
    case 'attr':
    case 'unary':
      return inside(operand.of);
    case 'index':
      return any([operand.of, operand.key]);
    case 'slice':
      return any(operand.parts);
    case 'tuple':
    case 'list':
    case 'set':
    case 'boolean':
      return any(operand.items);
    case 'dict':
      return operand.entries.some(({ key, value }) => any([key, value]));
    case 'format':
      return any(operand.parts.filter((part) => typeof part !== 'string'));
    case 'binary':
      return any([operand.left, operand.right]);
    case 'compare':
      return any([operand.left, ...operand.rest.map(({ value }) => value)]);
    case 'choice':
      return any([operand.test, operand.then, operand.otherwise]);
    default:
      return false;
  }
}
