/**
 * Is it certain enough that a run needs threads, before anything is loaded that could tell?
 *
 * Threads load the program while this one loads it too, reads the configuration and lists the files: a tenth of a second less. They are
 * started where no cache can hold the results and where a look at a few folders finds enough test code for all of them. A wrong guess costs
 * only their start: what is analysed, and on how many threads, is still decided by the plan (pool.ts).
 */
import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { backendOf } from '../syntax/backend.ts';
import { NEVER, TEST_CODE } from './files.ts';
import { CACHE_FOLDER } from './options.ts';
import { BYTES_PER_THREAD, THREAD_ENTRY, Threads } from './threads.ts';

/** Folders that are looked into; a project whose first ones hold little is left to the plan. */
const MAX_FOLDERS = 200;

export interface AheadArguments {
  readonly paths?: readonly string[];
  readonly jobs?: number;
  readonly cache: boolean;
  readonly cacheDir?: string;
  readonly root?: string;
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
  return bytesOfTests(paths, enough) < enough ? 0 : wanted;
}

/** There is a cache: in the folder given, or in one that could be the project's root. */
function mayBeCached({ cacheDir, root }: AheadArguments): boolean {
  if (cacheDir !== undefined) return existsSync(cacheDir);
  for (let folder = resolve(root ?? '.'); ; folder = dirname(folder)) {
    if (existsSync(join(folder, CACHE_FOLDER))) return true;
    if (dirname(folder) === folder) return false;
  }
}

/** Bytes of test code in these folders, counted until there are `enough`, or until too many folders were looked into. */
function bytesOfTests(paths: readonly string[], enough: number): number {
  const pending = paths.map((path) => resolve(path));
  let bytes = 0;
  for (let looked = 0; pending.length > 0 && looked < MAX_FOLDERS && bytes < enough; looked++) {
    const folder = pending.shift() as string;
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!NEVER.has(entry.name)) pending.push(path);
      } else if (entry.isFile() && path.endsWith('.py') && TEST_CODE.test(path)) bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (bytes >= enough) break;
    }
  }
  return bytes;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
