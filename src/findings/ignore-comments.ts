/**
 * Where does a comment go that suppresses a finding, and what does the file look like with it?
 *
 *     server = cloud.create()  # campsite: ignore[never-released] reason       behind the code, where there is room and no comment yet
 *     # campsite: ignore[never-released] reason                                else on a line of its own above it
 *
 * A comment of ours that is there already gets the rule into its list and keeps its reason. Comments of other tools are left alone: some of them only
 * hold when nothing follows. Inside a string or after a backslash no comment can stand; there it goes above the first of the joined lines
 * (comments.ts counts them as one). All else stays as it is, byte for byte, so the text may be bytes read as Latin-1.
 */
import { compareText } from '../base/text.ts';
import { firstJoined, lastJoined } from './comments.ts';
import { type PhysicalLine, physicalLines } from './physical-lines.ts';

/** A finding that shall be suppressed; lines are 1-based. */
export interface Unwanted {
  readonly rule: string;
  readonly line: number;
}

export interface IgnoreOptions {
  /** What stands behind the rule's name; '' for nothing. */
  readonly reason: string;
  /** `YYYY-MM-DD`: a comment whose `until` is over is not added to. */
  readonly today: string;
}

/** Longer lines are what linters complain of by default (PEP 8). */
const LINE_WIDTH = 79;

const OURS = /#\s*campsite:\s*ignore\s*\[([^\]]*)\]/i;
const UNTIL = /(?:^|\s)until=(\d{4}-\d\d-\d\d)/;
const BYTE_ORDER_MARK = /^(?:\ufeff|\u00ef\u00bb\u00bf)/;

/** Where a comment goes: into the one on `line`, behind the code of `line`, or above it. */
interface Place {
  readonly how: 'into' | 'behind' | 'above';
  readonly line: number;
}

/** The text with its comments, and how many were written or added to. Findings of lines that are joined share a comment. */
export function addIgnores(
  text: string,
  unwanted: readonly Unwanted[],
  options: IgnoreOptions,
): { readonly text: string; readonly comments: number } {
  const lines = physicalLines(text);
  const byLine = new Map<number, Set<string>>();
  for (const { rule, line } of unwanted) {
    if (line < 1 || line > lines.length) continue;
    const first = firstJoined(lines, line);
    byLine.set(first, (byLine.get(first) ?? new Set()).add(rule));
  }
  const written = lines.map(({ text, ending }) => text + ending);
  for (const [first, names] of byLine) {
    const rules = [...names].sort(compareText);
    const place = placeFor(lines, first, rules, options);
    written[place.line - 1] = edited(lines, place, rules, options.reason);
  }
  return { text: written.join(''), comments: byLine.size };
}

/** `first` is the first of the lines that are joined. */
function placeFor(lines: readonly PhysicalLine[], first: number, rules: readonly string[], options: IgnoreOptions): Place {
  const last = lastJoined(lines, first);
  const there = [last, ...commentsAbove(lines, first)].find((at) => takesMore(lines[at - 1], options.today));
  if (there !== undefined) return { how: 'into', line: there };
  const { text, comment } = lines[first - 1];
  const fits = text.trimEnd().length + commentOf(rules, options.reason).length + 2 <= LINE_WIDTH;
  return { how: first === last && comment === undefined && fits ? 'behind' : 'above', line: first };
}

/** Comments on lines of their own that stand directly above the line and so speak of it. */
function commentsAbove(lines: readonly PhysicalLine[], line: number): number[] {
  const found: number[] = [];
  for (let at = line - 1; at >= 1 && /^\s*#/.test(lines[at - 1].text) && lines[at - 1].comment !== undefined; at--) found.push(at);
  return found;
}

/** A comment of ours that holds: one more rule can be put into it. */
function takesMore({ text, comment }: PhysicalLine, today: string): boolean {
  if (comment === undefined) return false;
  const ours = OURS.exec(text.slice(comment));
  if (ours === null || ours[1].trim() === '') return false;
  const until = UNTIL.exec(text.slice(comment + ours.index + ours[0].length))?.[1];
  return until === undefined || until >= today;
}

function commentOf(rules: readonly string[], reason: string): string {
  return `# campsite: ignore[${rules.join(', ')}]${reason === '' ? '' : ` ${reason}`}`;
}

/** The place's line as it is written. */
function edited(lines: readonly PhysicalLine[], { how, line }: Place, rules: readonly string[], reason: string): string {
  const { text, ending, comment } = lines[line - 1];
  if (how === 'into') return withRules(text, comment as number, rules) + ending;
  if (how === 'behind') return `${text.trimEnd()}  ${commentOf(rules, reason)}${ending}`;
  const mark = BYTE_ORDER_MARK.exec(text)?.[0] ?? '';
  const indent = /^[ \t\f]*/.exec(text.slice(mark.length))?.[0] ?? '';
  const newline = ending === '' ? (lines[line - 2]?.ending ?? '\n') : ending;
  return `${mark}${indent}${commentOf(rules, reason)}${newline}${text.slice(mark.length)}${ending}`;
}

function withRules(text: string, comment: number, rules: readonly string[]): string {
  const ours = OURS.exec(text.slice(comment)) as RegExpExecArray;
  const listed = ours[1].split(',').map((name) => name.trim());
  const all = [...listed, ...rules.filter((rule) => !listed.includes(rule))].join(', ');
  const start = comment + ours.index + ours[0].length - 1 - ours[1].length;
  return text.slice(0, start) + all + text.slice(start + ours[1].length);
}
