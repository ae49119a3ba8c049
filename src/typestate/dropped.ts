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

/** A task of a coroutine, of a generator that a decorator runs, or of a loop that the function closes itself. */
export function isEndedByLoop({ scope: { fn }, instr, tracked }: Pick<Site, 'scope' | 'instr' | 'tracked'>): boolean {
  if (!tracked.kind.endsWithLoop) return false;
  if (fn.isAsync || fn.isGenerator) return true;
  const loop = instr.op === 'call' && instr.callee.op === 'attr' && instr.callee.of.op === 'name' ? instr.callee.of.name : undefined;
  return (
    loop !== undefined &&
    callsIn(fn.body).some(({ callee }) => callee.op === 'attr' && callee.name === 'close' && callee.of.op === 'name' && callee.of.name === loop)
  );
}

/** `open(path).read()`: of the result one method is called, in a statement that is over when `raise` raises. */
export function isDroppedBefore(raise: Instr | undefined, site: Site, engine: Engine): boolean {
  const use = raise && site.tracked.kind.reach === 'object' ? onlyUse(site, engine) : undefined;
  return use !== undefined && raise !== undefined && raise.start >= use.end;
}

/** `PoolManager().request("GET", url)`: what the collector closes in silence is gone with the statement. */
export const isGoneAtOnce = (site: Site, engine: Engine): boolean => site.tracked.kind.closesItself && onlyUse(site, engine) !== undefined;

/** The call of a method of the result, which has no name and no other use. */
function onlyUse({ instr, scope, chain }: Site, engine: Engine): Instr | undefined {
  if (instr.op !== 'call' || chain.length > 1 || engine.facts(scope).tempUses(instr.result) !== 1) return undefined;
  return callsIn(scope.fn.body).find(({ callee }) => callee.op === 'attr' && callee.of.op === 'temp' && callee.of.id === instr.result);
}

/** The result of the call is read by nothing: it was dropped on the spot. */
export function isUnbound(site: Site, engine: Engine): boolean {
  return site.instr.op === 'call' && site.chain.length === 1 && engine.facts(site.scope).tempUses(site.instr.result) === 0;
}
