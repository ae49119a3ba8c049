/**
 * Which lines of source does a frame show for one witness?
 *
 * A witness becomes rows: source lines with the steps that stand on them, gaps, and headings where the path goes on in another file. The rows
 * are within a budget: first the steps (the acquisition, what raises and the exit before all others), then the `def` line, then what
 * lies between. Knows nothing of widths, colours or escaping; frame.ts draws.
 */
import type { Step, Witness } from '../findings/finding.ts';
import { numberedSteps } from './finding-words.ts';

export interface Mark {
  readonly number: number | undefined;
  readonly message: string;
  readonly kind: Step['kind'] | 'here';
}

export type FrameRow =
  | { readonly type: 'source'; readonly line: number; readonly text: string; readonly mark?: Mark }
  /** A step without a line of source: the end of a function, or another step on the same line. */
  | { readonly type: 'note'; readonly line?: number; readonly mark: Mark }
  | { readonly type: 'gap'; readonly text: string }
  | { readonly type: 'file'; readonly path: string };

/** A frame is read at a glance: more than this and one scrolls. */
export const FRAME_ROWS = 15;

/** Source lines between two steps are shown whole when there are at most this many. */
const BETWEEN = 3;

/** How far above the first step the `def` line is looked for; further away it would be no help. */
const DEF_DISTANCE = 60;

export type Lines = (path: string) => readonly string[] | undefined;

/** Steps that stay when there is no room for all: the lower, the longer it stays. */
const WEIGHT: Readonly<Record<Step['kind'], number>> = {
  acquire: 0,
  exit: 0,
  raise: 1,
  release: 2,
  use: 2,
  register: 2,
  call: 3,
  branch: 4,
};

type NumberedStep = ReturnType<typeof numberedSteps>[number];

/** The steps that fit, in order, and where steps were left out before one (index into `kept`) how many. */
function stepsThatFit(witness: Witness, room: number): { kept: NumberedStep[]; leftOutBefore: Map<number, number> } {
  const steps = numberedSteps(witness);
  const order = steps.map((_, at) => at);
  if (steps.length > room) {
    order.sort((a, b) => WEIGHT[steps[a].step.kind] - WEIGHT[steps[b].step.kind] || Math.min(a, steps.length - a) - Math.min(b, steps.length - b));
    order.length = room;
    order.sort((a, b) => a - b);
  }
  const leftOutBefore = new Map<number, number>();
  order.forEach((at, index) => {
    const missing = at - (index === 0 ? 0 : order[index - 1] + 1);
    if (missing > 0) leftOutBefore.set(index, missing);
  });
  return { kept: order.map((at) => steps[at]), leftOutBefore };
}

/** The rows of a witness, at most `FRAME_ROWS`; `home` is the file that needs no heading. Empty for a witness without steps. */
export function witnessRows(witness: Witness, home: string, linesOf: Lines): FrameRow[] {
  // From all rows to ever fewer steps, until what must be there fits.
  for (let room = Math.min(witness.steps.length, FRAME_ROWS); room > 0; room--) {
    const essential = rowsOf(witness, home, linesOf, room, 0);
    if (essential.length > FRAME_ROWS && room > 1) continue;
    let best = essential;
    for (let context = 1; context <= BETWEEN + 1; context++) {
      const richer = rowsOf(witness, home, linesOf, room, context);
      if (richer.length > FRAME_ROWS) break;
      best = richer;
    }
    return best.slice(0, FRAME_ROWS);
  }
  return [];
}

/** `context`: 0 steps only, 1 also the def line, n also gaps of up to n - 1 lines. */
function rowsOf(witness: Witness, home: string, linesOf: Lines, room: number, context: number): FrameRow[] {
  const { kept, leftOutBefore } = stepsThatFit(witness, room);
  const rows: FrameRow[] = [];
  let path = home;
  let line = 0;
  kept.forEach(({ step, number }, index) => {
    const left = leftOutBefore.get(index);
    const mark: Mark = { number, message: step.message, kind: step.kind };
    const lines = linesOf(step.path);
    const isEnd = step.kind === 'exit' && !isReturn(step, lines);
    if (step.path !== path && !isEnd) {
      rows.push({ type: 'file', path: step.path });
      path = step.path;
      line = 0;
    }
    if (left !== undefined) rows.push({ type: 'gap', text: left === 1 ? '1 step' : `${left} steps` });
    if (isEnd || lines === undefined || lines[step.line - 1] === undefined || (step.line === line && path === step.path)) {
      const shown = isEnd || step.line === line ? undefined : step.line; // The end of a function is no line to look at.
      rows.push({ type: 'note', mark, ...(shown === undefined ? {} : { line: shown }) });
      if (shown !== undefined) line = shown;
      return;
    }
    if (line === 0) {
      if (context > 0) rows.push(...defRow(lines, step.line));
    } else if (left === undefined) {
      rows.push(...between(lines, line, step.line, context - 1));
    }
    rows.push({ type: 'source', line: step.line, text: lines[step.line - 1], mark });
    line = step.line;
  });
  const missing = witness.steps.length - kept.length - [...leftOutBefore.values()].reduce((sum, count) => sum + count, 0);
  if (missing > 0) rows.push({ type: 'gap', text: missing === 1 ? '1 step' : `${missing} steps` });
  return rows;
}

/** The path leaves by the statement that the step stands on, and does not just reach the end of the function. */
function isReturn({ line, column }: Step, lines: readonly string[] | undefined): boolean {
  return /^return\b/.test(lines?.[line - 1]?.slice(column - 1) ?? '');
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** The lines between two steps, or a gap where they are too many; blank lines are passed over in silence. */
function between(lines: readonly string[], from: number, to: number, limit: number): FrameRow[] {
  if (to < from) return [{ type: 'gap', text: '' }];
  const rows: FrameRow[] = [];
  for (let line = from + 1; line < to; line++) {
    const text = lines[line - 1];
    if (isBlank(text)) continue;
    if (rows.length >= limit) return [{ type: 'gap', text: '' }];
    rows.push({ type: 'source', line, text });
  }
  return rows;
}

const DEF = /^(\s*)(?:async\s+def|def|class)\b/;

/** The line of the function that `line` stands in, judged by indentation, and a gap where code lies between. */
function defRow(lines: readonly string[], line: number): FrameRow[] {
  const indentOf = (text: string): number => text.length - text.trimStart().length;
  const indent = indentOf(lines[line - 1]);
  for (let at = line - 1; at >= 1 && at > line - DEF_DISTANCE; at--) {
    const text = lines[at - 1];
    if (!DEF.test(text) || indentOf(text) >= indent) continue;
    const gap = lines.slice(at, line - 1).some((between) => !isBlank(between));
    return [{ type: 'source', line: at, text }, ...(gap ? [{ type: 'gap', text: '' } as const] : [])];
  }
  return [];
}

/** For a finding without a witness: its line, with the one before and the one after. */
export function placeRows(path: string, line: number, linesOf: Lines): FrameRow[] {
  const lines = linesOf(path);
  if (lines === undefined || lines[line - 1] === undefined) return [];
  const rows: FrameRow[] = [];
  for (let at = Math.max(1, line - 1); at <= Math.min(lines.length, line + 1); at++) {
    if (at !== line && isBlank(lines[at - 1])) continue;
    rows.push({
      type: 'source',
      line: at,
      text: lines[at - 1],
      ...(at === line ? { mark: { number: undefined, message: '', kind: 'here' } as const } : {}),
    });
  }
  return rows;
}
