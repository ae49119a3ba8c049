/**
 * Does a name match a glob, and what did its captures match?
 *
 * The language: `*` is one segment or part of one, `**` (a whole segment) any number of segments, `{a,b}` alternatives, `{kind}` a
 * non-empty part of one segment that is captured. Dotted globs split on '.'; text globs (command lines, literal arguments) do not
 * split, so `*` runs over everything.
 *
 * Invariant: no regular expression and no recursion while matching. Within a segment and between segments only the last star is ever
 * retried, so the time is bounded by (length of the glob) × (length of the name), whatever either looks like.
 * Left out on purpose: `?`, character classes and regular expressions; brackets are plain characters, expressions hold them.
 */
import type { Captures } from './call-view.ts';

/** Alternatives that one glob may expand to; the longest useful list in the shipped packs has about forty. */
const MAX_ALTERNATIVES = 256;

const STAR = -1;
/** Exactly one character: a capture is ONE followed by STAR, so it is never empty. */
const ONE = -2;

interface Segment {
  /** Set where the segment has neither star nor capture. */
  readonly literal: string | null;
  readonly anyNumber: boolean;
  readonly tokens: readonly number[];
  /** Captures by the index of their ONE token. */
  readonly captures: readonly { readonly at: number; readonly name: string }[];
}

interface Alternative {
  readonly literal: string | null;
  /** Set where it is one segment with its only star at the end: `test*`. */
  readonly prefix: string | null;
  readonly segments: readonly Segment[];
}

export interface Glob {
  readonly source: string;
  /** '.' for dotted names, '' for running text. */
  readonly separator: '.' | '';
  readonly alternatives: readonly Alternative[];
  /** Names of the captures, in order of appearance. */
  readonly captures: readonly string[];
}

export type GlobResult = { readonly glob: Glob } | { readonly error: string };

const NO_CAPTURES: Captures = Object.freeze({});
/** By source; a run of some million lines has fewer, those bound to names of the analysed code included. */
const MEMO_LIMIT = 200_000;
const dotted = new Map<string, GlobResult>();
const running = new Map<string, GlobResult>();

/** Reads a glob; the error is a sentence for the author of the configuration. */
export function parseGlob(source: string, separator: '.' | '' = '.'): GlobResult {
  const known = separator === '.' ? dotted : running;
  let result = known.get(source);
  if (result === undefined) {
    if (known.size >= MEMO_LIMIT) known.clear();
    known.set(source, (result = readGlob(source, separator)));
  }
  return result;
}

/** The glob of a text that validation has passed already; throws on a faulty one, which is an internal error. */
export function compileGlob(source: string, separator: '.' | '' = '.'): Glob {
  const result = parseGlob(source, separator);
  if ('error' in result) throw new Error(`glob ${JSON.stringify(source)}: ${result.error}`);
  return result.glob;
}

/** The captures of a match (an empty object where the glob has none), or null. `bound` fixes what captures must be. */
export function matchGlob(glob: Glob, text: string, bound: Captures = NO_CAPTURES): Captures | null {
  const effective = glob.captures.length > 0 && isBound(glob, bound) ? bindGlob(glob, bound) : glob;
  let parts: readonly string[] | null = null;
  for (const alternative of effective.alternatives) {
    if (alternative.literal !== null) {
      if (alternative.literal === text) return NO_CAPTURES;
      continue;
    }
    if (alternative.prefix !== null) {
      const { prefix } = alternative;
      if (text.startsWith(prefix) && (effective.separator === '' || !text.includes('.', prefix.length))) return NO_CAPTURES;
      continue;
    }
    // The ends decide most: `{json,pickle,…}.**` has forty alternatives, of which a name can match one.
    const { segments } = alternative;
    const first = segments[0];
    if (first.literal === null ? !mayBegin(text, first) : !beginsWith(text, first.literal)) continue;
    const last = segments[segments.length - 1].literal;
    if (last !== null && !endsWith(text, last)) continue;
    parts ??= effective.separator === '' ? [text] : text.split('.');
    const found = effective.captures.length === 0 ? null : {};
    if (matchSegments(alternative.segments, parts, found)) return found ?? NO_CAPTURES;
  }
  return null;
}

function isBound({ captures }: Glob, bound: Captures): boolean {
  return captures.some((name) => bound[name] !== undefined);
}

/** False where the text begins with another character than the segment (`test*.b`). */
function mayBegin(text: string, { tokens }: Segment): boolean {
  const token = tokens[0];
  return token === undefined || token < 0 || token === text.charCodeAt(0);
}

/** True where the dotted text has this first segment. */
function beginsWith(text: string, segment: string): boolean {
  return text.startsWith(segment) && (text.length === segment.length || text[segment.length] === '.');
}

/** True where the dotted text has this last segment. */
function endsWith(text: string, segment: string): boolean {
  return text.endsWith(segment) && (text.length === segment.length || text[text.length - segment.length - 1] === '.');
}

/** True where the whole text matches. */
export function testGlob(glob: Glob, text: string): boolean {
  return matchGlob(glob, text) !== null;
}

/** The same glob with the given captures put in as plain text. */
export function bindGlob(glob: Glob, captures: Captures): Glob {
  let source = glob.source;
  for (const name of glob.captures) {
    const value = captures[name];
    // A value taken from a name holds no braces or stars; one that does is left as capture, the comparison then stays open.
    if (value !== undefined && !/[{}*,]/.test(value)) source = source.replaceAll(`{${name}}`, value);
  }
  return compileGlob(source, glob.separator);
}

/**
 * The last segments that names matching the glob can have: exact ones, and globs where it is open. This is what an index by last
 * segment needs.
 */
export function lastSegments(glob: Glob): LastSegments {
  let known = lasts.get(glob);
  if (known === undefined) {
    const exact = new Set<string>();
    let open = false;
    for (const { segments } of glob.alternatives) {
      const last = segments[segments.length - 1];
      if (last === undefined || last.literal === null) open = true;
      else exact.add(last.literal);
    }
    lasts.set(glob, (known = { exact: [...exact], open }));
  }
  return known;
}

interface LastSegments {
  readonly exact: readonly string[];
  readonly open: boolean;
}

const lasts = new WeakMap<Glob, LastSegments>();

/** The letters that the last segment of a matching name can begin with; null where it can begin with any. */
export function lastLetters(glob: Glob): ReadonlySet<string> | null {
  const letters = new Set<string>();
  for (const { segments } of glob.alternatives) {
    const last = segments[segments.length - 1];
    const letter = last?.literal === null ? last.tokens[0] : last?.literal?.charCodeAt(0);
    if (letter === undefined || !(letter >= 0)) return null;
    letters.add(String.fromCharCode(letter));
  }
  return letters;
}

/** The last UTF-16 units of matching names; null where they can end in any. */
export function lastCharacters(glob: Glob): ReadonlySet<number> | null {
  const characters = new Set<number>();
  for (const { segments } of glob.alternatives) {
    const last = segments[segments.length - 1];
    const character = last?.literal === null ? last.tokens[last.tokens.length - 1] : last?.literal?.charCodeAt(last.literal.length - 1);
    if (character === undefined || !(character >= 0)) return null;
    characters.add(character);
  }
  return characters;
}

/** The first segments that matching names can have; `open` where a star stands first. */
export function firstSegments(glob: Glob): { readonly exact: readonly string[]; readonly open: boolean } {
  const exact = new Set<string>();
  let open = false;
  for (const { segments } of glob.alternatives) {
    if (segments[0].literal === null) open = true;
    else exact.add(segments[0].literal);
  }
  return { exact: [...exact], open };
}

/** True where a name with this last segment may match: the index' cheap first question. */
export function mayEndWith(glob: Glob, segment: string): boolean {
  for (const alternative of glob.alternatives) {
    const last = alternative.segments[alternative.segments.length - 1];
    if (last === undefined || last.anyNumber) return true;
    if (last.literal === null ? matchTokens(last, segment, null) : last.literal === segment) return true;
  }
  return false;
}

/** Two pointers over segments: a `**` remembers where it stands and takes one segment more when what follows fails. */
function matchSegments(pattern: readonly Segment[], parts: readonly string[], captures: Record<string, string> | null): boolean {
  let p = 0;
  let t = 0;
  let starPattern = -1;
  let starText = 0;
  while (t < parts.length) {
    const segment = pattern[p];
    if (segment?.anyNumber) {
      starPattern = p++;
      starText = t;
    } else if (segment !== undefined && matchSegment(segment, parts[t], captures)) {
      p++;
      t++;
    } else if (starPattern >= 0) {
      p = starPattern + 1;
      t = ++starText;
    } else return false;
  }
  while (p < pattern.length && pattern[p].anyNumber) p++;
  return p === pattern.length;
}

function matchSegment(segment: Segment, text: string, captures: Record<string, string> | null): boolean {
  return segment.literal === null ? matchTokens(segment, text, captures) : segment.literal === text;
}

/** The same over characters. `ends[j]` is where the star at token j stopped. */
function matchTokens(segment: Segment, text: string, captures: Record<string, string> | null): boolean {
  const { tokens } = segment;
  const starts: number[] | null = captures && [];
  const ends: number[] | null = captures && [];
  let p = 0;
  let t = 0;
  let star = -1;
  let starText = 0;
  while (t < text.length) {
    const token = tokens[p];
    if (token === STAR) {
      star = p++;
      // A star at the end takes all there is.
      starText = p === tokens.length ? text.length : t;
      t = starText;
      if (ends) ends[star] = t;
    } else if (token !== undefined && (token === ONE || token === text.charCodeAt(t))) {
      if (starts) starts[p] = t;
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++starText;
      if (ends) ends[star] = t;
    } else return false;
  }
  for (; tokens[p] === STAR; p++) if (ends) ends[p] = text.length;
  if (p !== tokens.length) return false;
  if (captures && starts && ends) for (const { at, name } of segment.captures) captures[name] = text.slice(starts[at], ends[at + 1]);
  return true;
}

function readGlob(source: string, separator: '.' | ''): GlobResult {
  if (source === '') return { error: 'a glob cannot be empty' };
  if (source.length > 1 && /^\/.*\/[a-z]*$/s.test(source)) {
    return { error: 'regular expressions are not supported: use a glob, `*` for part of a name, `{a,b}` for alternatives, `{kind}` for a capture' };
  }
  const expanded = expandBraces(source);
  if ('error' in expanded) return expanded;
  const alternatives: Alternative[] = [];
  const names: string[] = [];
  for (const text of new Set(expanded.texts)) {
    const segments: Segment[] = [];
    const own: string[] = [];
    for (const part of separator === '' ? [text] : text.split('.')) {
      const segment = readSegment(part, own, separator);
      if (typeof segment === 'string') return { error: segment };
      // Two `**` in a row say what one says, and one keeps the matcher's promise of time.
      if (segment.anyNumber && segments[segments.length - 1]?.anyNumber) continue;
      segments.push(segment);
    }
    for (const name of own) if (!names.includes(name)) names.push(name);
    const literal = segments.every((segment) => segment.literal !== null) ? text : null;
    const { tokens } = segments[0];
    const isPrefix = segments.length === 1 && tokens.length > 0 && tokens.indexOf(STAR) === tokens.length - 1 && !tokens.includes(ONE);
    alternatives.push({ literal, prefix: isPrefix ? text.replace(/\*+$/, '') : null, segments });
  }
  return { glob: { source, separator, alternatives, captures: names } };
}

function readSegment(text: string, names: string[], separator: '.' | ''): Segment | string {
  if (separator === '.' && text === '**') return { literal: null, anyNumber: true, tokens: [], captures: [] };
  if (separator === '.' && text.includes('**')) return '`**` stands for whole segments: write it between dots, as in `a.**.b`';
  const tokens: number[] = [];
  const captures: { at: number; name: string }[] = [];
  let plain = true;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '*') {
      if (tokens[tokens.length - 1] !== STAR) tokens.push(STAR);
      plain = false;
    } else if (character === '{') {
      const end = text.indexOf('}', i);
      const name = text.slice(i + 1, end);
      if (names.includes(name)) return `the capture {${name}} stands twice in one glob`;
      names.push(name);
      captures.push({ at: tokens.length, name });
      tokens.push(ONE, STAR);
      plain = false;
      i = end;
    } else tokens.push(text.charCodeAt(i));
  }
  return { literal: plain ? text : null, anyNumber: false, tokens, captures };
}

/** Every way to choose one of each `{a,b}`; a brace without comma is a capture and stays. Braces nest. */
function expandBraces(source: string): { readonly texts: readonly string[] } | { readonly error: string } {
  let done: string[] = [''];
  let i = 0;
  while (i < source.length) {
    const character = source[i];
    if (character === '}') return { error: 'a `}` without its `{`' };
    if (character !== '{') {
      const next = source.slice(i).search(/[{}]/);
      const text = next < 0 ? source.slice(i) : source.slice(i, i + next);
      done = done.map((prefix) => prefix + text);
      i += text.length;
      continue;
    }
    const end = closingBrace(source, i);
    if (end < 0) return { error: 'a `{` without its `}`' };
    const choices = splitTopLevel(source.slice(i + 1, end));
    if (choices.length === 1) {
      if (!/^[a-z][a-z0-9_]*$/.test(choices[0]))
        return { error: `{${choices[0]}} is neither a list of alternatives nor the lower-case name of a capture` };
      done = done.map((prefix) => `${prefix}{${choices[0]}}`);
    } else {
      const inner: string[] = [];
      for (const choice of choices) {
        const result = choice === '' ? { texts: [''] } : expandBraces(choice);
        if ('error' in result) return result;
        inner.push(...result.texts);
      }
      if (done.length * inner.length > MAX_ALTERNATIVES) return { error: `more than ${MAX_ALTERNATIVES} alternatives` };
      done = done.flatMap((prefix) => inner.map((text) => prefix + text));
    }
    i = end + 1;
  }
  return { texts: done };
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return -1;
}

function splitTopLevel(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}') depth--;
    else if (text[i] === ',' && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts;
}
