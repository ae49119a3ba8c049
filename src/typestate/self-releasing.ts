/**
 * Does an object give back by itself what it holds?
 *
 * An object whose class comes from a framework (a thread, a handler) does, when the framework runs one of its methods. So does what was made
 * with a callback that releases it: `self.server = await start_server(self.handle, host)`, where `handle` ends with `self.server.close()`.
 * Misses: such an object that is never run (samples/09-helpers).
 */
import type { Instr } from '../ir/ir.ts';
import { expressionOf } from '../program/call-site.ts';
import type { ClassUnit } from '../program/classes.ts';
import { callsIn } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import type { Callable } from './chains.ts';
import type { Engine } from './engine.ts';
import { nameOf } from './naming.ts';
import { below, type Path } from './path.ts';
import type { Site } from './sites.ts';
import { type State, withHolders } from './state.ts';
import { type EndKind, isEnd, type Post, type Tracked } from './transfer.ts';

/** What the test calls when it is done with an object: that such a method releases says nothing of what happens where it is not called. */
const CALLED_BY_THE_TEST = /^_|close|stop|shut|quit|clean|release|terminate|kill|join|tear_?down|finish|delete|remove|free/i;

/** One of the methods that the framework may run ends the obligation. `states` are those in which the object, as `@`, holds it. */
export function releasedByItself(
  cls: ClassUnit,
  states: readonly State[],
  tracked: Tracked,
  engine: Engine,
  counts = (method: string, end: EndKind): boolean => method !== '__init__' && end === 'released',
): boolean {
  if (cls.externalBases.length === 0 && !cls.hasUnknownBase) return false;
  for (const c of cls.mro) {
    for (const [name, index] of c.members) {
      const fn = c.module.ir.functions[index];
      if (fn?.kind !== 'function' || !(counts(name, 'released') || counts(name, 'escaped'))) continue;
      const scope: Scope = { module: c.module, fn, cls, definedIn: c };
      for (const s of states) {
        if (!engine.mentions(scope, s.holders)) continue;
        const effect = engine.effectOf(scope, tracked, { ...s, facts: new Map(), pending: 0, inFlight: null });
        if (effect.normal.some((o) => isEnd(o) && counts(name, o.end))) return true;
      }
    }
  }
  return false;
}

/** A constructor that keeps what it is given, in an object that gives it back by itself or hands it to the callable that it runs. */
export function keptByItsOwner(
  post: Post,
  callee: Callable,
  result: Path | undefined,
  instr: Instr,
  tracked: Tracked,
  scope: Scope,
  engine: Engine,
): Post {
  if (callee.kind !== 'class' || result === undefined) return post;
  const { cls } = callee;
  const counts = (method: string, end: EndKind): boolean => !CALLED_BY_THE_TEST.test(method) && (end === 'released' || end === 'escaped');
  return {
    ...post,
    normal: post.normal.map((o) => {
      if (isEnd(o)) return o;
      const inside = o.holders.flatMap((h) => below(result, h) ?? []).map((m) => `@${m}`);
      if (inside.length === 0 || !releasedByItself(cls, [withHolders(o, inside)], tracked, engine, counts)) return o;
      return { end: 'transferred', instr, scope, how: `kept by ${cls.body.name}` };
    }),
  };
}

/** A callable among the arguments with which it was made releases it, under the name that it gets. */
export function releasedByCallback(site: Site, engine: Engine): boolean {
  const { scope, instr, chain, tracked } = site;
  if (instr.op !== 'call' || chain.length > 1) return false;
  return instr.args.some((a) => {
    const value = a.value.op === 'name' || a.value.op === 'attr' ? engine.values.of(a.value, scope) : undefined;
    if (value?.kind !== 'method' && value?.kind !== 'nested' && value?.kind !== 'function') return false;
    const name = nameOf(site);
    const callback = engine.values.scopeOf(value);
    return callsIn(callback.fn.body).some(
      (c) =>
        c.callee.op === 'attr' &&
        expressionOf(c.callee.of) === name &&
        engine.patternsFor(callback).releases(engine.calls.info(c, callback).view, tracked.kind, tracked.captures).length > 0,
    );
  });
}
