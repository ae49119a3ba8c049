/**
 * On which line and column does an offset lie?
 *
 * Lines end with \n, \r\n or a lone \r, as Python counts them. Offsets are 0-based UTF-16 units; lines and columns are 1-based, columns
 * count UTF-16 units as editors do. A report that needs columns in code points or bytes converts from the line's text itself.
 */

/** Where the lines of a text start. */
export interface LineTable {
  /** Offset of the first unit of line i + 1. */
  readonly starts: Int32Array;
  readonly length: number;
}

/** Line and column, both 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** The table of a text; one pass over it. */
export function lineTable(text: string): LineTable {
  const starts = [0];
  if (text.includes('\r')) {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === CARRIAGE_RETURN && text.charCodeAt(i + 1) === LINE_FEED) i++;
      else if (unit !== LINE_FEED && unit !== CARRIAGE_RETURN) continue;
      starts.push(i + 1);
    }
  } else for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return { starts: Int32Array.from(starts), length: text.length };
}

/** Position of `offset`; offsets outside the text are taken for its start or end. */
export function positionAt(table: LineTable, offset: number): Position {
  const inside = Math.max(0, Math.min(offset, table.length));
  let low = 0;
  let high = table.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (table.starts[middle] <= inside) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: inside - table.starts[low] + 1 };
}

/** Offset at which the 1-based `line` starts; the text's length for a line after the last. */
export function lineStart(table: LineTable, line: number): number {
  return line > table.starts.length ? table.length : table.starts[Math.max(0, line - 1)];
}
