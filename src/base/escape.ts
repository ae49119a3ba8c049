/**
 * How does text of the analysed project get into an output without being taken for something else?
 *
 * Test code, file names and messages are hostile input: they hold terminal escapes, bidi controls, newlines, markup and commands of CI
 * systems. Every function here is total (any string, lone surrogates included). What only one format needs (workflow commands, Azure's
 * properties) stands in that format's own file.
 */

/**
 * Characters that change how the text around them is shown, or that cannot be shown: control characters, lone surrogates, soft hyphen,
 * bidi marks and overrides, invisible separators, line separators, interlinear marks, noncharacters, tag characters. ZWJ and ZWNJ stay: emoji and
 * several scripts need them.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\u{e0000}-\u{e007f}]/gu;

/** As UNSAFE, but for text that JSON.stringify has written: its own newlines are structure, and C0 is escaped already. */
const UNSAFE_IN_JSON =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\u{e0000}-\u{e007f}]/gu;

/** Azure Pipelines, TeamCity and GitHub's first syntax find their commands anywhere in a line: `##vso[`, `##teamcity[`, `##[`. */
const HASH_COMMAND = /##(?=[A-Za-z]*\[)/g;

/** GitHub Actions reads a line that begins so (after white space) as a command. */
const COLON_COMMAND = /^(\s*):(?=:)/;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function codeOf(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

/**
 * One line that is safe on a terminal and in a CI log: unsafe characters as Python would write them (`\x1b`, `\u202e`, `\n`), and no
 * beginning of a log command. Not reversible, a backslash stays a backslash: it is for reading.
 */
export function visible(text: string): string {
  return text.replace(UNSAFE, codeOf).replace(HASH_COMMAND, '#\\x23').replace(COLON_COMMAND, '$1\\x3a');
}

/** As `visible`, but line ends stay: for texts of several lines, and for paths in formats that have an escape for line ends. */
export function visibleLines(text: string): string {
  return text
    .split(/([\r\n])/)
    .map((part) => (part === '\n' || part === '\r' ? part : visible(part)))
    .join('');
}

/**
 * JSON that stays inert where it is shown or embedded: parses back to the same value, but holds no raw bidi or control character, no
 * `</script`, no `<!--` and no log command.
 */
export function jsonText(value: unknown, indent = 0): string {
  const escapeUnits = (text: string): string =>
    Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
  return JSON.stringify(value, null, indent)
    .replace(UNSAFE_IN_JSON, escapeUnits)
    .replace(/<(?=[/!])/g, '\\u003c')
    .replace(HASH_COMMAND, '#\\u0023');
}

const MARKUP: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For text and quoted attributes of XML and HTML alike. What XML forbids, and what misleads a reader, is made visible first. */
export function markupText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => MARKUP[character]);
}

/**
 * GitHub's Markdown that shows exactly this text: no markup, no HTML, no mention, no link, no emoji. One line, safe inside a table cell.
 * Only what could be read as markup is escaped, so that the source stays legible.
 */
export function markdownText(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]|~$]/g, '\\$&')
    .replace(/^(\s*)([#+=-])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '@<!-- -->')
    .replace(/#(?=\d)/g, '#<!-- -->')
    .replace(/:(?=\/\/|[\w+-]+:)/g, '&#58;')
    .replace(/\bwww\./gi, '$&<!-- -->');
}

/**
 * A Markdown code span, safe inside a table cell: the fence is longer than any run of backticks in the text. A pipe is escaped because
 * tables are split before spans are read.
 */
export function markdownCode(text: string): string {
  const shown = visible(text).replace(/\|/g, '\\|');
  const runs = shown.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  const space = shown === '' || /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${fence}${space}${shown}${space}${fence}`;
}

/** A relative POSIX path as a URI reference: every segment percent-encoded, lone surrogates replaced (they have no UTF-8). */
export function pathToUri(path: string): string {
  return path
    .replace(/\p{Cs}/gu, '\ufffd')
    .split('/')
    .map((segment) => encodeURIComponent(segment))
    .join('/');
}
