/**
 * Is a text indented in more ways than the grammar's scanner has room for?
 *
 * The scanner keeps the open indentations in a buffer of 1,024 bytes and writes past its end when there are more: one such file ruins the
 * parser for all files after it. It opens an indentation only where one is wider than the one before, so the number of different widths is
 * an upper bound. Widths are counted as the scanner counts them: a tab is 8, a form feed begins again, a backslash joins lines.
 */

/** The buffer holds (1,024 - 2 - 255 open string delimiters) / 2 = 383. Python itself allows 100 levels. */
export const MAX_WIDTHS = 380;

const TAB_WIDTH = 8;

/** Units of blank that so many different widths take at least, with spaces alone (0 + 1 + 2 …) and with tabs. */
const BLANKS = (MAX_WIDTHS * (MAX_WIDTHS + 1)) / 2;
const BLANKS_WITH_TABS = BLANKS / TAB_WIDTH;

const NEWLINE = 10;

/** Offset of the line that brings one width too many; -1 where all is well. */
export function excessIndentation(text: string): number {
  if (text.length < BLANKS_WITH_TABS || (text.length < BLANKS && !text.includes('\t'))) return -1;
  const widths = new Set<number>();
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at)) {
    const line = at + 1;
    let width = 0;
    for (at = line; ; at++) {
      const code = text.charCodeAt(at);
      if (code === 32) width++;
      else if (code === 9) width += TAB_WIDTH;
      else if (code === NEWLINE || code === 13 || code === 12) width = 0;
      else if (code !== 92 || !joinsLines(text, at)) break;
      else if (text.charCodeAt(++at) === 13) at++;
    }
    if (!widths.has(width)) {
      if (widths.size === MAX_WIDTHS) return line;
      widths.add(width);
    }
  }
  return -1;
}

/** The backslash at the offset stands at the end of its line. */
function joinsLines(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1) === 13 ? at + 2 : at + 1;
  return text.charCodeAt(next) === NEWLINE;
}
