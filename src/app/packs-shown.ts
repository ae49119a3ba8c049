/**
 * Which packs are on, and why?
 *
 * The answer of `selectPacks`, with the name that switched a pack on and where it stands, the line of the configuration that keeps it on or off, or
 * what would have to be imported. Asked for one file, or for all files of a run together.
 */

import { positionAt } from '../base/lines.ts';
import type { Configuration } from '../config/load.ts';
import { shippedPacks } from '../config/load-packs.ts';
import type { Pack } from '../config/model.ts';
import { printKey } from '../config/problems.ts';
import { reasonFor } from '../config/select.ts';
import { Program } from '../program/program.ts';
import { createParser } from '../syntax/parse.ts';
import { FileHost } from './host.ts';
import { occurrencesOf, placeOfOccurrence } from './occurrences.ts';
import { placeOf } from './settings-shown.ts';

export interface ShownPack {
  readonly pack: string;
  /** In how many of the files. */
  readonly files: number;
  /** "always", "import cloud.session (tests/test_a.py:3)", "extends[0] (campsite.yaml:1)", "nothing imports cloud". */
  readonly why: string;
}

/** Names of modules and bases that a reason for "off" lists; packs for a whole domain have dozens. */
const NAMES = 4;

/** All packs, the project's own first, for files relative to the root. */
export async function shownPacks(configuration: Configuration, paths: readonly string[]): Promise<readonly ShownPack[]> {
  const { packs: shipped } = await shippedPacks();
  const found = await occurring(configuration, paths);
  const disabled = shipped.filter((pack) => !configuration.packs.some(({ id }) => id === pack.id));
  return [...configuration.packs, ...disabled].map((pack) => {
    const said = configuration.statements.filter(({ key, value }) => (key[0] === 'extends' || key[0] === 'disable-packs') && value === pack.id);
    const last = said[said.length - 1];
    const line = last && `${printKey(last.key)} (${placeOf(configuration, last)})`;
    if (disabled.includes(pack)) return { pack: pack.id, files: 0, why: line ?? 'disable-packs' };
    const own = configuration.own.find((one) => one.pack === pack);
    const on = found.get(pack) ?? { files: 0, why: offBecause(pack) };
    if (on.why !== 'always') return { pack: pack.id, ...on };
    return {
      pack: pack.id,
      files: on.files,
      why: own ? `its own file (${placeOf(configuration, { file: own.file, line: 1 })})` : (line ?? 'always'),
    };
  });
}

/** For each pack that is on somewhere, in how many files, and why in the first of them. */
async function occurring(
  configuration: Configuration,
  paths: readonly string[],
): Promise<ReadonlyMap<Pack, { readonly files: number; readonly why: string }>> {
  const { root, packs } = configuration;
  const found = new Map<Pack, { files: number; why: string }>();
  const parser = await createParser();
  for (const path of paths) {
    // A program for each: nothing is asked that another file answers, and big suites do not stay in memory.
    const host = new FileHost(root, parser);
    const program = new Program(host);
    const module = program.module(path);
    if (!module) continue;
    const occurrences = occurrencesOf(program, module);
    for (const pack of packs) {
      const reason = reasonFor(pack, occurrences);
      if (reason === undefined) continue;
      const known = found.get(pack);
      if (known) {
        known.files++;
        continue;
      }
      const at = reason.by === 'always' ? undefined : placeOfOccurrence(module, reason.name);
      const line = at === undefined ? '' : `:${positionAt(host.lines(path, module.text), at).line}`;
      found.set(pack, { files: 1, why: reason.by === 'always' ? 'always' : `${reason.by} ${reason.name} (${path}${line})` });
    }
  }
  return found;
}

function offBecause({ appliesTo: { imports, bases } }: Pack): string {
  const list = (names: readonly string[]): string =>
    names.length <= NAMES ? names.join(', ') : `${names.slice(0, NAMES).join(', ')} or ${names.length - NAMES} more`;
  const parts = [...(imports.length > 0 ? [`imports ${list(imports)}`] : []), ...(bases.length > 0 ? [`has a base ${list(bases)}`] : [])];
  return parts.length === 0 ? 'no file was looked at' : `nothing ${parts.join(', nor ')}`;
}
