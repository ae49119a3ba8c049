/**
 * Is what a function leaves ended by somebody whom it need not ask: the interpreter at the end of a statement, or the runner of a coroutine?
 *
 * CPython closes what has no name when nothing refers to it any more. A runner cancels the tasks that are left when it closes its loop.
 * Leaves out: other interpreters.
 */
import type { Instr } from '../ir/ir.ts';
import { callsIn } from '../program/module.ts';
import type { Engine } from './engine.ts';
import type { Site } from './sites.ts';

/** A task of a coroutine, or of a generator that a decorator runs. */
export function isEndedByLoop({ scope: { fn }, tracked }: Pick<Site, 'scope' | 'tracked'>): boolean {
  return tracked.kind.endsWithLoop && (fn.isAsync || fn.isGenerator);
}

/** `open(path).read()`: of the result one method is called, in a statement that is over when `raise` raises. */
export function isDroppedBefore(raise: Instr | undefined, { instr, scope, chain, tracked }: Site, engine: Engine): boolean {
  if (!raise || instr.op !== 'call' || chain.length > 1 || tracked.kind.reach !== 'object') return false;
  if (engine.facts(scope).tempUses(instr.result) !== 1) return false;
  return callsIn(scope.fn.body).some(({ callee, end }) => {
    const isUse = callee.op === 'attr' && callee.of.op === 'temp' && callee.of.id === instr.result;
    return isUse && raise.start >= end;
  });
}

/** The result of the call is read by nothing: it was dropped on the spot. */
export function isUnbound(site: Site, engine: Engine): boolean {
  return site.instr.op === 'call' && site.chain.length === 1 && engine.facts(site.scope).tempUses(site.instr.result) === 0;
}
