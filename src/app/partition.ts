/**
 * Which files go to which shard, and in which portions do workers take them?
 *
 * By size: the cost of a file grows with its text. Both are functions of paths and sizes alone, so every machine cuts in the same way.
 */
import { lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compareText } from '../base/text.ts';

/** A file also costs what it makes others be read, however short it is; in bytes of source. */
const BYTES_PER_FILE = 2_000;
/** A portion is this part of what is left for each worker: long ones first, so that neighbours share what they read; short ones last, so that all end together. */
const PORTIONS_LEFT = 2;
/** Portions below this cost more in messages than they save in waiting; in bytes of source. */
const MIN_PORTION = 100_000;
/** A portion ends before a file that would make it this many times as long as it should be. */
const OVERFULL = 1.5;
/** A file that is more than this part of a worker's share goes alone and early: met last, it would keep one worker busy while the others wait. */
const LONG_FILE = 1 / 25;

/** Sizes in bytes; links count with what they lead to, unreadable files with 0. */
export function costsOf(root: string, paths: readonly string[]): number[] {
  return paths.map((path) => {
    const absolute = join(root, path);
    try {
      return statSync(absolute).size + BYTES_PER_FILE;
    } catch {
      try {
        return lstatSync(absolute).size + BYTES_PER_FILE;
      } catch {
        return BYTES_PER_FILE;
      }
    }
  });
}

/** The files of shard `index` (1-based) of `total`, in order: the largest first, each to the shard that has least. */
export function shardOf(paths: readonly string[], costs: readonly number[], index: number, total: number): string[] {
  const loads = new Array<number>(total).fill(0);
  const order = paths.map((path, i) => ({ path, cost: costs[i] as number })).sort((a, b) => b.cost - a.cost || compareText(a.path, b.path));
  const mine: string[] = [];
  for (const { path, cost } of order) {
    let least = 0;
    for (let s = 1; s < total; s++) if ((loads[s] as number) < (loads[least] as number)) least = s;
    loads[least] = (loads[least] as number) + cost;
    if (least === index - 1) mine.push(path);
  }
  return mine.sort(compareText);
}

/**
 * All files in portions for `workers` that take the next one when they have done one: portions of decreasing cost, neighbours together; the
 * longest files alone, after the first portion of each worker, which the compiler learns from.
 */
export function portions(paths: readonly string[], costs: readonly number[], workers: number): string[][] {
  const all = paths.map((path, i) => ({ path, cost: costs[i] as number }));
  const total = costs.reduce((a, b) => a + b, 0);
  const isLong = ({ cost }: { cost: number }): boolean => cost > Math.max(MIN_PORTION, (total / workers) * LONG_FILE);
  const long = all.filter(isLong).sort((a, b) => b.cost - a.cost || compareText(a.path, b.path));
  const out: string[][] = [];
  let left = total - long.reduce((sum, file) => sum + file.cost, 0);
  let portion: string[] = [];
  let cost = 0;
  const wanted = (): number => Math.max(MIN_PORTION, left / (workers * PORTIONS_LEFT));
  const close = (): void => {
    out.push(portion);
    left -= cost;
    portion = [];
    cost = 0;
  };
  for (const file of all) {
    if (isLong(file)) continue;
    // A long one at the end of a portion goes into the next, so that the last portions stay short.
    if (cost > 0 && cost + file.cost > OVERFULL * wanted()) close();
    portion.push(file.path);
    cost += file.cost;
    if (cost >= wanted()) close();
  }
  if (portion.length > 0) close();
  return out.toSpliced(workers, 0, ...long.map((file) => [file.path]));
}
