/**
 * How are files analysed on several threads, and what happens when one dies?
 *
 * Threads take portions as they get done. Where a thread dies (out of memory, a native crash), each file of its portion is tried again on its
 * own; a file with which a thread dies again is named in a problem, and all others have their results.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { ParserBackend } from '../syntax/backend.ts';
import { type FileResult, failed, type Job, MAX_SESSION_UNITS } from './file-result.ts';
import { costsOf, nextPortion, queues } from './partition.ts';
import { BYTES_PER_THREAD, THREAD_ENTRY, Threads } from './threads.ts';
import type { PortionResult, WorkerJob } from './worker.ts';

export interface PoolOptions {
  /** At most so many threads. */
  readonly workers: number;
  readonly parser: ParserBackend;
  /** Threads that run already, as many and with that parser. They are stopped at the end, and others started where they were before. */
  readonly ahead?: Threads;
  /** The file that threads start from; the bundle's own when not given. */
  readonly entry?: string;
  /** Called with how many files are done, of how many. */
  readonly onFile?: (done: number, all: number) => void;
}

/** Results of all paths, and what was seen on the way. */
export interface PoolResult {
  readonly results: readonly FileResult[];
  readonly threads: number;
  readonly hashes: ReadonlyMap<string, string>;
  readonly absent: ReadonlySet<string>;
  readonly present: ReadonlySet<string>;
}

/**
 * How many threads to start for these files; 0: none, this thread does it. `auto` starts as many as there are processors, if the work is worth their
 * start; a number is taken as it is.
 */
export function threadsFor(root: string, paths: readonly string[], workers: number | 'auto'): number {
  if (paths.length < 2 || !existsSync(THREAD_ENTRY)) return 0;
  const bytes = (): number => costsOf(root, paths).reduce((a, b) => a + b, 0);
  const wanted = workers === 'auto' ? Math.min(availableParallelism(), Math.floor(bytes() / BYTES_PER_THREAD)) : workers;
  const threads = Math.min(wanted, paths.length);
  return threads < 2 ? 0 : threads;
}

/** Analyses all paths on `options.workers` threads. */
export async function analyseOnThreads(job: Job, paths: readonly string[], options: PoolOptions): Promise<PoolResult> {
  const workerJob: WorkerJob = {
    ...job,
    maxUnits: Math.max(2_000_000, Math.floor((MAX_SESSION_UNITS * 2) / Math.max(2, options.workers))),
  };
  const threads = await threadsOf(options);
  const results: FileResult[] = [];
  const hashes = new Map<string, string>();
  const absent = new Set<string>();
  const present = new Set<string>();
  const take = (portion: PortionResult): void => {
    results.push(...portion.results);
    for (const [path, hash] of portion.hashes) if (!hashes.has(path)) hashes.set(path, hash);
    for (const path of portion.absent) absent.add(path);
    for (const path of portion.present) present.add(path);
    options.onFile?.(results.length, paths.length);
  };
  const died: string[] = [];
  try {
    const waiting = queues(job.root, paths, costsOf(job.root, paths), options.workers);
    // One at a time for each thread: the pool does not promise to hand out what waits in its order, and the short ones must come last.
    const takePortions = async (_: unknown, worker: number): Promise<void> => {
      for (let portion = nextPortion(waiting, worker); portion; portion = nextPortion(waiting, worker)) {
        try {
          take(await threads.analyse(workerJob, portion));
        } catch {
          died.push(...portion);
        }
      }
    };
    await Promise.all(Array.from({ length: options.workers }, takePortions));
    for (const path of died) {
      try {
        take(await threads.analyse(workerJob, [path]));
      } catch (error) {
        results.push(failed(path, `the analysis died: ${error instanceof Error ? error.message : String(error)}`));
      }
    }
  } finally {
    threads.stop();
  }
  return { results, threads: options.workers, hashes, absent, present };
}

/** Those that run already, unless a part of the run before has used them up. */
function threadsOf({ ahead, workers, parser, entry }: PoolOptions): Threads | Promise<Threads> {
  return ahead?.isStopped === false ? ahead : Threads.start(workers, parser, entry);
}
