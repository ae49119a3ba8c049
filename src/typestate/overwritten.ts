/**
 * What becomes of a thing when its last name is given another value?
 *
 * It is lost, unless a callable that was registered before has kept it: `self.addCleanup(p.stop)` binds the method of what `p` is then. A lambda
 * or nested function looks the name up when it runs, and means another thing by then. Leaves out: lambdas with the thing as a default.
 */
import type { Instr } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';
import type { State } from './state.ts';
import type { End, Tracked } from './transfer.ts';

/** `state`: before the assignment, with the name still in it. */
export function overwritten(instr: Instr, state: State, tracked: Tracked, scope: Scope, engine: Engine): End {
  const kept = engine.runPending(state, tracked, scope, (callee, at) => engine.values.of(callee, at)?.kind !== 'nested');
  return kept ?? { end: 'lost', instr, scope, how: 'overwritten' };
}
