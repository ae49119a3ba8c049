/**
 * Which hash does GitHub code scanning give a line, to follow an alert when lines move?
 *
 * The rolling hash that the upload action of code scanning computes where a log has none (github/codeql-action, src/fingerprints.ts): over 100 characters from the line's
 * start, blanks and tabs left out, line ends taken for one \n, in 64 bits; `:n` counts equal hashes. Logs uploaded through the API must bring it.
 */

const WINDOW = 100;
const FACTOR = 37n;
const TAB = 9;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
/** What the action puts at the end of a file. */
const END = 65_535;

const wrapped = (value: bigint): bigint => BigInt.asUintN(64, value);
/** FACTOR ** WINDOW: what the character that leaves the window weighs. */
const LEAVING = wrapped(FACTOR ** BigInt(WINDOW));

/** The hash of each line of the text, first line first. */
export function lineHashes(text: string): string[] {
  const window = new Array<bigint>(WINDOW).fill(0n);
  const lines = new Array<number>(WINDOW).fill(-1);
  const counts = new Map<string, number>();
  const hashes: string[] = [];
  let hash = 0n;
  let index = 0;
  let line = 0;
  let atStart = true;
  let afterReturn = false;
  const emit = (): void => {
    const value = hash.toString(16);
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    hashes[(lines[index] as number) - 1] = `${value}:${count}`;
    lines[index] = -1;
  };
  const update = (unit: number): void => {
    const leaving = window[index] as bigint;
    window[index] = BigInt(unit);
    hash = wrapped(FACTOR * hash + BigInt(unit) - LEAVING * leaving);
    index = (index + 1) % WINDOW;
  };
  const read = (given: number): void => {
    if (given === SPACE || given === TAB || (afterReturn && given === LINE_FEED)) {
      afterReturn = false;
      return;
    }
    afterReturn = given === CARRIAGE_RETURN;
    const unit = afterReturn ? LINE_FEED : given;
    if (lines[index] !== -1) emit();
    if (atStart) {
      atStart = false;
      lines[index] = ++line;
    }
    if (unit === LINE_FEED) atStart = true;
    update(unit);
  };
  for (let i = 0; i < text.length; i++) read(text.charCodeAt(i));
  read(END);
  for (let i = 0; i < WINDOW; i++) {
    if (lines[index] !== -1) emit();
    update(0);
  }
  return hashes;
}
