/**
 * Which of many things that are named by globs does a name mean?
 *
 * The globs are sorted by the last segments that they can end in, and by the first segments where the last is open, so that a name is matched with the
 * few that it can match. Answers are kept by name: classes share their bases, and functions what they enter.
 */
import { compileGlob, firstSegments, type Glob, lastSegments, testGlob } from './globs.ts';

/** Names remembered; a code base of 4,000,000 lines has fewer classes and managers than this. */
const MEMO_LIMIT = 200_000;

interface Entry<T> {
  readonly glob: Glob;
  readonly item: T;
  /** Its place among all. */
  readonly order: number;
}

export class GlobTable<T> {
  readonly #byLast = new Map<string, Entry<T>[]>();
  readonly #byFirst = new Map<string, Entry<T>[]>();
  readonly #open: Entry<T>[] = [];
  readonly #known = new Map<string, ReadonlySet<T>>();

  constructor(items: readonly T[], globsOf: (item: T) => readonly string[]) {
    let order = 0;
    for (const item of items) {
      for (const source of globsOf(item)) this.#add({ glob: compileGlob(source), item, order: order++ });
    }
  }

  #add(entry: Entry<T>): void {
    const last = lastSegments(entry.glob);
    const first = last.open ? firstSegments(entry.glob) : last;
    if (first.open) this.#open.push(entry);
    else for (const name of first.exact) put(last.open ? this.#byFirst : this.#byLast, name, entry);
  }

  /** The things that the name means, in the order in which they were given. */
  of(name: string): ReadonlySet<T> {
    let found = this.#known.get(name);
    if (!found) {
      if (this.#known.size >= MEMO_LIMIT) this.#known.clear();
      this.#known.set(name, (found = this.#find(name)));
    }
    return found;
  }

  /** The first of them. */
  first(name: string): T | undefined {
    const all = this.of(name);
    if (all.size > 0) for (const item of all) return item;
    return undefined;
  }

  /** The things that any of the names means. */
  ofAny(names: readonly string[]): ReadonlySet<T> {
    const [only] = names;
    if (only !== undefined && names.length === 1) return this.of(only);
    const found = new Set<T>();
    for (const name of names) for (const item of this.of(name)) found.add(item);
    return found;
  }

  #find(name: string): ReadonlySet<T> {
    const last = this.#byLast.get(name.slice(name.lastIndexOf('.') + 1));
    const dot = name.indexOf('.');
    const first = this.#byFirst.get(dot < 0 ? name : name.slice(0, dot));
    const near = last || first ? [...this.#open, ...(last ?? []), ...(first ?? [])] : this.#open;
    const found = near.filter(({ glob }) => testGlob(glob, name));
    return found.length === 0 ? NOTHING : new Set(found.sort((a, b) => a.order - b.order).map(({ item }) => item));
  }
}

const NOTHING: ReadonlySet<never> = new Set<never>();

function put<T>(map: Map<string, Entry<T>[]>, key: string, entry: Entry<T>): void {
  const list = map.get(key);
  if (list) list.push(entry);
  else map.set(key, [entry]);
}
