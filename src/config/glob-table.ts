/**
 * Which of many things that are named by globs does a name mean?
 *
 * Answers are kept by name: classes share their bases, and functions what they enter.
 */
import { type Buckets, bucketsOf } from './glob-buckets.ts';
import { compileGlob, type Glob, testGlob } from './globs.ts';

/** Names remembered; a code base of 4,000,000 lines has fewer classes and managers than this. */
const MEMO_LIMIT = 200_000;

interface Entry<T> {
  readonly glob: Glob;
  readonly item: T;
}

export class GlobTable<T> {
  readonly #buckets: Buckets<Entry<T>>;
  readonly #known = new Map<string, ReadonlySet<T>>();

  constructor(items: readonly T[], globsOf: (item: T) => readonly string[]) {
    const entries = items.flatMap((item) => globsOf(item).map((source): Entry<T> => ({ glob: compileGlob(source), item })));
    this.#buckets = bucketsOf(entries, ({ glob }) => glob, true);
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
    for (const item of this.of(name)) return item;
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
    const found = this.#buckets.near(name).filter(({ glob }) => testGlob(glob, name));
    return found.length === 0 ? NOTHING : new Set(found.map(({ item }) => item));
  }
}

const NOTHING: ReadonlySet<never> = new Set<never>();
