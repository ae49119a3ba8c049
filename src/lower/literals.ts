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
  if (isPlainNumber(text)) return { op: 'const', kind: 'int', value: Number(text), start, end };
  if (/[jJ]$/.test(text) && !/^0[xX]/.test(text)) return { op: 'const', kind: 'complex', value: text, start, end };
  const digits = text.replace(/_/g, '').replace(/[lL]$/, '');
  const value = Number(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
  return { op: 'const', kind: 'int', value: Number.isSafeInteger(value) ? value : text, start, end };
}

/** Digits that need no care, as nearly all numbers are: no prefix, no leading zero, no underscore, few enough to be exact. */
function isPlainNumber(text: string): boolean {
  if (text.length > 15 || (text.length > 1 && text.startsWith('0'))) return false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 48 || unit > 57) return false;
  }
  return text.length > 0;
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
  const prefix = at === start ? '' : text.slice(start, at).toLowerCase();
  const quote = text[at];
  const quotes = end - at >= 6 && text[at + 1] === quote && text[at + 2] === quote ? 3 : 1;
  const from = Math.min(at + quotes, end);
  const closed = end - quotes >= from && text[end - 1] === quote && (quotes === 1 || text.startsWith(quote.repeat(3), end - 3));
  return { isBytes: prefix.includes('b'), isFormat: prefix.includes('f') || prefix.includes('t'), from, to: closed ? end - quotes : end };
}

/** Literal text of an f-string: doubled braces stand for single ones. */
export function unbraced(text: string): string {
  return text.replace(/\{\{/g, '{').replace(/\}\}/g, '}');
}
