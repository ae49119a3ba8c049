/**
 * Are lines and columns counted as editors and Python count them?
 */
import { expect, test } from 'vitest';
import { lineStart, lineTable, positionAt } from '../src/base/lines.ts';

test.each([
  ['empty', '', 0, 1, 1],
  ['first unit', 'ab', 0, 1, 1],
  ['end of the text', 'ab', 2, 1, 3],
  ['line feed belongs to its line', 'a\nb', 1, 1, 2],
  ['after a line feed', 'a\nb', 2, 2, 1],
  ['carriage return and line feed are one end', 'a\r\nb', 3, 2, 1],
  ['a lone carriage return ends a line', 'a\rb', 2, 2, 1],
  ['an empty last line', 'a\n', 2, 2, 1],
  ['a form feed ends none', 'a\fb', 2, 1, 3],
  ['columns count UTF-16 units', '😀b', 2, 1, 3],
  ['before the text', 'a', -5, 1, 1],
  ['after the text', 'a\nb', 99, 2, 2],
] as const)('%s', (_name, text, offset, line, column) => {
  expect(positionAt(lineTable(text), offset)).toEqual({ line, column });
});

test('every offset of a text lies on the line whose start is nearest before it', () => {
  const text = 'one\ntwo\r\n\r\rthree\n\n';
  const table = lineTable(text);
  for (let offset = 0; offset <= text.length; offset++) {
    const { line, column } = positionAt(table, offset);
    expect(lineStart(table, line) + column - 1).toBe(offset);
  }
  expect(lineStart(table, 99)).toBe(text.length);
});
