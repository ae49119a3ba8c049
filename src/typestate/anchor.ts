/**
 * * At which call of a chain of helpers does a finding stand?
 *
 * Where the obligation enters the function that should discharge it; `super().setUp()` hands nothing new to the subclass, so the
 * finding stands further in.
 */
import type { Instr } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import type { Scope } from '../program/scope.ts';

/** True for calls through `super()`. */
export function callsSuper(instr: Instr, scope: Scope): boolean {
  if (instr.op !== 'call' || instr.callee.op !== 'attr') return false;
  const receiver = callBehind(instr.callee.of, scope);
  return receiver?.callee.op === 'name' && receiver.callee.name === 'super';
}
