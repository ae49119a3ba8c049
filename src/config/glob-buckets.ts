/**
 * Which of many things that are named by globs can a name mean? Sorts them, so that a name is matched with the few that it can match.
 *
 * By exact last segment; those whose last segment is open by first segment, or by the first letter of the last one (`create_*`); the few that are
 * open at both ends. Leaves out the matching itself.
 */
import { firstSegments, type Glob, lastLetters, lastSegments } from './globs.ts';

const NONE: readonly never[] = Object.freeze([]);

export interface Buckets<T> {
  readonly empty: boolean;
  /** A superset of the things whose globs match the name, in their order. */
  near(name: string): readonly T[];
}

/** Things without a glob are left out. `usesFirst`: the names that are asked for are whole ones, so they have a first segment to go by. */
export function bucketsOf<T>(entries: readonly T[], globOf: (entry: T) => Glob | null, usesFirst: boolean): Buckets<T> {
  const byLast = new Map<string, T[]>();
  const byFirst = new Map<string, T[]>();
  const byLetter = new Map<string, T[]>();
  const open: T[] = [];
  const order = new Map<T, number>();
  const put = (map: Map<string, T[]>, key: string, entry: T) => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [entry]);
    else if (list[list.length - 1] !== entry) list.push(entry);
  };
  for (const [index, entry] of entries.entries()) {
    const glob = globOf(entry);
    if (glob === null) continue;
    order.set(entry, index);
    const last = lastSegments(glob);
    for (const name of last.exact) put(byLast, name, entry);
    if (!last.open) continue;
    const first = usesFirst ? firstSegments(glob) : null;
    if (first === null || first.open) {
      const letters = lastLetters(glob);
      if (letters === null) open.push(entry);
      else for (const letter of letters) put(byLetter, letter, entry);
    } else for (const name of first.exact) put(byFirst, name, entry);
  }
  return {
    empty: order.size === 0,
    near(name) {
      const dot = name.indexOf('.');
      const last = dot < 0 ? name : name.slice(name.lastIndexOf('.') + 1);
      const exact = byLast.get(last);
      const first = byFirst.size === 0 ? undefined : byFirst.get(dot < 0 ? name : name.slice(0, dot));
      const letter = byLetter.size === 0 ? undefined : byLetter.get(last.charAt(0));
      // Lists by name have entries; hardly a name is in more than one.
      if (!exact && !first && !letter) return open;
      if (open.length === 0 && (exact ? !first && !letter : !first || !letter)) return exact ?? first ?? letter ?? NONE;
      const found = [open, exact ?? NONE, first ?? NONE, letter ?? NONE];
      return [...new Set(found.flat())].sort((x, y) => (order.get(x) ?? 0) - (order.get(y) ?? 0));
    },
  };
}
