/**
 * Is an instruction expected to raise, or is its failure handled?
 *
 * Inside `assertRaises` and its like, by `assertRaises(E, f)` itself, or in the body of a `try` with handlers: then a wrong use of a
 * resource is what the test is about, and no rule reports it.
 */
import type { Instr, Stmt } from '../ir/ir.ts';
import { forEachStmt } from '../ir/statements.ts';
import { forEachInstr, instrsIn } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import type { Engine } from '../typestate/engine.ts';

export function isExpectedToRaise(instr: Instr, scope: Scope, engine: Engine): boolean {
  // assertRaises(ValueError, file.read): the call itself expects the failure.
  if (
    instr.op === 'call' &&
    engine
      .patternsFor(scope)
      .manager(engine.calls.info(instr, scope).view)
      .some((m) => m.pattern.effect === 'must-raise')
  )
    return true;
  const expected = engine
    .facts(scope)
    .enclosing(instr)
    .some((manager) => {
      const info = engine.calls.manager(
        { op: 'enter', result: 0, manager, target: null, isAsync: false, start: manager.start, end: manager.end },
        scope,
      );
      return info.effects.some((e) => e.pattern.effect === 'must-raise' || e.pattern.effect === 'swallows');
    });
  return expected || isHandled(scope.fn.body, instr);
}

/** `with assertRaises(AttributeError): module.name = fake`: it is the last step where something has to raise, so that it never takes effect. */
export function isLastToRaise(instr: Instr, scope: Scope, engine: Engine): boolean {
  if (engine.facts(scope).enclosing(instr).length === 0) return false;
  let isLast = false;
  forEachStmt(scope.fn.body, (s) => {
    if (s.op !== 'with' || instrsIn(s.body).at(-1) !== instr) return;
    isLast ||= engine.calls.manager(s.enter, scope).effects.some((e) => e.pattern.effect === 'must-raise');
  });
  return isLast;
}

/** The instruction stands in the body of a try statement with handlers. */
function isHandled(stmt: Stmt, instr: Instr): boolean {
  switch (stmt.op) {
    case 'seq':
      return stmt.items.some((s) => isHandled(s, instr));
    case 'if':
      return isHandled(stmt.then, instr) || (stmt.otherwise !== null && isHandled(stmt.otherwise, instr));
    case 'loop':
      return isHandled(stmt.body, instr) || (stmt.otherwise !== null && isHandled(stmt.otherwise, instr));
    case 'with':
      return isHandled(stmt.body, instr);
    case 'match':
      return stmt.cases.some((c) => isHandled(c.body, instr));
    case 'try': {
      if (stmt.handlers.length > 0 && holds(stmt.body, instr)) return true;
      return (
        isHandled(stmt.body, instr) ||
        stmt.handlers.some((h) => isHandled(h.body, instr)) ||
        (stmt.otherwise !== null && isHandled(stmt.otherwise, instr)) ||
        (stmt.final !== null && isHandled(stmt.final, instr))
      );
    }
    default:
      return false;
  }
}

function holds(stmt: Stmt, instr: Instr): boolean {
  let found = false;
  forEachInstr(stmt, (i) => {
    found ||= i === instr;
  });
  return found;
}
