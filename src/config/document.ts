/**
 * What does a configuration file say, and where does each key stand? Text → plain value with positions; syntax errors are data.
 *
 * YAML and JSON are read by one parser that keeps nodes, so every key has its line and column. TOML and INI readers keep none: there a
 * key's place is found by its name, good enough to point at a line. Nothing is executed, custom tags are refused, and aliases may not
 * expand without bound.
 */

import { parse as parseToml, TomlError } from 'smol-toml';
import type { Document, Node } from 'yaml';
import { isCollection, isMap, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import { parseIni } from './ini-values.ts';

/** Aliases that one document may expand to: hand-written files have a few, an expansion bomb millions. */
const MAX_ALIAS_COUNT = 100;
/** Characters of a configuration file: the largest shipped pack has 60,000; a file beyond this is none. */
const MAX_LENGTH = 2_000_000;

export type Format = 'yaml' | 'json' | 'toml' | 'ini';

/** 1-based; columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface ReadDocument {
  readonly value: unknown;
  readonly errors: readonly { readonly place: Place; readonly message: string }[];
  /** Where the key at the path stands; of the nearest existing parent where there is none. */
  placeOf(path: readonly PropertyKey[]): Place;
}

const START: Place = { line: 1, column: 1 };

/** Reads a document; `value` is undefined where there are errors. */
export function readDocument(text: string, format: Format): ReadDocument {
  if (text.length > MAX_LENGTH) return failed(START, `longer than ${MAX_LENGTH} characters`);
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (format === 'toml') return readToml(source);
  if (format === 'ini') return { value: parseIni(source), errors: [], placeOf: (path) => placeByName(source, path) };
  return readYaml(source);
}

/** The same document, seen from a table inside it (`tool.campsite` of pyproject.toml). `value` is undefined where there is none. */
export function tableOf(document: ReadDocument, path: readonly string[]): ReadDocument {
  let value = document.value;
  for (const key of path) {
    value = typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  }
  return { value, errors: document.errors, placeOf: (inner) => document.placeOf([...path, ...inner]) };
}

function failed(place: Place, message: string): ReadDocument {
  return { value: undefined, errors: [{ place, message }], placeOf: () => place };
}

function readYaml(source: string): ReadDocument {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, uniqueKeys: true, customTags: [], merge: false });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return line === 0 ? START : { line, column: col };
  };
  const errors = [...document.errors, ...document.warnings].map((error) => ({
    place: placeAt(error.pos[0]),
    message: error.code === 'DUPLICATE_KEY' ? `the key \`${keyAt(source, error.pos[0])}\` is there twice` : firstLine(error.message),
  }));
  if (errors.length > 0) return { value: undefined, errors, placeOf: () => errors[0].place };
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
    return { value, errors: [], placeOf: (path) => placeAt(offsetOf(document, path)) };
  } catch (error) {
    return failed(START, error instanceof Error ? firstLine(error.message) : String(error));
  }
}

/** The key that is written at an offset, without its quotes. */
function keyAt(source: string, offset: number): string {
  return /^(["']?)(.*?)\1\s*(?::|$)/m.exec(source.slice(offset))?.[2] ?? '';
}

/** Follows the path through the nodes as far as they go. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = (document.contents as Node | null)?.range?.[0] ?? 0;
  for (const key of path) {
    if (!isCollection(node)) break;
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key));
      if (pair === undefined) break;
      if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0];
      node = pair.value;
    } else {
      const item: unknown = node.items[Number(key)];
      const range = (item as Node | undefined)?.range;
      if (range === undefined || range === null) break;
      offset = range[0];
      node = item;
    }
  }
  return offset;
}

function readToml(source: string): ReadDocument {
  try {
    return { value: parseToml(source), errors: [], placeOf: (path) => placeByName(source, path) };
  } catch (error) {
    if (error instanceof TomlError)
      return failed({ line: error.line, column: error.column }, firstLine(error.message.replace(/^Invalid TOML document: /, '')));
    return failed(START, error instanceof Error ? firstLine(error.message) : String(error));
  }
}

/** The line that holds the last key of the path that can be found by name, each searched after the one before. */
function placeByName(source: string, path: readonly PropertyKey[]): Place {
  const lines = source.split('\n');
  let place = START;
  let from = 0;
  for (const key of path) {
    if (typeof key !== 'string') continue;
    const at = lines.findIndex((line, index) => index >= from && holdsKey(line, key));
    if (at < 0) continue;
    from = at;
    place = { line: at + 1, column: lines[at].indexOf(key) + 1 };
  }
  return place;
}

/** True for `key = `, `"key" = `, `[a.key]`, `{ key = ` and the key as a word in a section's heading. */
function holdsKey(line: string, key: string): boolean {
  for (let at = line.indexOf(key); at >= 0; at = line.indexOf(key, at + 1)) {
    const before = line[at - 1];
    const after = line.slice(at + key.length).trimStart()[0];
    if ((before === undefined || /[\s."'[{,:]/.test(before)) && (after === undefined || /[=\].:"']/.test(after))) return true;
  }
  return false;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0].replace(/ at line \d+, column \d+:?$/, '');
}
