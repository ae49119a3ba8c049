/**
 * Does an instruction stand where something has to raise: `with assertRaises(Error):`, `assertRaises(Error, connect)`?
 *
 * Which managers and calls ask for it is configuration (the effect `must-raise`).
 */
import type { CallView, Patterns } from '../config/call-view.ts';
import type { Instr } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import { entersIn } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';

/** The call itself asks for it. */
export const asksToRaise = (view: CallView, patterns: Patterns): boolean => patterns.manager(view).some((m) => m.pattern.effect === 'must-raise');

/** A with statement around the instruction asks for it. */
export function isExpectedToRaise(instr: Instr, scope: Scope, engine: Engine): boolean {
  return factsOf(scope.module, scope.fn)
    .enclosing(instr)
    .some((manager) => {
      const call = callBehind(manager, scope);
      return call !== undefined && asksToRaise(engine.calls.info(call, scope).view, engine.patternsFor(scope));
    });
}

/** `with assertRaises(Cancelled): with client() as c: c.run()`: entering the client is what the test needs to come to what has to raise. */
export function onlyPrepares(instr: Instr, scope: Scope, engine: Engine): boolean {
  if ((instr.op !== 'enter' && instr.op !== 'call') || !isExpectedToRaise(instr, scope, engine)) return false;
  const { enclosing } = factsOf(scope.module, scope.fn);
  return entersIn(scope.fn.body).some(
    (i) => enclosing(i).length > 0 && (i === instr || callBehind(i.manager, scope) === instr) && engine.calls.raisesInside(i.manager, scope),
  );
}
