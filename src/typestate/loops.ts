/**
 * What does a for loop's head do to an obligation that is an element of what it walks?
 *
 * The collection is not empty while it holds the resource, and some turn of the loop takes exactly this element: so the loop is entered
 * with the loop variable as a holder, and it may end only after that turn. So it is with anything that is known to have elements: `for name in ("a", "b")`
 * is entered. `visited` facts keep the two apart.
 */
import { type Cfg, EdgeKind } from '../cfg/cfg.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import { blocksOf } from './blocks-of.ts';
import { forget } from './branch.ts';
import type { Engine } from './engine.ts';
import { hasElements } from './has-elements.ts';
import { namedTurn } from './named-attributes.ts';
import { pathOf } from './path.ts';
import { eventsAt, isStateKind, restored } from './process-state.ts';
import { heldBelow } from './relation.ts';
import { addHolders, killHolders, type State, withFact } from './state.ts';
import type { Tracked } from './transfer.ts';

export interface Turn {
  readonly edge: 'true' | 'false';
  readonly state: State;
}

/** The turns that the loop's head takes; `isBack` where the state comes from the end of a turn. */
export function nextElement(
  instr: Extract<Instr, { op: 'next' }>,
  isBack: boolean,
  state: State,
  tracked: Tracked,
  scope: Scope,
  engine: Engine,
): readonly Turn[] {
  const fact = `visited ${instr.start}`;
  const elements = heldBelow(instr.iterable, state, tracked.kind, scope, engine.values)
    .filter((m) => m.startsWith('['))
    .map((m) => m.replace(/^\[[^\]]*\]/, ''));
  const rebound = unbind(instr, state, scope, engine);
  const leave: Turn = { edge: 'false', state: withFact(state, fact, undefined) };
  const named = elements.length === 0 && state.facts.get(fact) !== true ? namedTurn(instr, state, scope, engine.values) : undefined;
  if (named) return [{ edge: 'true', state: withFact(withFact(rebound, named.variable, named.name), fact, true) }];
  // What is waited for one by one, in a loop that looks it up, is waited for: nobody looks up nothing.
  if (elements.length === 0 && tracked.kind.release.some((r) => r.sweeps) && sweepsInside(instr, tracked, scope, engine))
    return [{ edge: 'true', state: rebound }];
  // What was saved of each part is put back in a loop over what was saved: it was, where something was changed.
  if (elements.length === 0 && isStateKind(tracked.kind) && restoresInside(instr, state, tracked, scope, engine))
    return [{ edge: 'true', state: rebound }];
  if (elements.length === 0 && !isBack && rebound.holders.length > 0 && state.facts.get(fact) !== true && hasElements(instr.iterable, scope))
    return [{ edge: 'true', state: withFact(rebound, fact, true) }];
  if (elements.length === 0 || state.facts.get(fact) === true) {
    return rebound.holders.length === 0 ? [leave] : [{ edge: 'true', state: rebound }, leave];
  }
  const extra: string[] = [];
  const bind = (target: Operand | { op: 'targets' }, members: readonly string[]): void => {
    if (target.op === 'targets') {
      (target as unknown as { items: readonly Operand[] }).items.forEach((t, i) => {
        const mine = members.filter((m) => m.startsWith(`[${i}]`) || m.startsWith('[*]')).map((m) => m.replace(/^\[[^\]]*\]/, ''));
        if (mine.length > 0) bind(t, mine);
      });
      return;
    }
    const path = pathOf(target as Operand, scope, engine.values);
    if (path !== undefined) for (const m of members) extra.push(path + m);
  };
  bind(instr.target as Operand, elements);
  return [{ edge: 'true', state: withFact(addHolders(rebound, extra), fact, true) }];
}

const bodies = new WeakMap<Instr, readonly Instr[]>();

/** The instructions in the loop's body. */
function bodyOf(instr: Extract<Instr, { op: 'next' }>, cfg: Cfg): readonly Instr[] {
  const known = bodies.get(instr);
  if (known) return known;
  const head = blocksOf(cfg, instr)[0] ?? -1;
  const from = (kind: EdgeKind): ReadonlySet<number> => {
    const seen = new Set<number>();
    const todo: number[] = [];
    const enter = (block: number, only?: EdgeKind): void => {
      for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++) {
        const to = cfg.edgeTarget[e] as number;
        if ((only !== undefined && cfg.edgeKind[e] !== only) || cfg.edgeKind[e] === EdgeKind.raise || to === head || seen.has(to)) continue;
        seen.add(to);
        todo.push(to);
      }
    };
    enter(head, kind);
    for (let block = todo.pop(); block !== undefined; block = todo.pop()) enter(block);
    return seen;
  };
  const after = head < 0 ? new Set<number>() : from(EdgeKind.false);
  const out: Instr[] = [];
  if (head >= 0)
    for (const block of from(EdgeKind.true))
      if (!after.has(block))
        for (let i = cfg.firstInstr[block] as number; i < (cfg.firstInstr[block + 1] as number); i++) out.push(cfg.instrs[i] as Instr);
  bodies.set(instr, out);
  return out;
}

/** A call in the loop's body releases everything of the kind. */
function sweepsInside(instr: Extract<Instr, { op: 'next' }>, tracked: Tracked, scope: Scope, engine: Engine): boolean {
  const patterns = engine.patternsFor(scope);
  return bodyOf(instr, engine.cfg(scope)).some(
    (i) => i.op === 'call' && patterns.releases(engine.calls.info(i, scope).view, tracked.kind, tracked.captures).some((m) => m.pattern.sweeps),
  );
}

/**
 * Something in the loop's body restores what the obligation changed. `os.environ[key] = value` for all that was there does not take away what was
 * not; only a body that can do that as well puts everything back.
 */
function restoresInside(instr: Extract<Instr, { op: 'next' }>, state: State, tracked: Tracked, scope: Scope, engine: Engine): boolean {
  const body = bodyOf(instr, engine.cfg(scope));
  const takesAway = body.some((i) => i.op === 'delete' || (i.op === 'call' && i.callee.op === 'attr' && i.callee.name === 'pop'));
  return body.some((i) => (i.op !== 'assign' || takesAway) && restored(eventsAt(i, scope, engine), state, tracked));
}

/** The loop variable gets another value in each turn. */
function unbind(instr: Extract<Instr, { op: 'next' }>, state: State, scope: Scope, engine: Engine): State {
  const targets: Operand[] = [];
  const collect = (t: Operand | { op: 'targets' }): void => {
    if (t.op === 'targets') (t as unknown as { items: readonly Operand[] }).items.forEach(collect);
    else targets.push(t as Operand);
  };
  collect(instr.target as Operand);
  let out = state;
  for (const t of targets) {
    const path = pathOf(t, scope, engine.values);
    if (path !== undefined) {
      const killed = killHolders(forget(out, path), path);
      out = killed;
    }
  }
  return out;
}
