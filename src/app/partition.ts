/**
 * Which files go to which shard, and in which portions do workers take them?
 *
 * By size: the cost of a file grows with its text. Shards are a function of paths and sizes alone, so every machine cuts in the same way; what
 * goes to which worker is free, and what they read twice is time lost.
 */
import { lstatSync, statSync } from 'node:fs';
import { compareText } from '../base/text.ts';
import { type Costly, readTogether } from './read-together.ts';

/** A file also costs what it makes others be read, however short it is; in bytes of source. */
const BYTES_PER_FILE = 2_000;
/** A portion is this part of what is left in its queue: long ones first, for each is a message; short ones last, so that all workers end together. */
const PORTIONS_LEFT = 4;
/** Portions below this cost more in messages than they save in waiting; in bytes of source. */
const MIN_PORTION = 100_000;
/** A portion ends before a file that would make it this many times as long as it should be. */
const OVERFULL = 1.5;
/** A file that is more than this part of a worker's share goes alone and early: met last, it would keep one worker busy while the others wait. */
const LONG = 1 / 25;
/** Files are kept together up to this part of a worker's share: what all import is read by all. */
const LARGEST_GROUP = 1 / 6;

/** Sizes in bytes; links count with what they lead to, unreadable files with 0. */
export function costsOf(root: string, paths: readonly string[]): number[] {
  return paths.map((path) => {
    const absolute = `${root}/${path}`; // Joining them would take as long as the call.
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
 * All files, once each, as portions in a queue for each of `workers`: a stretch of neighbours, files that are read together in one portion
 * (read-together.ts). Portions are of decreasing cost; the longest files and groups go alone, after the first portion, which the compiler learns from.
 */
export function queues(root: string, paths: readonly string[], costs: readonly number[], workers: number): string[][][] {
  const share = costs.reduce((a, b) => a + b, 0) / workers;
  const files = paths.map((path, i) => ({ path, cost: costs[i] as number }));
  const stretches = Array.from({ length: workers }, (): (readonly Costly[])[] => []);
  let before = 0;
  for (const group of readTogether(root, files, share * LARGEST_GROUP)) {
    const cost = costOf(group);
    // By its middle, so that a long one goes to the stretch that it lies in for the most part.
    (stretches[Math.min(workers - 1, Math.floor((before + cost / 2) / share))] as (readonly Costly[])[]).push(group);
    before += cost;
  }
  return stretches.map((stretch) => portions(stretch, Math.max(MIN_PORTION, share * LONG)));
}

/** The next portion for a worker: of its own queue, or else the last one, which is short, of the queue that has most portions left. */
export function nextPortion(waiting: readonly string[][][], worker: number): string[] | undefined {
  const own = waiting[worker]?.shift();
  if (own) return own;
  let longest: string[][] = [];
  for (const queue of waiting) if (queue.length > longest.length) longest = queue;
  return longest.pop();
}

function portions(groups: readonly (readonly Costly[])[], long: number): string[][] {
  const alone = groups.filter((group) => costOf(group) > long).sort((a, b) => costOf(b) - costOf(a));
  const out: string[][] = [];
  let left = groups.reduce((sum, group) => sum + costOf(group), 0) - alone.reduce((sum, group) => sum + costOf(group), 0);
  let portion: string[] = [];
  let cost = 0;
  const wanted = (): number => Math.max(MIN_PORTION, left / PORTIONS_LEFT);
  const close = (): void => {
    out.push(portion);
    left -= cost;
    portion = [];
    cost = 0;
  };
  for (const group of groups) {
    const more = costOf(group);
    if (more > long) continue;
    // A long one at the end of a portion goes into the next, so that the last portions stay short.
    if (cost > 0 && cost + more > OVERFULL * wanted()) close();
    portion.push(...group.map(({ path }) => path));
    cost += more;
    if (cost >= wanted()) close();
  }
  if (portion.length > 0) close();
  return out.toSpliced(1, 0, ...alone.map((group) => group.map(({ path }) => path)));
}

function costOf(group: readonly Costly[]): number {
  return group.reduce((sum, { cost }) => sum + cost, 0);
}
