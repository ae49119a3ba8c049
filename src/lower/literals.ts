/**
 * What is the value of a literal?
 *
 * Strings keep their escapes as written, since no reader of the IR needs more; numbers become JavaScript numbers where these are exact and
 * finite. Python 2's long and octal spellings are understood.
 */
import type { Operand } from '../ir/ir.ts';

type Constant = Extract<Operand, { op: 'const' }>;

/** An `integer` node's text as a constant. */
export function integerConstant(text: string, start: number, end: number): Constant {
  if (/[jJ]$/.test(text) && !/^0[xX]/.test(text)) return { op: 'const', kind: 'complex', value: text, start, end };
  const digits = text.replace(/_/g, '').replace(/[lL]$/, '');
  const value = Number(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
  return { op: 'const', kind: 'int', value: Number.isSafeInteger(value) ? value : text, start, end };
}

/** A `float` node's text as a constant. */
export function floatConstant(text: string, start: number, end: number): Constant {
  if (/[jJ]$/.test(text)) return { op: 'const', kind: 'complex', value: text, start, end };
  const value = Number(text.replace(/_/g, ''));
  return { op: 'const', kind: 'float', value: Number.isFinite(value) ? value : text, start, end };
}

/** Where the text of a string literal stands, and what its prefix says. Offsets into the file. */
export interface StringShape {
  readonly isBytes: boolean;
  readonly isFormat: boolean;
  readonly from: number;
  readonly to: number;
}

/** The shape of the string literal at [start, end); one without its closing quote reaches to the end. */
export function stringShape(text: string, start: number, end: number): StringShape {
  let at = start;
  while (at < end && text[at] !== '"' && text[at] !== "'") at++;
  if (at === end) return { isBytes: false, isFormat: false, from: end, to: end };
  const prefix = text.slice(start, at).toLowerCase();
  const quote = text[at];
  const quotes = end - at >= 6 && text[at + 1] === quote && text[at + 2] === quote ? 3 : 1;
  const from = Math.min(at + quotes, end);
  const closed = end - quotes >= from && text.startsWith(quote.repeat(quotes), end - quotes);
  return { isBytes: prefix.includes('b'), isFormat: prefix.includes('f') || prefix.includes('t'), from, to: closed ? end - quotes : end };
}

/** Literal text of an f-string: doubled braces stand for single ones. */
export function unbraced(text: string): string {
  return text.replace(/\{\{/g, '{').replace(/\}\}/g, '}');
}
