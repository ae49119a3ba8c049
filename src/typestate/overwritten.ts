/**
 * What becomes of a thing when its last name is given another value?
 *
 * It is lost, unless a callable that was registered before has kept it: `self.addCleanup(p.stop)` binds the method of what `p` is then, and so
 * does the default of `lambda p=p: p.stop()`. Any other lambda or nested function looks the name up when it runs, and means another thing by then.
 */
import type { Instr } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';
import { below } from './path.ts';
import { defaultPaths } from './relation.ts';
import type { State } from './state.ts';
import type { End, Tracked } from './transfer.ts';

/** `state`: before the assignment, with the name still in it. */
export function overwritten(instr: Instr, state: State, tracked: Tracked, scope: Scope, engine: Engine): End {
  const kept = engine.runPending(state, tracked, scope, (callee, at) => {
    const value = engine.values.of(callee, at);
    if (value?.kind !== 'nested') return true;
    return defaultPaths(engine.values.scopeOf(value), engine.values).some(({ path }) => state.holders.some((h) => below(path, h) !== undefined));
  });
  return kept ?? { end: 'lost', instr, scope, how: 'overwritten' };
}
