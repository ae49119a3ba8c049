/**
 * Which packs come with campsite? Reads config/*.yaml, which stands next to `src` in the repository and next to `dist` in the package.
 *
 * Read once a process. A faulty shipped pack is our own error: it is reported like any other problem, and a test keeps it from happening.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pack } from './model.ts';
import type { ConfigProblem } from './problems.ts';
import { readDocument } from './document.ts';
import { validatePack } from './validate.ts';

/** Folders between this module and the package's root: two in the sources, one or two in a bundle. */
const MAX_PARENTS = 4;

export interface ShippedPacks {
  readonly packs: readonly Pack[];
  readonly problems: readonly ConfigProblem[];
}

let shipped: ShippedPacks | undefined;

/** The shipped packs: the core first (python, unittest, pytest, mock), then by id. */
export function shippedPacks(): ShippedPacks {
  shipped ??= readPacks(packFolder());
  return shipped;
}

/** The folder with the packs. Throws where the installation is incomplete. */
export function packFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let i = 0; i < MAX_PARENTS; i++) {
    const candidate = join(folder, 'config');
    if (existsSync(join(candidate, 'python.yaml'))) return candidate;
    folder = dirname(folder);
  }
  throw new Error('the resource packs (config/*.yaml) are missing: the installation is incomplete');
}

const CORE = ['python', 'unittest', 'pytest', 'mock'];

/** Reads every pack of a folder. */
export function readPacks(folder: string): ShippedPacks {
  const packs: Pack[] = [];
  const problems: ConfigProblem[] = [];
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.yaml')).sort()) {
    const result = validatePack(`config/${name}`, readDocument(readFileSync(join(folder, name), 'utf8'), 'yaml'));
    if (result.value === undefined) problems.push(...result.problems);
    else if (result.value.id !== basename(name, '.yaml')) problems.push({ file: `config/${name}`, line: 1, column: 1, key: 'id', message: 'the id must be the name of the file' });
    else packs.push(result.value);
  }
  const rank = (pack: Pack) => (CORE.includes(pack.id) ? CORE.indexOf(pack.id) : CORE.length);
  packs.sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
  return { packs, problems };
}
