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

const selections = new WeakMap<readonly Pack[], Selection>();

/** What turns packs on. */
class Selection {
  readonly #packs: readonly Pack[];
  readonly #always: readonly Pack[];
  readonly #imports: GlobTable<Pack>;
  readonly #bases: GlobTable<Pack>;
  /** With what imports begin that turn anything on: most do not, and are not taken apart. Null where one can begin with anything. */
  readonly #firsts: ReadonlySet<string> | null;

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
    const asked: string[] = [];
    for (const name of imports) {
      const dot = name.indexOf('.');
      if (this.#firsts === null || this.#firsts.has(dot < 0 ? name : name.slice(0, dot))) asked.push(name);
    }
    // An import turns on what the modules turn on that it is in.
    for (const name of prefixes(asked)) this.#imports.of(name).forEach(add);
    for (const name of bases) this.#bases.of(name).forEach(add);
    return this.#packs.filter((pack) => on.has(pack));
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
