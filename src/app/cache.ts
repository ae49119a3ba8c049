/**
 * Which files need not be analysed again?
 *
 * A file's result is kept with the content hashes of all files it depends on, and of the run with the paths at which it asked for a file: where one
 * that was not there has come, or one that was there has gone, names may mean something else, and everything is analysed anew. The key of a cache
 * file is everything else that decides a result: this build of campsite, the parser, settings, patterns and rules. Times of modification are not
 * looked at: a checkout in CI changes them all.
 *
 * Written by rename, checked by a hash on its first line: killed at any moment, on a full disk or with two runs at once, a cache file is the old one,
 * the new one, or none. Whatever is wrong with it, the run goes on without.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFile from 'write-file-atomic';
import { BUILD } from './build-id.ts';
import type { FileResult, Job } from './file-result.ts';
import type { PoolResult } from './pool.ts';
import { hashOf, readBytes } from './read.ts';

/** Cache files kept in a folder: one for each configuration that somebody may come back to. */
const MAX_FILES = 8;
/** Larger ones are not read: parsing them would take as long as parsing the sources. */
const MAX_CACHE_BYTES = 256 * 1024 * 1024;

/** True for the name of a file that campsite writes into its cache folder. */
export function isCacheFile(name: string): boolean {
  return CACHE_FILE.test(name) || name === '.gitignore' || name === 'CACHEDIR.TAG';
}

const CACHE_FILE = /^[0-9a-f]{32}\.json(\.\d+)?$/;

interface Stored {
  /** All files that results depend on; results name them by index. */
  readonly paths: readonly string[];
  /** By index into `paths`. */
  readonly hashes: readonly string[];
  /** By folder: names that were looked for and not there, and names that were there. */
  readonly probes: Readonly<Record<string, readonly [absent: readonly string[], present: readonly string[]]>>;
  readonly results: readonly (Omit<FileResult, 'reads'> & { readonly reads: readonly number[] })[];
}

export interface Cache {
  /** Those of `paths` whose results still hold. */
  lookUp(paths: readonly string[]): Map<string, FileResult>;
  /** Writes the results of this run, and of the files that were not part of it and still hold. */
  keep(paths: readonly string[], known: ReadonlyMap<string, FileResult>, fresh: PoolResult): Promise<void>;
}

/** Of settings, patterns and rules: what shards of one run must agree in. */
export function configurationHash({ settings, packs, rules }: Pick<Job, 'settings' | 'packs' | 'rules'>): string {
  return digest(JSON.stringify([settings, packs, rules]));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** The cache of a job in `folder` (absolute). Never throws. */
export function openCache(folder: string, job: Job, parser: string): Cache {
  const key = digest(JSON.stringify([BUILD, parser, job.root, job.graphs, configurationHash(job)]));
  const file = join(folder, `${key}.json`);
  const current = new Map<string, string>();
  const hashNow = (path: string): string => {
    let known = current.get(path);
    if (known === undefined) {
      const bytes = readBytes(join(job.root, path), path);
      current.set(path, (known = Buffer.isBuffer(bytes) ? hashOf(bytes) : ''));
    }
    return known;
  };
  const stored = readStored(file);
  const sound = stored !== undefined && probesHold(job.root, stored.probes);
  const holding = new Map<string, FileResult>();
  if (stored && sound) {
    const same = stored.paths.map((path, i) => stored.hashes[i] !== '' && hashNow(path) === stored.hashes[i]);
    const indexOf = new Map(stored.paths.map((path, i) => [path, i]));
    for (const { reads, ...result } of stored.results) {
      if (same[indexOf.get(result.path) ?? -1] && reads.every((i) => same[i]))
        holding.set(result.path, { ...result, reads: reads.map((i) => stored.paths[i] as string) });
    }
  }
  return {
    lookUp(paths) {
      return new Map(paths.flatMap((path) => (holding.has(path) ? [[path, holding.get(path) as FileResult]] : [])));
    },
    async keep(paths, known, fresh) {
      const mine = new Set(paths);
      const others = [...holding.values()].filter((result) => !mine.has(result.path));
      const results = [...others, ...known.values(), ...fresh.results.filter((r) => !r.problems.some((p) => p.kind === 'internal'))];
      const hashOfRun = (path: string): string => fresh.hashes.get(path) ?? hashNow(path);
      const probes = joinProbes(sound && stored ? stored.probes : {}, fresh);
      await write(folder, file, store(results, hashOfRun, probes));
    },
  };
}

function store(results: readonly FileResult[], hash: (path: string) => string, probes: Stored['probes']): Stored {
  const indexOf = new Map<string, number>();
  const paths: string[] = [];
  const index = (path: string): number => {
    let known = indexOf.get(path);
    if (known === undefined) {
      indexOf.set(path, (known = paths.length));
      paths.push(path);
    }
    return known;
  };
  const stored = results.map((result) => {
    index(result.path);
    return { ...result, reads: result.reads.map(index) };
  });
  return { paths, hashes: paths.map(hash), probes, results: stored };
}

function readStored(file: string): Stored | undefined {
  try {
    if (statSync(file).size > MAX_CACHE_BYTES) return undefined;
    const text = readFileSync(file, 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    return end > 0 && text.slice(0, end) === digest(body) ? (JSON.parse(body) as Stored) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Is there a file where there was one, and none where there was none? One listing a folder that is there: most of the folders asked for are not (packages
 * of other projects that might have been in the root), and that the listing of the folder above says more cheaply than a failed call.
 */
function probesHold(root: string, probes: Stored['probes']): boolean {
  const listings = new Map<string, ReadonlySet<string>>();
  const namesIn = (folder: string): ReadonlySet<string> => {
    let names = listings.get(folder);
    if (names === undefined) {
      const slash = folder.lastIndexOf('/');
      const isThere = folder === '' || namesIn(slash < 0 ? '' : folder.slice(0, slash)).has(folder.slice(slash + 1));
      listings.set(folder, (names = isThere ? listed(join(root, folder)) : NOTHING));
    }
    return names;
  };
  return Object.entries(probes).every(([folder, [absent, present]]) => {
    const names = namesIn(folder);
    return present.every((name) => names.has(name)) && !absent.some((name) => names.has(name));
  });
}

const NOTHING: ReadonlySet<string> = new Set();

/** What is in a folder; nothing when it cannot be listed. */
function listed(folder: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(folder));
  } catch {
    return NOTHING;
  }
}

function joinProbes(before: Stored['probes'], { absent, present }: Pick<PoolResult, 'absent' | 'present'>): Stored['probes'] {
  const out = new Map<string, [Set<string>, Set<string>]>();
  const of = (folder: string): [Set<string>, Set<string>] => {
    let known = out.get(folder);
    if (!known) out.set(folder, (known = [new Set(), new Set()]));
    return known;
  };
  for (const [folder, [gone, there]] of Object.entries(before)) {
    for (const name of gone) of(folder)[0].add(name);
    for (const name of there) of(folder)[1].add(name);
  }
  const add = (path: string, which: 0 | 1): void => {
    const at = path.lastIndexOf('/');
    of(at < 0 ? '' : path.slice(0, at))[which].add(path.slice(at + 1));
  };
  for (const path of absent) add(path, 0);
  for (const path of present) add(path, 1);
  return Object.fromEntries([...out].map(([folder, [gone, there]]) => [folder, [[...gone], [...there]]]));
}

async function write(folder: string, file: string, stored: Stored): Promise<void> {
  try {
    mkdirSync(folder, { recursive: true });
    const body = JSON.stringify(stored);
    await writeFile(file, `${digest(body)}\n${body}`, { fsync: false });
    // Tools that copy or commit folders leave it alone.
    writeFileSync(join(folder, '.gitignore'), '*\n');
    writeFileSync(join(folder, 'CACHEDIR.TAG'), 'Signature: 8a477f597d28d172789f06886806bc55\n');
    prune(folder);
  } catch {
    // A folder that cannot be written, a full disk: the next run is slower, that is all.
  }
}

/** Removes all but the newest cache files. */
function prune(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => CACHE_FILE.test(name))
    .map((name) => ({ path: join(folder, name), time: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of files.slice(MAX_FILES)) rmSync(path, { force: true });
}
