/**
 * Which packs are on for a file or a project? A pack without `applies-to` always; another where a module it names is imported, or a
 * class has a base it names.
 *
 * Imports match by prefix: `imports: [cloud]` is on for `cloud.session`. Bases are globs over canonical names.
 */

import { compileGlob, testGlob } from './globs.ts';
import type { Pack } from './model.ts';

export interface Occurrences {
  /** Canonical names of imported modules, without leading dots. */
  readonly imports: Iterable<string>;
  /** Canonical names of the bases of classes. */
  readonly bases: Iterable<string>;
}

/** The packs that are on, in their order. */
export function selectPacks(packs: readonly Pack[], occurrences: Occurrences): readonly Pack[] {
  const imports = prefixes(occurrences.imports);
  const bases = [...occurrences.bases];
  return packs.filter((pack) => {
    const { appliesTo } = pack;
    if (appliesTo.imports.length === 0 && appliesTo.bases.length === 0) return true;
    if (appliesTo.imports.some((source) => (source.includes('*') || source.includes('{') ? anyMatch(source, imports) : imports.has(source))))
      return true;
    return appliesTo.bases.some((source) => anyMatch(source, bases));
  });
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
