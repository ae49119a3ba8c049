/**
 * The threads that analyse: how are they started, and what does each of them know?
 *
 * Starting one takes a tenth of a second, in which it loads the program and its parser; what to analyse and by which configuration it hears with
 * its first portion. So threads can be started before the configuration is read (ahead.ts). Loads little itself, for the same reason.
 */
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';
import type { ParserBackend } from '../syntax/backend.ts';
import { collectAlone } from './just-in-time.ts';
import type { PortionResult, WorkerJob } from './worker.ts';

/** The bundle's entry for threads; running from the sources there is none. */
export const THREAD_ENTRY = join(dirname(fileURLToPath(import.meta.url)), 'worker.js');
/** Bytes of source below which one more thread takes longer to start than it saves. */
export const BYTES_PER_THREAD = 400_000;
/** Megabytes. Most of what the analysis makes lives until its session ends: small spaces for new objects would only be copied more often. */
const YOUNG_MB = 96;
/** Megabytes that one thread may use: a file that wants more is an attack or a mistake. */
const OLD_MB = 2_048;

/** What a thread is asked. */
export interface Portion {
  /** Relative to the job's root. */
  readonly paths: readonly string[];
  /** For a thread that may not have it. */
  readonly job?: WorkerJob;
}

/** Threads that wait for portions; to be stopped by whoever started them. */
export class Threads {
  readonly #pool: Piscina;
  #isStopped = false;
  /** Of a thread that had nothing to do: its place in the package is broken, or there is no memory. */
  #failure: unknown;

  private constructor(pool: Piscina) {
    this.#pool = pool;
    // Without somebody to hear of it the process would end with an exit code that means findings.
    pool.on('error', (error: unknown) => {
      this.#failure = error;
      this.stop();
    });
  }

  /** Starts `count` threads; `entry` is the file they start from. */
  static async start(count: number, parser: ParserBackend, entry = THREAD_ENTRY): Promise<Threads> {
    const { Piscina } = await import('piscina');
    if (count >= availableParallelism()) collectAlone();
    return new Threads(
      new Piscina({
        filename: entry,
        name: 'analysePortion',
        workerData: parser,
        minThreads: count,
        maxThreads: count,
        concurrentTasksPerWorker: 1,
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: OLD_MB },
      }),
    );
  }

  /** Has the first thread that is free analyse these files. Throws where that thread dies, or all are stopped. */
  async analyse(job: WorkerJob, paths: readonly string[]): Promise<PortionResult> {
    // It says when it has not heard of the job: at first, and in the place of one that died.
    return (await this.#ask({ paths })) ?? ((await this.#ask({ paths, job })) as PortionResult);
  }

  async #ask(portion: Portion): Promise<PortionResult | undefined> {
    if (this.#isStopped) throw this.#failure ?? new Error('the threads are stopped');
    return (await this.#pool.run(portion)) as PortionResult | undefined;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Ends the threads. They take a while to give their heaps back: nobody need wait for that, only the process does. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#pool.destroy().catch(() => undefined);
  }
}
