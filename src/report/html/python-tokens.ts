/**
 * Which pieces of a line of Python are keywords, strings, numbers and comments?
 *
 * For colouring an excerpt: line by line, without knowledge of the lines before, so the inside of a string over several lines is coloured as
 * code. Nothing depends on it but looks. The pieces together are the line, unchanged.
 */

export type TokenKind = 'keyword' | 'string' | 'number' | 'comment' | 'name';

export interface Token {
  /** undefined: nothing special. */
  readonly kind: TokenKind | undefined;
  readonly text: string;
}

const KEYWORDS =
  'and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield|None|True|False';

const TOKENS = new RegExp(
  [
    '(?<comment>#.*)',
    '(?<string>\\b[rRbBuUfF]{0,2}(?:"""(?:[^"\\\\]|\\\\.|"(?!""))*(?:"""|$)|\'\'\'(?:[^\'\\\\]|\\\\.|\'(?!\'\'))*(?:\'\'\'|$)|"(?:[^"\\\\]|\\\\.)*(?:"|$)|\'(?:[^\'\\\\]|\\\\.)*(?:\'|$))' +
      '|(?:"""(?:[^"\\\\]|\\\\.|"(?!""))*(?:"""|$)|\'\'\'(?:[^\'\\\\]|\\\\.|\'(?!\'\'))*(?:\'\'\'|$)|"(?:[^"\\\\]|\\\\.)*(?:"|$)|\'(?:[^\'\\\\]|\\\\.)*(?:\'|$)))',
    '(?<=\\b(?:def|class)\\s+)(?<name>\\w+)',
    `\\b(?<keyword>${KEYWORDS})\\b`,
    '\\b(?<number>\\d[\\w.]*)',
  ].join('|'),
  'gu',
);

/** A longer line is data; it is shown without colours. */
const LONGEST = 400;

/** The pieces of one line. */
export function pythonTokens(line: string): Token[] {
  if (line.length > LONGEST) return [{ kind: undefined, text: line }];
  const tokens: Token[] = [];
  let end = 0;
  for (const match of line.matchAll(TOKENS)) {
    if (match.index > end) tokens.push({ kind: undefined, text: line.slice(end, match.index) });
    const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? [];
    tokens.push({ kind: kind as TokenKind | undefined, text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < line.length) tokens.push({ kind: undefined, text: line.slice(end) });
  return tokens;
}
