/**
 * Where in a module's text does a word stand, and does a function have it?
 *
 * A file is searched once and its functions are told apart by offsets: cutting each function's text out to search it costs more than the search.
 * Leaves out what a word means: it may stand in a comment.
 */

/** Offsets of the last character of each match, ascending; `pattern` has the flag `g`. Matches are words, which no function's text cuts in two. */
export function matchesOf(pattern: RegExp, text: string): readonly number[] {
  const out: number[] = [];
  pattern.lastIndex = 0;
  while (pattern.test(text)) out.push(pattern.lastIndex - 1);
  return out;
}

/** One of the ascending offsets lies between `start` and `end`. */
export function isBetween(offsets: readonly number[], start: number, end: number): boolean {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] as number) < start) low = middle + 1;
    else high = middle;
  }
  return low < offsets.length && (offsets[low] as number) < end;
}
