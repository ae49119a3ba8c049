/**
 * Does a function give back itself, later, what it hands to somebody of whom nothing is known?
 *
 * `product.read(file)`, an assertion, `file.close()`: whoever closes it afterwards has not given it away. Not so where the call's answer is read (it may be
 * what owns the thing from then on), where it is the test's own object that gets it or what a caller has given, or where its name says that it keeps things.
 */
import type { Operand } from '../ir/ir.ts';
import { callsIn } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import type { Application } from './call-transfer.ts';
import type { Engine } from './engine.ts';
import { pathOf } from './path.ts';
import { relationOf } from './relation.ts';
import type { State } from './state.ts';
import type { Tracked } from './transfer.ts';

/** Names of functions that put a thing somewhere, or hand it on. */
const KEEPS = /add|append|attach|register|push|track|keep|store|save|own|adopt|clean|close|stop|transfer|set|start|run|serve|spawn|bind|wrap|enter/i;

export function isReleasedLater(call: Application, state: State, tracked: Tracked, scope: Scope, engine: Engine): boolean {
  const { callee, instr } = call;
  const name = callee.op === 'attr' || callee.op === 'name' ? callee.name : '';
  if (!/^[a-z]/.test(name) || KEEPS.test(name) || call.result === undefined || engine.facts(scope).tempUses(call.result) > 0) return false;
  if (callee.op === 'name' && callee.scope !== 'global') return false;
  if (callee.op === 'attr' && pathOf(callee.of, scope, engine.values)?.startsWith('@')) return false;
  const isIt = (o: Operand): boolean => {
    const path = pathOf(o, scope, engine.values);
    return path !== undefined && relationOf(path, state, tracked.kind)?.kind === 'exact';
  };
  // Whoever gives it back does so with few arguments, in a statement of its own.
  return callsIn(scope.fn.body).some((c) => {
    if (c.start < instr.end || c.args.length > 2 || engine.facts(scope).tempUses(c.result) > 0) return false;
    if (!(c.callee.op === 'attr' && isIt(c.callee.of)) && !c.args.some((a) => isIt(a.value))) return false;
    return engine.patternsFor(scope).releases(engine.calls.info(c, scope).view, tracked.kind, tracked.captures).length > 0;
  });
}
