/** Which calls wait for time and not for a condition? The configuration names them. */
import type { Instr } from '../../ir/ir.ts';
import type { Scope } from '../../program/scope.ts';
import type { RuleContext } from '../define.ts';

/** True for a call that sleeps. */
export function isSleep(instr: Instr, scope: Scope, context: RuleContext): instr is Extract<Instr, { op: 'call' }> {
  if (instr.op !== 'call') return false;
  const { view } = context.engine.calls.info(instr, scope);
  return context.engine
    .patternsFor(scope)
    .waits(view)
    .some((w) => w.pattern.sleep);
}
