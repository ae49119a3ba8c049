/**
 * How is a frame drawn: source lines in a gutter, the numbered steps of the witness at their side?
 *
 *     40 │ def test_resize(self):
 *   1 42 │     server = self.api.create_server("m1.small")   acquired here: server, remote
 *   2 44 │     self.assertEqual("ACTIVE", server["status"])  raises
 *   3    │ test_resize leaves with server held
 *
 * A message that has no room beside its line stands under it. No line is wider than the terminal, and the frame is at most FRAME_ROWS lines
 * high. All text goes through `visible`; columns are counted in cells after that.
 */
import { visible } from '../base/escape.ts';
import { cutText, padLeft, padRight, textWidth, wrapText } from '../base/text.ts';
import type { Finding, Witness } from '../findings/finding.ts';
import { FRAME_ROWS, type FrameRow, type Lines, type Mark, placeRows, witnessRows } from './frame-rows.ts';
import type { Paint } from './paint.ts';

/** Tab stops of this many columns: Python's own (8) would push most code out of the frame. */
const TAB = 4;

/** Between code and message. */
const SPACE = 2;

/** A message under its line is set off by this. */
const UNDER = '↳ ';

/** The least room beside the code for which a message is put there and not under it. */
const LEAST_MESSAGE = 12;

function shownSource(text: string): string {
  let expanded = '';
  for (const character of text.trimEnd()) {
    expanded += character === '\t' ? ' '.repeat(TAB - (expanded.length % TAB)) : character;
  }
  return visible(expanded);
}

interface Layout {
  readonly numberWidth: number;
  readonly lineWidth: number;
  /** Cells to the right of the gutter. */
  readonly room: number;
  readonly dedent: number;
  readonly messageColumn: number;
}

function layoutOf(rows: readonly FrameRow[], width: number): Layout {
  const digits = (value: number | undefined): number => (value === undefined ? 0 : String(value).length);
  const marks = rows.flatMap((row) => ('mark' in row && row.mark ? [row.mark] : []));
  const numberWidth = Math.max(1, ...marks.map((mark) => digits(mark.number)));
  const lineWidth = Math.max(2, ...rows.map((row) => ('line' in row ? digits(row.line) : 0)));
  const room = width - (2 + numberWidth + 1 + lineWidth + 3);
  const sources = rows.flatMap((row) => (row.type === 'source' ? [shownSource(row.text)] : []));
  const indents = sources.filter((text) => text !== '').map((text) => text.length - text.trimStart().length);
  const dedent = indents.length === 0 ? 0 : Math.min(...indents);
  // The messages stand in one column: that of the widest marked line beside which its message still fits.
  const besides = rows.flatMap((row) => {
    if (row.type !== 'source' || row.mark === undefined || row.mark.message === '') return [];
    const code = textWidth(shownSource(row.text)) - dedent;
    return code + SPACE + Math.max(LEAST_MESSAGE, textWidth(visible(row.mark.message))) <= room ? [code + SPACE] : [];
  });
  return { numberWidth, lineWidth, room, dedent, messageColumn: Math.max(0, ...besides) };
}

function gutter(layout: Layout, number: number | undefined, line: number | undefined, paint: Paint): string {
  const step = padLeft(number === undefined ? '' : String(number), layout.numberWidth);
  const place = padLeft(line === undefined ? '' : String(line), layout.lineWidth);
  return `  ${paint.step(step)} ${paint.quiet(`${place} │ `)}`;
}

function paintMark(text: string, mark: Mark, paint: Paint): string {
  return mark.kind === 'raise' || mark.kind === 'exit' ? paint.alarm(text) : paint.step(text);
}

function messageLines(layout: Layout, mark: Mark, line: number | undefined, indent: string, number: number | undefined, paint: Paint): string[] {
  const words = wrapText(visible(mark.message), Math.max(1, layout.room - textWidth(indent)));
  return words.map((text, at) => {
    const lead = at === 0 ? indent : ' '.repeat(textWidth(indent));
    return gutter(layout, at === 0 ? number : undefined, at === 0 ? line : undefined, paint) + lead + paintMark(text, mark, paint);
  });
}

function sourceLines(layout: Layout, row: Extract<FrameRow, { type: 'source' }>, paint: Paint): string[] {
  const code = cutText(shownSource(row.text).slice(layout.dedent), layout.room);
  const { mark } = row;
  const head = gutter(layout, mark?.number, row.line, paint);
  if (mark === undefined || mark.message === '') return [(head + (mark === undefined ? paint.faint(code) : code)).trimEnd()];
  const message = visible(mark.message);
  const column = Math.max(layout.messageColumn, textWidth(code) + SPACE);
  if (column + textWidth(message) <= layout.room) return [head + padRight(code, column) + paintMark(message, mark, paint)];
  if (textWidth(code) + SPACE + textWidth(message) <= layout.room) {
    return [head + code + ' '.repeat(SPACE) + paintMark(message, mark, paint)];
  }
  const indent = ' '.repeat(Math.min(8, code.length - code.trimStart().length)) + UNDER;
  return [head + code, ...messageLines(layout, mark, undefined, indent, undefined, paint)];
}

/**
 * Each row as the lines that draw it. A frame that wrapping has made too high loses lines without a mark first, then the ends of
 * wrapped messages, never a step.
 */
function drawRows(rows: readonly FrameRow[], width: number, paint: Paint): string[] {
  const layout = layoutOf(rows, width);
  const drawn = rows.map((row): string[] => {
    if (row.type === 'source') return sourceLines(layout, row, paint);
    if (row.type === 'note') return messageLines(layout, row.mark, row.line, '', row.mark.number, paint);
    if (row.type === 'gap') return [`${gutter(layout, undefined, undefined, paint).replace('│', '⋮')}${paint.quiet(row.text)}`.trimEnd()];
    return [`  ${' '.repeat(layout.numberWidth + layout.lineWidth + 1)} ${paint.quiet('┌')} ${paint.place(cutText(visible(row.path), layout.room))}`];
  });
  const height = (): number => drawn.reduce((sum, lines) => sum + lines.length, 0);
  const optional = rows.flatMap((row, at) => (row.type === 'source' && row.mark === undefined ? [at] : []));
  while (height() > FRAME_ROWS && optional.length > 0) drawn[optional.pop() as number] = [];
  for (let at = drawn.length - 1; at >= 0 && height() > FRAME_ROWS; at--) {
    while (drawn[at].length > 1 && height() > FRAME_ROWS) drawn[at].pop();
  }
  return drawn.flat();
}

/** The frame of one witness, at most `width` cells wide; [] for a witness without steps. */
export function drawWitness(witness: Witness, home: string, linesOf: Lines, width: number, paint: Paint): string[] {
  const rows = witnessRows(witness, home, linesOf);
  return rows.length === 0 ? [] : drawRows(rows, width, paint);
}

/** The frame of a finding without a witness: its line, underlined where the finding stands; [] where the source is not at hand. */
export function drawPlace(finding: Finding, linesOf: Lines, width: number, paint: Paint): string[] {
  const rows = placeRows(finding.path, finding.line, linesOf);
  if (rows.length === 0) return [];
  const layout = layoutOf(rows, width);
  return rows.flatMap((row) => {
    if (row.type !== 'source') return [];
    const lines = sourceLines(layout, row, paint);
    return row.mark === undefined ? lines : [...lines, ...underline(finding, row.text, layout, paint)];
  });
}

function underline(finding: Finding, source: string, layout: Layout, paint: Paint): string[] {
  const end = finding.endLine === finding.line ? finding.endColumn - 1 : source.trimEnd().length;
  const from = textWidth(shownSource(`${source.slice(0, finding.column - 1)}|`)) - 1 - layout.dedent;
  const to = textWidth(shownSource(`${source.slice(0, Math.max(end, finding.column))}|`)) - 1 - layout.dedent;
  if (from < 0 || from >= layout.room) return [];
  const marks = '^'.repeat(Math.max(1, Math.min(to, layout.room) - from));
  return [gutter(layout, undefined, undefined, paint) + ' '.repeat(from) + paint.alarm(marks)];
}
