/**
 * What does a call of a project's function bring its caller, and what does the call tell the function?
 *
 * An obligation of the callee outlives it where something outside holds it at an exit. A switch (`cleanup=True`) says which way the callee goes.
 */
import { factsOf, type Scope } from '../program/scope.ts';
import type { Entry } from './callee.ts';
import type { CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';
import type { Exploration } from './explore.ts';
import type { Site } from './sites.ts';
import { type InFlight, type State, withHolders } from './state.ts';
import { withoutLocals } from './transfer.ts';

export interface FreshSite extends Pick<Site, 'tracked' | 'match' | 'chain' | 'handle'> {
  readonly site: Site;
  /** On some ways the function releases it itself. */
  readonly isSplit: boolean;
  readonly normal: readonly State[];
  readonly raised: readonly State[];
}

/** The states in which something outside the function holds it at the exits of a kind. */
export function outlive(run: Exploration, kind: 'normal' | 'raised', scope: Scope, engine: Engine): readonly State[] {
  const states = new Map<string, State>();
  for (const e of run.exits) {
    if (e.kind !== kind) continue;
    const holders = withoutLocals(e.state, scope);
    // Each step that raises by itself: one looked at closely may turn out to raise nothing. A guard's own `raise` nobody expects.
    const flight = kind === 'normal' ? null : e.state.inFlight;
    const inFlight: InFlight | null = flight?.odds === 'likely' && flight.type !== 'AssertionError' ? { ...flight, odds: 'unlikely' } : flight;
    if (holders.length > 0)
      states.set(`${holders.join(' ')} ${e.state.phase} ${engine.id(flight?.at?.instr)}`, { ...withHolders(e.state, holders), inFlight });
  }
  return [...states.values()];
}

/**
 * What the callee's parameters are known to be; a switch of the caller's own that it hands on has its default.
 * Misses: what is not registered where somebody turns such a switch off (samples/09-helpers).
 */
export function handedOn(entry: Entry, { args }: CallInstr, { fn }: Scope): Entry['constants'] {
  const out = new Map(entry.constants);
  const { module, fn: callee } = entry.scope;
  const first = factsOf(module, callee).receiver ? 1 : 0;
  const star = args.findIndex((a) => a.kind === 'star');
  args.forEach(({ kind, name, value }, i) => {
    if (value.op !== 'name' || value.scope !== 'local' || (star >= 0 && i > star)) return;
    const given = kind === 'keyword' ? name : kind === 'positional' ? callee.params[i + first]?.name : undefined;
    const own = fn.params.find((p) => p.name === value.name);
    if (given && own?.default?.op === 'const') out.set(`${callee.index}:${given}`, own.default.value);
  });
  return out;
}

/** The code is neither beside the test nor called test code. */
export function isProductCode(made: Scope, by: Scope, engine: Engine): boolean {
  const folderOf = (s: Scope): string => s.module.path.slice(0, s.module.path.lastIndexOf('/') + 1);
  return folderOf(made) !== folderOf(by) && !engine.values.program.isTestCode(made.module.name);
}
