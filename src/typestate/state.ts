/**
 * What is known of one obligation at one point of a path?
 *
 * Each acquisition is followed by itself, so a state is small: who holds the resource, how far its automaton is (`phase`), which
 * branch facts hold on this path, which registered callables will run at the end, which exception is on its way. States are compared by
 * `keyOf`; different states at one block are kept apart (disjuncts) up to a named limit in explore.ts.
 */
import type { Instr } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import { below, type Path } from './path.ts';

/** How an exception arose: in an assertion or a wait, which tests expect; in any call; or where only a failing machine raises. */
export type Odds = 'likely' | 'unlikely' | 'rare';

/** An exception on its way out. `type` is the last segment of its class, '' for what an ordinary call may raise. */
export interface InFlight {
  readonly type: string;
  readonly odds: Odds;
  /** Where it was raised first, for witnesses; no part of the state's identity. */
  readonly at?: { readonly scope: Scope; readonly instr: Instr };
}

export interface State {
  /** Sorted; all of them denote the one resource (or the place where its owner keeps it). */
  readonly holders: readonly Path[];
  /** Bit 0: the obligation has begun (else the object is only made). Higher bits: parts of a release that takes several calls. */
  readonly phase: number;
  /** Known values of flags and outcomes of tests on this path: key → value. */
  readonly facts: ReadonlyMap<string, string | number | boolean | null>;
  /** Registered callables of this function that run later, as bits of its registration list. */
  readonly pending: number;
  readonly inFlight: InFlight | null;
  /** A failure was swallowed (subTest): the test counts as failed from here on. How likely that failure was. */
  readonly failed: Odds | false;
}

export const STARTED = 1;
/** The resource has been given back; followed on only to see whether it is released again or used. Above all bits of partial releases. */
export const RELEASED = 2 ** 29;

/** Fact: a handler for every exception caught something on this path. */
export const CAUGHT = 'caught';
/** Fact: how an exception arose that a handler has caught, where the function raises it again. */
export const CAUGHT_ODDS = 'caught odds';

const NO_FACTS: State['facts'] = new Map();

export function initialState(holders: readonly Path[], started: boolean, facts: State['facts'] = NO_FACTS, pending = 0): State {
  return { holders: sorted(holders), phase: started ? STARTED : 0, facts, pending, inFlight: null, failed: false };
}

const sorted = (paths: readonly Path[]): readonly Path[] => [...new Set(paths)].sort();

export function keyOf(state: State): string {
  let facts = '';
  if (state.facts.size > 0)
    facts = [...state.facts]
      .map(([k, v]) => `${k}=${String(v)}`)
      .sort()
      .join(',');
  return `${state.holders.join(' ')}|${state.phase}|${facts}|${state.pending}|${state.inFlight ? `${state.inFlight.odds[0]}${state.inFlight.type}` : ''}|${state.failed || 0}`;
}

/** The obligation has begun. */
export const hasStarted = ({ state }: { readonly state: State }): boolean => (state.phase & STARTED) !== 0;

/** Fact: where the obligation began, by its offset, if that was not where the thing was made. */
export const BEGAN = 'began';

/** The obligation has begun at the instruction: a thread was started, a coroutine was run. */
export const begun = (state: State, at: Instr): State => withFact({ ...state, phase: state.phase | STARTED }, BEGAN, at.start);

export const withHolders = (state: State, holders: readonly Path[]): State => ({ ...state, holders: sorted(holders) });

/**
 * Places that may hold one thing at a time; handles have two or three. `x = [x, x, x]` in a loop makes three times as many each round, without end.
 */
const MAX_HOLDERS = 64;

/** Adds holders, as long as there is room; the same state where nothing is new. */
export function addHolders(state: State, extra: readonly Path[]): State {
  const fresh = extra.filter((p) => !state.holders.includes(p)).slice(0, Math.max(0, MAX_HOLDERS - state.holders.length));
  return fresh.length === 0 ? state : withHolders(state, [...state.holders, ...fresh]);
}

/** Removes the holders at and below `path` (the place was given another value). */
export function killHolders(state: State, path: Path): State {
  if (path.endsWith('[*]')) return state; // A store to an unknown key overwrites nothing for certain.
  const rest = state.holders.filter((h) => below(path, h) === undefined);
  return rest.length === state.holders.length ? state : withHolders(state, rest);
}

export function withFact(state: State, key: string, value: string | number | boolean | null | undefined): State {
  if (value === undefined ? !state.facts.has(key) : state.facts.get(key) === value) return state;
  const facts = new Map(state.facts);
  if (value === undefined) facts.delete(key);
  else facts.set(key, value);
  return { ...state, facts };
}
