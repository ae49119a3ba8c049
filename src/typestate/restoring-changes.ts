/**
 * Which changes of process state put back what was there, though they set it to something?
 *
 * `if not was_enabled: gc.disable()` after `gc.enable()`: what was asked before the first change decides, so the arm makes it what it was.
 * Leaves out: whether the arm is the right one, and a change that is the function's first of that state: nothing is put back yet.
 */
import type { StatePattern } from '../config/model.ts';
import type { Operand } from '../ir/ir.ts';
import { testsAround } from '../ir/nesting.ts';
import type { Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';
import type { StateEvent } from './process-state.ts';
import { asksWhatWas } from './saved-state.ts';

/** The changes among `events`, those of one function, that stand in an arm of a test of a saved value and have another one before them. */
export function putBackByArms(events: readonly StateEvent[], scope: Scope, engine: Engine): readonly StateEvent[] {
  const isLater = (e: StateEvent): boolean => events.some((f) => f.state === e.state && f.instr.start < e.instr.start);
  const open = events.filter((e) => e.role === 'changes' && isLater(e));
  if (open.length === 0) return [];
  const asked = (state: StatePattern, test: Operand): boolean => {
    const of = test.op === 'unary' ? test.of : test;
    return (of.op === 'name' || of.op === 'attr') && asksWhatWas(of, state, scope, engine);
  };
  return open.filter((e) => testsAround(e.instr, scope.fn.body).some((test) => asked(e.state, test)));
}
