/**
 * What does a for loop's head do to an obligation that is an element of what it walks?
 *
 * The collection is not empty while it holds the resource, and some turn of the loop takes exactly this element: so the loop is entered
 * with the loop variable as a holder, and it may end only after that turn. `visited` facts keep the two apart.
 */
import type { Instr, Operand } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import { forget } from './branch.ts';
import type { Engine } from './engine.ts';
import { pathOf } from './path.ts';
import { heldBelow } from './relation.ts';
import { addHolders, killHolders, type State, withFact } from './state.ts';
import type { Tracked } from './transfer.ts';

export interface Turn {
  readonly edge: 'true' | 'false';
  readonly state: State;
}

export function nextElement(instr: Extract<Instr, { op: 'next' }>, state: State, tracked: Tracked, scope: Scope, engine: Engine): readonly Turn[] {
  const fact = `visited ${instr.start}`;
  const elements = heldBelow(instr.iterable, state, tracked.kind, scope, engine.values)
    .filter((m) => m.startsWith('['))
    .map((m) => m.replace(/^\[[^\]]*\]/, ''));
  const rebound = unbind(instr, state, scope, engine);
  const leave: Turn = { edge: 'false', state: withFact(state, fact, undefined) };
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
