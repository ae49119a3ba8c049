/**
 * Does a test let go of what it holds to see what becomes of it: a warning, the collector's work?
 *
 * `with self.assertWarns(ResourceWarning): del file`, `del file; gc.collect()`. Which managers expect a leak (the effect `intended`) and which
 * calls collect is configuration. What is held by temporaries alone is held by nothing any more: they go with their statement.
 */
import type { Instr } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import { callsIn } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';
import type { State } from './state.ts';

/** `left`: what is known behind the statement that lets go. */
export function isDroppedOnPurpose(instr: Instr, left: State, scope: Scope, engine: Engine): boolean {
  if (isLeakExpected(instr, scope, engine)) return true;
  return left.holders.every((h) => h.startsWith(`${scope.fn.index}%`)) && collectsGarbage(scope, engine);
}

/** A with statement around it expects a leak. */
export function isLeakExpected(instr: Instr, scope: Scope, engine: Engine): boolean {
  const patterns = engine.patternsFor(scope);
  return factsOf(scope.module, scope.fn)
    .enclosing(instr)
    .some((manager) => {
      const call = callBehind(manager, scope);
      return call !== undefined && patterns.manager(engine.calls.info(call, scope).view).some((m) => m.pattern.effect === 'intended');
    });
}

/** The function runs the garbage collector: what it drops, it drops to see it collected. */
const collectsGarbage = (scope: Scope, engine: Engine): boolean =>
  callsIn(scope.fn.body).some((i) => engine.calls.info(i, scope).models.some((m) => m.pattern.effect === 'collects'));
