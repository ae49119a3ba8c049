/**
 * At the end of which lines can a comment stand, and where does one stand already?
 *
 * A light scan of Python's tokens: strings (also formatted ones with strings inside), comments, backslashes. Nothing else of the language matters
 * here, and nothing else of the file: the scan also works on bytes read as Latin-1. In broken code a string that is not closed ends with its line, a
 * tripled one with the file.
 */

export interface PhysicalLine {
  /** Without what ends it. */
  readonly text: string;
  /** `\n`, `\r\n` or `\r`; '' for the last line where nothing follows. */
  readonly ending: string;
  /** 0-based place of the comment's `#`; undefined where there is none. */
  readonly comment: number | undefined;
  /** The next line goes on with it: it ends inside a string, or in a backslash. No comment can stand at its end. */
  readonly open: boolean;
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const DOUBLE_QUOTE = 34;
const QUOTE = 39;
const BACKSLASH = 92;
const HASH = 35;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const COLON = 58;

/** What the scan is in: text of a string, or an expression inside a formatted one. */
type Frame =
  | { readonly kind: 'string'; readonly quote: string; readonly formatted: boolean }
  | { readonly kind: 'expression'; depth: number }
  /** After the colon of an expression: `{x:>10}`; ends with the expression. */
  | { readonly kind: 'format' };

/** The lines of a text, or the first of them; never empty. */
export function physicalLines(text: string, atMost = Number.POSITIVE_INFINITY): PhysicalLine[] {
  const lines: PhysicalLine[] = [];
  const stack: Frame[] = [];
  let start = 0;
  let comment: number | undefined;
  let at = 0;
  const endLine = (ending: string, joined: boolean): void => {
    lines.push({
      text: text.slice(start, at),
      ending,
      comment: comment === undefined ? undefined : comment - start,
      open: joined || stack.length > 0,
    });
    at += ending.length;
    start = at;
    comment = undefined;
  };
  while (at < text.length && lines.length < atMost) {
    const frame = stack[stack.length - 1];
    if (frame === undefined || frame.kind === 'string') at = plainEnd(text, at);
    const ending = endingAt(text, at);
    if (ending !== '') {
      // A string in single quotes ends with its line, but for expressions inside formatted ones.
      if (frame?.kind === 'string' && frame.quote.length === 1) stack.pop();
      endLine(ending, false);
      continue;
    }
    if (at >= text.length) break;
    const unit = text.charCodeAt(at);
    if (unit === BACKSLASH) {
      at++;
      const after = endingAt(text, at);
      if (after !== '') endLine(after, true);
      else if (frame?.kind === 'string') at++;
    } else if (frame?.kind === 'string') at = inString(text, at, unit, frame, stack);
    else if (frame?.kind === 'format') at = inFormat(at, unit, stack);
    else if (unit === HASH) {
      comment = at;
      while (at < text.length && endingAt(text, at) === '') at++;
    } else at = inCode(text, at, unit, frame, stack);
  }
  if (lines.length < atMost) endLine('', false);
  return lines;
}

/** Where from `at` on the first character stands that may mean anything in code or in a string: most mean nothing. */
function plainEnd(text: string, at: number): number {
  let end = at;
  for (; end < text.length; end++) {
    const unit = text.charCodeAt(end);
    if (unit === LINE_FEED || unit === CARRIAGE_RETURN || unit === HASH || unit === QUOTE || unit === DOUBLE_QUOTE) break;
    if (unit === BACKSLASH || unit === OPEN_BRACE || unit === CLOSE_BRACE) break;
  }
  return end;
}

function endingAt(text: string, at: number): string {
  const unit = text[at];
  return unit === '\n' ? '\n' : unit === '\r' ? (text[at + 1] === '\n' ? '\r\n' : '\r') : '';
}

function inString(text: string, at: number, unit: number, { quote, formatted }: Frame & { kind: 'string' }, stack: Frame[]): number {
  if (text.startsWith(quote, at)) {
    stack.pop();
    return at + quote.length;
  }
  if (!formatted || (unit !== OPEN_BRACE && unit !== CLOSE_BRACE)) return at + 1;
  if (text.charCodeAt(at + 1) === unit) return at + 2;
  if (unit === OPEN_BRACE) stack.push({ kind: 'expression', depth: 0 });
  return at + 1;
}

function inFormat(at: number, unit: number, stack: Frame[]): number {
  if (unit === OPEN_BRACE) stack.push({ kind: 'expression', depth: 0 });
  // The expression that the format belongs to lies below it.
  if (unit === CLOSE_BRACE) stack.splice(-2);
  return at + 1;
}

function inCode(text: string, at: number, unit: number, frame: (Frame & { kind: 'expression' }) | undefined, stack: Frame[]): number {
  const character = text[at] as string;
  if (character === '"' || character === "'") {
    const quote = text.startsWith(character.repeat(3), at) ? character.repeat(3) : character;
    const prefix = /[a-z]*$/i.exec(text.slice(Math.max(0, at - 3), at))?.[0] ?? '';
    stack.push({ kind: 'string', quote, formatted: /^(?:[ft]r?|r[ft])$/i.test(prefix) });
    return at + quote.length;
  }
  if (frame === undefined) return at + 1;
  if ('([{'.includes(character)) frame.depth++;
  else if (unit === CLOSE_BRACE && frame.depth === 0) stack.pop();
  else if (')]}'.includes(character)) frame.depth--;
  else if (unit === COLON && frame.depth === 0) stack.push({ kind: 'format' });
  return at + 1;
}
