/**
 * How is text measured, compared and cut for people?
 *
 * Widths are terminal cells (a wide CJK character takes two), not UTF-16 units. Comparison is by UTF-16 units and never by locale:
 * results must be the same bytes on every machine. Nothing here makes hostile text harmless; that is escape.ts.
 */
import stringWidth from 'string-width';

const PLAIN = /^[\x20-\x7e]*$/;

/** Sorts before (-1), same (0), after (1): by UTF-16 units, the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** "1 finding", "2 findings"; `many` where an s is not enough. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Terminal cells that the text takes. */
export function textWidth(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** Filled with spaces to `width` cells; longer text stays as it is. */
export function padRight(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** Filled with spaces on the left to `width` cells; longer text stays as it is. */
export function padLeft(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}

/** At most `width` cells (at least one); what is cut off is replaced by "…". */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (PLAIN.test(text)) return `${text.slice(0, Math.max(0, width - 1))}…`;
  let kept = '';
  let cells = 0;
  for (const character of text) {
    cells += textWidth(character);
    if (cells > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Lines of at most `width` cells, broken at spaces; a word longer than a line is broken where it must. Never empty. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    let rest = word;
    if (line !== '' && textWidth(line) + 1 + textWidth(rest) <= width) {
      line += ` ${rest}`;
      continue;
    }
    if (line !== '') lines.push(line);
    while (textWidth(rest) > width) {
      const head = headOf(rest, width);
      lines.push(head);
      rest = rest.slice(head.length);
    }
    line = rest;
  }
  lines.push(line);
  return lines;
}

/** The longest beginning of at most `width` cells; at least one character, so that a caller's loop ends. */
function headOf(text: string, width: number): string {
  let head = '';
  let cells = 0;
  for (const character of text) {
    cells += textWidth(character);
    if (cells > width && head !== '') break;
    head += character;
  }
  return head;
}
