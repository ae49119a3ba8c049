/**
 * * At which call of a chain of helpers does a finding stand?
 *
 * Where the obligation enters the function that should discharge it; `super().setUp()` hands nothing new to the subclass, so the
 * finding stands further in.
 */
import type { Instr } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import { factsOf, type Scope } from '../program/scope.ts';

/** True for calls through `super()`, and for `Base.setUp(self)` in a `setUp`. */
export function callsSuper(instr: Instr, scope: Scope): boolean {
  if (instr.op !== 'call' || instr.callee.op !== 'attr') return false;
  const [first] = instr.args;
  const own = factsOf(scope.module, scope.fn).receiver?.name;
  if (instr.callee.name === scope.fn.name && own !== undefined && first?.value.op === 'name' && first.value.name === own) return true;
  const receiver = callBehind(instr.callee.of, scope);
  return receiver?.callee.op === 'name' && receiver.callee.name === 'super';
}
