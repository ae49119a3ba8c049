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

const noNames: ReadonlySet<string> = new Set();

/** The names that assignment expressions in `nodes` bind. */
export function walrusNames(module: ModuleState, nodes: readonly (SyntaxNode | undefined)[]): ReadonlySet<string> {
  const pending = nodes.filter((node) => node !== undefined);
  if (pending.length === 0) return noNames;
  const names = new Set<string>();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const name = node.type === 'named_expression' ? childIn(node, 'name') : undefined;
    if (name !== undefined) names.add(textOf(module, name));
    for (const child of node.children) pending.push(child);
  }
  return names;
}

/** Whether an operand reads one of `names`. Starred operands are not looked into: they cannot be put into a temporary. */
export function readsAny(operand: Operand, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  const any = (operands: readonly (Operand | null)[]): boolean => operands.some((inner) => inner !== null && readsAny(inner, names));
  switch (operand.op) {
    case 'name':
      return names.has(operand.name);
    case 'attr':
    case 'unary':
      return readsAny(operand.of, names);
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
