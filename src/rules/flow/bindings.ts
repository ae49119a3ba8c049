/** Does an assignment's target bind this local? */
import type { Operand } from '../../ir/ir.ts';

/** True where the target, or a part of it, is the name. */
export function bindsName(target: Operand | { readonly op: 'targets' | 'starred' }, name: string): boolean {
  if (target.op === 'name') return target.name === name;
  if (target.op === 'targets') return (target as unknown as { items: Operand[] }).items.some((t) => bindsName(t, name));
  return target.op === 'starred' && bindsName((target as unknown as { of: Operand }).of, name);
}
