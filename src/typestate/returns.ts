/**
 * Does a callback hand out what it closes over?
 *
 * `def opener(path, flags): return fd`, handed to `open`: whoever calls it gets the resource, so that it escapes. Only direct returns and
 * yields are looked at.
 */
import { forEachInstr } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';
import { heldBelow } from './relation.ts';
import type { State } from './state.ts';
import type { Tracked } from './transfer.ts';

/** True where a return or yield of the function gives the tracked resource, under the names it has outside. */
export function returnsOneOf(scope: Scope, state: State, tracked: Tracked, engine: Engine): boolean {
  let found = false;
  forEachInstr(scope.fn.body, (i) => {
    if ((i.op === 'return' || i.op === 'yield') && i.value !== null && heldBelow(i.value, state, tracked.kind, scope, engine.values).length > 0)
      found = true;
  });
  return found;
}
