/**
 * Of which ready-made parts is an abstract state composed?
 *
 *  flat        nothing, one value, or any value
 *  powerset    which of up to 32 states may be (one int)
 *  mapOf       a lattice value for each key; an absent key is bottom: "may" knowledge by key
 *  mustMap     keys whose value is certain on every path: flags, branch facts
 *  mustSet     elements that are certain on every path: registered cleanups
 *  pair        two lattices side by side
 *  disjuncts   up to `limit` states kept apart, above that joined to one
 *
 * All values are immutable; a `join` that adds nothing returns its first argument.
 */
import type { Lattice } from './lattice.ts';

export type Flat<V> = { readonly kind: 'none' } | { readonly kind: 'one'; readonly value: V } | { readonly kind: 'any' };

/** Nothing below every single value below anything. `equal` compares values; identity by default. */
export function flat<V>(equal: (a: V, b: V) => boolean = Object.is, show: (value: V) => string = String): Lattice<Flat<V>> {
  const same = (a: Flat<V>, b: Flat<V>): boolean => (a.kind === 'one' && b.kind === 'one' ? equal(a.value, b.value) : a.kind === b.kind);
  return {
    name: 'flat',
    bottom: { kind: 'none' },
    join: (a, b) => (b.kind === 'none' || a.kind === 'any' || same(a, b) ? a : a.kind === 'none' ? b : { kind: 'any' }),
    equal: same,
    show: (value) => (value.kind === 'one' ? show(value.value) : value.kind),
  };
}

/** Bits of an int: a powerset has no more states than it has bits. */
export const MAX_POWERSET_STATES = 32;

/** Sets of the states `names[0]`, `names[1]` …, where bit i stands for `names[i]`. Throws RangeError above MAX_POWERSET_STATES names. */
export function powerset(names: readonly string[]): Lattice<number> {
  if (names.length > MAX_POWERSET_STATES) throw new RangeError(`a powerset has at most ${MAX_POWERSET_STATES} states, not ${names.length}`);
  return {
    name: `powerset(${names.length})`,
    bottom: 0,
    join: (a, b) => a | b,
    equal: (a, b) => a === b,
    show: (value) => (value === 0 ? 'none' : names.filter((_, bit) => (value & (1 << bit)) !== 0).join('|')),
  };
}

/** Maps with values of `inner`, joined key by key; an absent key means `inner.bottom`, and writing that or nothing is equal. */
export function mapOf<K, V>(inner: Lattice<V>, showKey: (key: K) => string = String): Lattice<ReadonlyMap<K, V>> {
  const covers = (a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>): boolean => {
    for (const [key, value] of b) {
      if (!inner.equal(a.get(key) ?? inner.bottom, value)) return false;
    }
    return true;
  };
  return {
    name: `mapOf(${inner.name})`,
    bottom: new Map<K, V>(),
    join: (a, b) => {
      if (a === b) return a;
      let result: Map<K, V> | null = null;
      for (const [key, value] of b) {
        const before = a.get(key);
        const joined = inner.join(before === undefined ? inner.bottom : before, value);
        if (before === undefined ? !inner.equal(joined, inner.bottom) : joined !== before && !inner.equal(joined, before)) {
          (result ??= new Map(a)).set(key, joined);
        }
      }
      return result ?? a;
    },
    equal: (a, b) => a === b || (covers(a, b) && covers(b, a)),
    show: (value) => {
      const known = [...value].filter(([, each]) => !inner.equal(each, inner.bottom));
      return `{${known
        .map(([key, each]) => `${showKey(key)}: ${inner.show(each)}`)
        .sort()
        .join(', ')}}`;
    },
  };
}

/** null is bottom; an absent key means that nothing is certain about it. */
export type MustMap<K, V> = ReadonlyMap<K, V> | null;

/** Keys whose value is the same on every path. `equal` compares values; identity by default. */
export function mustMap<K, V>(
  equal: (a: V, b: V) => boolean = Object.is,
  show: (key: K, value: V) => string = (key, value) => `${key}=${value}`,
): Lattice<MustMap<K, V>> {
  const holds = (map: ReadonlyMap<K, V>, key: K, value: V): boolean => map.has(key) && equal(value, map.get(key) as V);
  return {
    name: 'mustMap',
    bottom: null,
    join: (a, b) => {
      if (a === null) return b;
      if (b === null || a === b) return a;
      let result: Map<K, V> | null = null;
      for (const [key, value] of a) {
        if (!holds(b, key, value)) (result ??= new Map(a)).delete(key);
      }
      return result ?? a;
    },
    equal: (a, b) => {
      if (a === null || b === null || a === b) return a === b;
      return a.size === b.size && [...a].every(([key, value]) => holds(b, key, value));
    },
    show: (value) =>
      value === null
        ? 'unreached'
        : `{${[...value]
            .map(([key, each]) => show(key, each))
            .sort()
            .join(', ')}}`,
  };
}

/** null is bottom. */
export type MustSet<E> = ReadonlySet<E> | null;

/** Sets of elements that are there on every path: the join is the intersection. */
export function mustSet<E>(show: (element: E) => string = String): Lattice<MustSet<E>> {
  return {
    name: 'mustSet',
    bottom: null,
    join: (a, b) => {
      if (a === null) return b;
      if (b === null || a === b) return a;
      for (const element of a) {
        if (!b.has(element)) return new Set([...a].filter((each) => b.has(each)));
      }
      return a;
    },
    equal: (a, b) => {
      if (a === null || b === null || a === b) return a === b;
      return a.size === b.size && [...a].every((element) => b.has(element));
    },
    show: (value) => (value === null ? 'unreached' : `{${[...value].map(show).sort().join(', ')}}`),
  };
}

/** Both side by side. */
export function pair<A, B>(left: Lattice<A>, right: Lattice<B>): Lattice<readonly [A, B]> {
  const base: Lattice<readonly [A, B]> = {
    name: `pair(${left.name}, ${right.name})`,
    bottom: [left.bottom, right.bottom],
    join: (a, b) => {
      const first = left.join(a[0], b[0]);
      const second = right.join(a[1], b[1]);
      return first === a[0] && second === a[1] ? a : [first, second];
    },
    equal: (a, b) => left.equal(a[0], b[0]) && right.equal(a[1], b[1]),
    show: (value) => `(${left.show(value[0])}, ${right.show(value[1])})`,
  };
  if (!left.widen && !right.widen) return base;
  return {
    ...base,
    widen: (before, after) => [
      left.widen ? left.widen(before[0], after[0]) : left.join(before[0], after[0]),
      right.widen ? right.widen(before[1], after[1]) : right.join(before[1], after[1]),
    ],
  };
}

export interface Disjuncts<T> {
  /** Different states, none of them bottom; one where collapsed. */
  readonly states: readonly T[];
  /**
   * The limit was passed and the states were joined. It stays so whatever is joined in later: otherwise the result would depend on the
   * order of the joins. Clients treat it as lost precision and say so.
   */
  readonly collapsed: boolean;
}

/** Sets of up to `limit` (at least 1) different states of `inner`; more are joined to one. */
export function disjuncts<T>(inner: Lattice<T>, limit: number): Lattice<Disjuncts<T>> {
  const has = (states: readonly T[], state: T): boolean => states.some((each) => each === state || inner.equal(each, state));
  const collapse = (states: readonly T[]): Disjuncts<T> => ({ states: [states.reduce(inner.join, inner.bottom)], collapsed: true });
  return {
    name: `disjuncts(${inner.name}, ${limit})`,
    bottom: { states: [], collapsed: false },
    join: (a, b) => {
      if (a === b) return a;
      if (a.collapsed || b.collapsed) {
        const joined = collapse([...a.states, ...b.states]);
        return a.collapsed && inner.equal(a.states[0], joined.states[0]) ? a : joined;
      }
      const added = b.states.filter((state) => !has(a.states, state));
      if (added.length === 0) return a;
      const states = [...a.states, ...added];
      return states.length > limit ? collapse(states) : { states, collapsed: false };
    },
    equal: (a, b) =>
      a === b || (a.collapsed === b.collapsed && a.states.length === b.states.length && a.states.every((state) => has(b.states, state))),
    show: (value) => `${value.collapsed ? 'joined ' : ''}[${value.states.map(inner.show).sort().join(' or ')}]`,
  };
}

/** The set that holds `states`, without doubles and bottoms. */
export function disjunctsOf<T>(inner: Lattice<T>, limit: number, states: readonly T[]): Disjuncts<T> {
  const lattice = disjuncts(inner, limit);
  return states
    .filter((state) => !inner.equal(state, inner.bottom))
    .reduce((all, state) => lattice.join(all, { states: [state], collapsed: false }), lattice.bottom);
}
