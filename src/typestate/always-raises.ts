/**
 * Does an instruction never go on normally?
 *
 * What `raising` answers with `always`, without asking how likely the others raise: only calls that the configuration says raise or end the
 * program, assertions of what cannot hold, and project functions without a normal exit never go on.
 */
import type { Instr } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import { neverHolds } from '../suite/assertions.ts';
import type { Calls } from './calls.ts';

/** True where the instruction raises, or ends the program, whenever it runs. */
export function alwaysRaises(instr: Instr, scope: Scope, calls: Calls): boolean {
  if (instr.op === 'raise') return true;
  return (instr.op !== 'call' || mayAlways(instr, scope, calls)) && calls.raising(instr, scope).likelihood === 'always';
}

/** Cheap question; `false` is certain. */
function mayAlways(call: Extract<Instr, { op: 'call' }>, scope: Scope, calls: Calls): boolean {
  let asserts = false;
  if (calls.mayModel(call, scope))
    for (const { pattern } of calls.info(call, scope).models) {
      if (pattern.effect === 'raises' || pattern.effect === 'ends') return true;
      if (pattern.effect === 'asserts') asserts = true;
    }
  if (asserts) return neverHolds(call, scope, calls);
  const callee = calls.callee(call, scope);
  if (!callee) return false;
  const { registration, indirection } = calls.info(call, scope);
  return !registration && !indirection && calls.neverReturns(callee, scope);
}
