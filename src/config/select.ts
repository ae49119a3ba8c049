/**
 * Which packs are on for a file or a project? A pack without `applies-to` always; another where a module it names is imported, or a
 * class has a base it names.
 *
 * Imports match by prefix: `imports: [cloud]` is on for `cloud.session`. Bases are globs over canonical names.
 */

import { GlobTable } from './glob-table.ts';
import { compileGlob, firstSegments, testGlob } from './globs.ts';
import type { Pack } from './model.ts';

export interface Occurrences {
  /** Canonical names of imported modules, without leading dots. */
  readonly imports: Iterable<string>;
  /** Canonical names of the bases of classes. */
  readonly bases: Iterable<string>;
}

/** The packs that are on, in their order. */
export function selectPacks(packs: readonly Pack[], occurrences: Occurrences): readonly Pack[] {
  let selection = selections.get(packs);
  if (!selection) selections.set(packs, (selection = new Selection(packs)));
  return selection.of(occurrences);
}

const NOTHING: ReadonlySet<Pack> = new Set();
const selections = new WeakMap<readonly Pack[], Selection>();

/** Imported names remembered; a code base of 4,000,000 lines imports fewer. */
const MEMO_LIMIT = 200_000;

/** What turns packs on. Most imports are those of many files, so what one turns on is found once. */
class Selection {
  readonly #packs: readonly Pack[];
  readonly #always: readonly Pack[];
  readonly #imports: GlobTable<Pack>;
  readonly #bases: GlobTable<Pack>;
  /** With what imports begin that turn anything on; null where one can begin with anything. */
  readonly #firsts: ReadonlySet<string> | null;
  readonly #byImport = new Map<string, ReadonlySet<Pack>>();

  constructor(packs: readonly Pack[]) {
    this.#packs = packs;
    this.#always = packs.filter(({ appliesTo }) => appliesTo.imports.length === 0 && appliesTo.bases.length === 0);
    this.#imports = new GlobTable(packs, ({ appliesTo }) => appliesTo.imports);
    this.#bases = new GlobTable(packs, ({ appliesTo }) => appliesTo.bases);
    const firsts = packs.flatMap(({ appliesTo }) => appliesTo.imports.map((source) => firstSegments(compileGlob(source))));
    this.#firsts = firsts.some((f) => f.open) ? null : new Set(firsts.flatMap((f) => f.exact));
  }

  of({ imports, bases }: Occurrences): readonly Pack[] {
    const on = new Set(this.#always);
    const add = (pack: Pack): void => void on.add(pack);
    for (const name of imports) {
      const dot = name.indexOf('.');
      if (this.#firsts === null || this.#firsts.has(dot < 0 ? name : name.slice(0, dot))) this.#ofImport(name).forEach(add);
    }
    for (const name of bases) this.#bases.of(name).forEach(add);
    return this.#packs.filter((pack) => on.has(pack));
  }

  /** What it turns on itself, and what the modules turn on that it is in. */
  #ofImport(name: string): ReadonlySet<Pack> {
    const missing: string[] = [];
    let found = this.#byImport.get(name);
    let at = name;
    while (found === undefined) {
      missing.push(at);
      const dot = at.lastIndexOf('.');
      at = dot > 0 ? at.slice(0, dot) : '';
      found = at === '' ? NOTHING : this.#byImport.get(at);
    }
    if (this.#byImport.size >= MEMO_LIMIT) this.#byImport.clear();
    for (let above = missing.pop(); above !== undefined; above = missing.pop()) {
      const own = this.#imports.of(above);
      if (own.size > 0) found = new Set([...found, ...own]);
      this.#byImport.set(above, found);
    }
    return found;
  }
}

function prefixes(names: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const name of names) {
    for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) found.add(name.slice(0, end));
  }
  return found;
}

function anyMatch(source: string, names: Iterable<string>): boolean {
  const glob = compileGlob(source);
  for (const name of names) if (testGlob(glob, name)) return true;
  return false;
}

/** Why a pack is on: always, or for a name that occurs. */
export type Reason = { readonly by: 'always' } | { readonly by: 'import' | 'base'; readonly name: string };

/** Why `selectPacks` takes the pack, with the first name that is enough; undefined where it does not. */
export function reasonFor(pack: Pack, occurrences: Occurrences): Reason | undefined {
  const { imports, bases } = pack.appliesTo;
  if (imports.length === 0 && bases.length === 0) return { by: 'always' };
  for (const name of occurrences.imports) if (imports.some((source) => anyMatch(source, prefixes([name])))) return { by: 'import', name };
  for (const name of occurrences.bases) if (bases.some((source) => anyMatch(source, [name]))) return { by: 'base', name };
  return undefined;
}
