/**
 * Is what a test keeps on `self` given back by a hook that a base class of the project's own calls?
 *
 * `clientTearDown`, which the base's thread runs when the client is done: no framework knows the name, so no phase of the test goes through
 * it. A method that overrides one of a base, and that a method of the project's bases calls on `self`, is such a hook.
 * Leaves out: whether the base runs it for each test; whoever writes such a base has thought of it.
 */
import type { ClassUnit } from '../program/classes.ts';
import { callsIn } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';
import { type State, withHolders } from './state.ts';
import { isEnd, type Tracked } from './transfer.ts';

/** The name of the hook that ends the obligation which `state` holds on `self`; undefined where there is none. */
export function releasingHook(state: State, tracked: Tracked, cls: ClassUnit | undefined, engine: Engine): string | undefined {
  const held = state.holders.filter((h) => h.startsWith('@.'));
  if (!cls || held.length === 0 || cls.mro.length < 2) return undefined;
  const frameworks = new Set(engine.options.frameworks.flatMap((f) => [...f.setup, ...f.teardown, ...f.classSetup, ...f.classTeardown]));
  for (const [depth, c] of cls.mro.entries()) {
    for (const [name, index] of c.members) {
      const fn = c.module.ir.functions[index];
      if (fn?.kind !== 'function' || name.startsWith('__') || name.startsWith('test') || frameworks.has(name)) continue;
      const bases = cls.mro.slice(depth + 1).filter((b) => b.members.has(name));
      const scope: Scope = { module: c.module, fn, cls, definedIn: c };
      if (bases.length === 0 || !bases.some((b) => callsOnSelf(b, name)) || !engine.mentions(scope, held)) continue;
      const effect = engine.effectOf(scope, tracked, { ...withHolders(state, held), facts: new Map(), pending: 0, inFlight: null });
      if (effect.normal.some((o) => isEnd(o) && o.end === 'released') || effect.raised.some((o) => isEnd(o) && o.end === 'released')) return name;
    }
  }
  return undefined;
}

/** A method of the class calls `self.name()`. */
function callsOnSelf(cls: ClassUnit, name: string): boolean {
  return [...cls.members.values()].some((index) => {
    const fn = cls.module.ir.functions[index];
    if (fn?.kind !== 'function') return false;
    const { receiver } = factsOf(cls.module, fn);
    return callsIn(fn.body).some(
      (c) => c.callee.op === 'attr' && c.callee.name === name && c.callee.of.op === 'name' && c.callee.of.name === receiver?.name,
    );
  });
}
