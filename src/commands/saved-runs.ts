/**
 * How are saved run results read back: one of them, or the shards of one run?
 *
 * Whatever is wrong with a file is a UsageError that names it: a report that silently lacks a part would be read as clean.
 */
import { readFileSync } from 'node:fs';
import { UsageError } from '../app/options.ts';
import type { RunResult } from '../findings/finding.ts';
import { mergeRuns } from '../findings/merge.ts';
import { parseRunResult } from '../findings/schema.ts';

/** One saved run. Throws UsageError. */
export function readRun(file: string): RunResult {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError([`${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`]);
  }
  const { result, problems } = parseRunResult(text);
  if (result === undefined) throw new UsageError(problems.map((problem) => `${file}: ${problem}`));
  return result;
}

/** The shards of one run as one, or a single saved run. Throws UsageError. */
export function readRuns(files: readonly string[]): RunResult {
  const { result, problems } = mergeRuns(files.map(readRun), files);
  if (result === undefined) throw new UsageError(problems);
  return result;
}
