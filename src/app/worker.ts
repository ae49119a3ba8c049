/**
 * What does a worker thread do? Analyses portions of files with a session of its own that lives as long as the thread.
 *
 * It loads everything when it starts; the job comes with its first portion.
 */
import { workerData } from 'node:worker_threads';
import { createParser, type ParserBackend } from '../syntax/parse.ts';
import { Analyst } from './analyst.ts';
import type { FileResult, Job } from './file-result.ts';
import type { Portion } from './threads.ts';

/** A job as it crosses threads. */
export interface WorkerJob extends Job {
  /** UTF-16 units that a session may hold. */
  readonly maxUnits: number;
}

/** Results of one portion, and what this thread has read or looked for since its last portion. */
export interface PortionResult {
  readonly results: readonly FileResult[];
  readonly hashes: readonly (readonly [string, string])[];
  readonly absent: readonly string[];
  readonly present: readonly string[];
}

// Piscina wraps the data that it was given.
const backend = (Array.isArray(workerData) ? (workerData as unknown[])[1] : workerData) as ParserBackend;
const parser = createParser(backend);
// Waited for here, because a pool's thread stands still between portions. What is wrong with it is said by the portion that needs it.
await parser.catch(() => undefined);
let analyst: Analyst | undefined;

/** Ends this thread, as an error that nobody catches does: the pool begins another one, and looks for the file that did it. */
function end(error: unknown): Promise<never> {
  setImmediate(() => {
    throw error;
  });
  return new Promise(() => {});
}

/** Analyses one portion; undefined where the thread has not heard of its job yet. */
export async function analysePortion({ paths, job }: Portion): Promise<PortionResult | undefined> {
  if (job) analyst ??= new Analyst(job, await parser, job.maxUnits);
  const one = analyst;
  if (!one) return undefined;
  let results: readonly FileResult[];
  try {
    results = paths.map((path) => one.analyse(path, true));
  } catch (error) {
    return end(error);
  }
  const { hashes, absent, present } = one.seen;
  const portion: PortionResult = { results, hashes: [...hashes], absent: [...absent], present: [...present] };
  for (const told of [hashes, absent, present]) told.clear();
  return portion;
}
