/**
 * Which packs come with campsite? Reads config/*.yaml, which stands next to `src` in the repository and next to `dist` in the package.
 *
 * The built package carries the same packs as one JSON file, already validated: reading that costs a hundredth of reading YAML, and a
 * commit hook pays for it at every start. It is used only where its list of files and sizes agrees with config/, so editing a pack in
 * place has its effect. Read once a process. A faulty shipped pack is our own error, reported like any other problem.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pack } from './model.ts';
import type { ConfigProblem } from './problems.ts';

/** Folders between this module and the package's root: two in the sources, one in a bundle. */
const MAX_PARENTS = 3;
/** Name of the file that the build writes beside the bundle. */
export const SNAPSHOT_FILE = 'packs.json';

export interface ShippedPacks {
  readonly packs: readonly Pack[];
  readonly problems: readonly ConfigProblem[];
}

interface Snapshot {
  /** Size in bytes of each file in config/. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly packs: readonly Pack[];
}

let shipped: Promise<ShippedPacks> | undefined;

/** The shipped packs: the core first (python, unittest, pytest, mock, boundaries), then by id. */
export function shippedPacks(): Promise<ShippedPacks> {
  shipped ??= loadShipped();
  return shipped;
}

/** The text of the snapshot for the packs in a folder; throws where one of them is faulty. */
export async function snapshotOf(folder: string): Promise<string> {
  const { packs, problems } = await readPacks(folder);
  if (problems.length > 0)
    throw new Error(problems.map((problem) => `${problem.file}:${problem.line}: ${problem.key}: ${problem.message}`).join('\n'));
  const snapshot: Snapshot = { sizes: sizesOf(folder), packs };
  return `${JSON.stringify(snapshot)}\n`;
}

/** The folder with the packs. Throws where the installation is incomplete. */
export function packFolder(): string {
  let folder = here();
  for (let i = 0; i < MAX_PARENTS; i++) {
    const candidate = join(folder, 'config');
    if (existsSync(join(candidate, 'python.yaml'))) return candidate;
    folder = dirname(folder);
  }
  throw new Error('the resource packs (config/*.yaml) are missing: the installation is incomplete');
}

function here(): string {
  return dirname(fileURLToPath(import.meta.url));
}

async function loadShipped(): Promise<ShippedPacks> {
  const folder = packFolder();
  const snapshot = readSnapshot(join(here(), SNAPSHOT_FILE));
  if (snapshot !== undefined && JSON.stringify(snapshot.sizes) === JSON.stringify(sizesOf(folder))) return { packs: snapshot.packs, problems: [] };
  return readPacks(folder);
}

/** undefined where there is none, or it cannot be read: the YAML files say the same. */
function readSnapshot(path: string): Snapshot | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Snapshot;
  } catch {
    return undefined;
  }
}

function packFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((entry) => entry.endsWith('.yaml'))
    .sort();
}

function sizesOf(folder: string): Readonly<Record<string, number>> {
  return Object.fromEntries(packFiles(folder).map((name) => [name, statSync(join(folder, name)).size]));
}

const CORE = ['python', 'unittest', 'pytest', 'mock', 'boundaries'];

/** Reads and validates every pack of a folder. */
export async function readPacks(folder: string): Promise<ShippedPacks> {
  const [{ readDocument }, { validatePack }] = await Promise.all([import('./document.ts'), import('./validate.ts')]);
  const packs: Pack[] = [];
  const problems: ConfigProblem[] = [];
  for (const name of packFiles(folder)) {
    const result = validatePack(`config/${name}`, readDocument(readFileSync(join(folder, name), 'utf8'), 'yaml'));
    if (result.value === undefined) problems.push(...result.problems);
    else if (result.value.id === basename(name, '.yaml')) packs.push(result.value);
    else problems.push({ file: `config/${name}`, line: 1, column: 1, key: 'id', message: 'the id must be the name of the file' });
  }
  const rank = (pack: Pack) => (CORE.includes(pack.id) ? CORE.indexOf(pack.id) : CORE.length);
  packs.sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
  return { packs, problems };
}
