/**
 * Is it certain enough that a run needs threads, before anything is loaded that could tell?
 *
 * Threads load the program while this one loads it too, reads the configuration and lists the files: a tenth of a second less. They are
 * started where no cache can hold the results and where a look at a few folders finds enough test code for all of them. A wrong guess costs
 * only their start: what is analysed, and on how many threads, is still decided by the plan (pool.ts).
 */
import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { backendOf } from '../syntax/backend.ts';
import { NEVER, TEST_CODE } from './files.ts';
import { CACHE_FOLDER } from './options.ts';
import { costsOf } from './partition.ts';
import { BYTES_PER_THREAD, THREAD_ENTRY, Threads } from './threads.ts';

/** Files and folders that are looked at; a project whose first ones hold little is left to the plan. */
const MAX_ENTRIES = 10_000;

export interface AheadArguments {
  readonly paths?: readonly string[];
  readonly jobs?: number;
  readonly cache: boolean;
  readonly cacheDir?: string;
  readonly root?: string;
  readonly config?: string;
  /** Runs that analyse one text, a part, or nothing. */
  readonly stdinFilename?: string;
  readonly shard?: string;
  readonly showFiles?: boolean;
  readonly showSettings?: boolean;
}

/** The threads that a run with these arguments will need, on their way; undefined where that is not certain. */
export async function startAhead(args: AheadArguments): Promise<Threads | undefined> {
  const wanted = existsSync(THREAD_ENTRY) ? threadsAhead(args) : 0;
  if (wanted === 0) return undefined;
  try {
    return await Threads.start(wanted, backendOf());
  } catch {
    // What is wrong is said where the run needs them.
    return undefined;
  }
}

/** How many threads a run with these arguments is certain to need; 0 where it may do without. */
export function threadsAhead(args: AheadArguments): number {
  if (args.stdinFilename !== undefined || args.shard !== undefined || args.showFiles || args.showSettings) return 0;
  const wanted = args.jobs ?? availableParallelism();
  if (!Number.isInteger(wanted) || wanted < 2 || (args.cache && mayBeCached(args))) return 0;
  const enough = BYTES_PER_THREAD * wanted;
  const paths = args.paths && args.paths.length > 0 ? args.paths : [args.root ?? '.'];
  return costOfTests(paths, enough) < enough ? 0 : wanted;
}

/** There is a cache: in the folder given, or in one that could be the project's root; the folder of a configuration file could be any. */
function mayBeCached({ cacheDir, root, config }: AheadArguments): boolean {
  if (cacheDir !== undefined) return existsSync(cacheDir);
  if (config !== undefined) return true;
  for (let folder = resolve(root ?? '.'); ; folder = dirname(folder)) {
    if (existsSync(join(folder, CACHE_FOLDER))) return true;
    if (dirname(folder) === folder) return false;
  }
}

/** What the test code in these folders costs, in bytes, counted until there are `enough`, or until too much was looked at. */
function costOfTests(paths: readonly string[], enough: number): number {
  const pending = paths.map((path) => resolve(path));
  let cost = 0;
  let looked = 0;
  for (let folder = pending.shift(); folder !== undefined; folder = pending.shift()) {
    for (const entry of entriesOf(folder)) {
      if (++looked > MAX_ENTRIES || cost >= enough) return cost;
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !NEVER.has(entry.name)) pending.push(path);
      else if (entry.isFile() && path.endsWith('.py') && TEST_CODE.test(path)) cost += costsOf(folder, [entry.name])[0] as number;
    }
  }
  return cost;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
