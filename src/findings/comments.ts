/**
 * Which comments of a file may suppress findings, and of which code line does each speak?
 *
 * A comment behind code speaks of its own line; a comment alone on its line speaks of the next line of code. Lines that a string or a backslash
 * joins are one line here: no comment can stand inside. Where that line is a decorator, it speaks of everything down to the `def` or `class` it
 * decorates. Needs only the text and the comments' offsets, no tree.
 */
import { lineTable, positionAt } from '../base/lines.ts';
import { type PhysicalLine, physicalLines } from './physical-lines.ts';

export interface SuppressionComment {
  /** 1-based line of the comment. */
  readonly line: number;
  /** The comment from its `#` on. */
  readonly text: string;
  /** 1-based column of the `#`; 1 when not given. */
  readonly column?: number;
  /** Nothing but white space stands before it. */
  readonly ownLine: boolean;
  /** The first line of those that are joined to the comment's; `line` when not given. */
  readonly firstLine?: number;
  /** 1-based; undefined where no code follows. Only asked of a comment on its own line. */
  readonly nextCodeLine?: number;
  /** The last line that a comment on its own line speaks of; `nextCodeLine` when not given. */
  readonly nextCodeEndLine?: number;
}

/** Cheap test before anything else is looked at: most files have no such comment. */
const TELLTALE = /campsite:|noqa/i;

/** A decorator's call that is longer is not searched for its `def`. */
const DECORATOR_LINES = 60;

const DEFINITION = /^\s*(?:async\s+def|def|class)\b/;

/**
 * The comments of `text` that could suppress something, in order. `comments` are offsets (0-based, UTF-16 units, `end` exclusive) in order.
 */
export function suppressionComments(text: string, comments: readonly Part[]): SuppressionComment[] {
  const found = tellingOf(text, comments);
  if (found.length === 0) return [];
  const table = lineTable(text);
  const places = found.map(({ start, end }) => ({ ...positionAt(table, start), text: text.slice(start, end) }));
  let lines = physicalLines(text, places[places.length - 1].line);
  const isOwn = ({ line, column }: { readonly line: number; readonly column: number }): boolean =>
    lines[line - 1].text.slice(0, column - 1).trim() === '';
  // What a comment speaks of that has a line of its own comes after it.
  if (places.some(isOwn)) lines = physicalLines(text);
  return places.map((comment) => {
    const { line } = comment;
    if (!isOwn(comment)) {
      const first = firstJoined(lines, line);
      return { ...comment, ownLine: false, ...(first === line ? {} : { firstLine: first }) };
    }
    const next = nextCodeLine(lines, line);
    return next === undefined
      ? { ...comment, ownLine: true }
      : { ...comment, ownLine: true, nextCodeLine: next, nextCodeEndLine: Math.max(headerEnd(lines, next), lastJoined(lines, next)) };
  });
}

interface Part {
  readonly start: number;
  readonly end: number;
}

/**
 * Comments that stand nearer to each other than this are searched together: to start a search costs more than to read some code between them.
 * Nothing is overlooked, because TELLTALE has no anchors: a `^` or `$` there would lose suppressions.
 */
const NEAR = 100;

/** Those with a telltale. */
function tellingOf(text: string, comments: readonly Part[]): readonly Part[] {
  const found: Part[] = [];
  for (let first = 0; first < comments.length; ) {
    let next = first + 1;
    while (next < comments.length && comments[next].start - comments[next - 1].end < NEAR) next++;
    if (TELLTALE.test(text.slice(comments[first].start, comments[next - 1].end)))
      for (const comment of comments.slice(first, next)) if (TELLTALE.test(text.slice(comment.start, comment.end))) found.push(comment);
    first = next;
  }
  return found;
}

/** The first of the lines (1-based) that strings and backslashes join to `line`. */
export function firstJoined(lines: readonly PhysicalLine[], line: number): number {
  let first = line;
  while (first > 1 && lines[first - 2].open) first--;
  return first;
}

/** The last of them. */
export function lastJoined(lines: readonly PhysicalLine[], line: number): number {
  let last = line;
  while (last < lines.length && lines[last - 1].open) last++;
  return last;
}

/** The next line with code after `after`; undefined where there is none. */
export function nextCodeLine(lines: readonly PhysicalLine[], after: number): number | undefined {
  for (let line = after + 1; line <= lines.length; line++) {
    const text = lines[line - 1].text.trim();
    if (text !== '' && !text.startsWith('#')) return line;
  }
  return undefined;
}

function headerEnd(lines: readonly PhysicalLine[], line: number): number {
  if (!lines[line - 1].text.trimStart().startsWith('@')) return line;
  const last = Math.min(lines.length, line + DECORATOR_LINES);
  for (let at = line + 1; at <= last; at++) {
    if (DEFINITION.test(lines[at - 1].text)) return at;
  }
  return line;
}
