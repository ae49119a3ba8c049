/**
 * What is wrong with a configuration, and where?
 *
 * Said so that its author can mend it: file, line, column, key, what was expected, the nearest valid spelling. Errors are data;
 * nothing here throws. Turns zod's issues into `ConfigProblem`s.
 */
import { closest, distance } from 'fastest-levenshtein';
import type * as z from 'zod';
import { plural } from '../base/text.ts';
import type { ReadDocument } from './document.ts';

export interface ConfigProblem {
  /** Path of the configuration file, as it was opened. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** The key, dotted: `resources.server.acquire[0].call`; '' for the file as a whole. */
  readonly key: string;
  /** One sentence without a full stop, with the suggestion in it. */
  readonly message: string;
  /** The nearest valid spelling, where there is one. */
  readonly suggestion?: string;
}

/** The nearest of the valid words, if it is near enough to have been meant: at most a third of its letters differ. */
export function nearest(word: string, valid: readonly string[]): string | undefined {
  if (valid.length === 0) return undefined;
  const found = closest(word.toLowerCase().replaceAll('_', '-'), valid);
  return distance(word.toLowerCase().replaceAll('_', '-'), found) <= Math.max(1, Math.ceil(found.length / 3)) ? found : undefined;
}

/** A problem at a key of a document. */
export function problemAt(file: string, document: ReadDocument, path: readonly PropertyKey[], message: string, suggestion?: string): ConfigProblem {
  const said = suggestion === undefined ? message : `${message}; did you mean \`${suggestion}\`?`;
  return { file, ...document.placeOf(path), key: printKey(path), message: said, ...(suggestion !== undefined && { suggestion }) };
}

/** `resources.server.acquire[0].call` */
export function printKey(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`), '');
}

/** `validKeys` answers which keys the schema knows at a path. */
export function problemsOf(
  file: string,
  document: ReadDocument,
  issues: readonly z.core.$ZodIssue[],
  validKeys: (path: readonly PropertyKey[]) => readonly string[],
): readonly ConfigProblem[] {
  return issues.flatMap((given) => {
    const issue = { ...given, path: writtenPath(document.value, given.path) };
    if (issue.code === 'unrecognized_keys') {
      const valid = validKeys(issue.path);
      return issue.keys.map((key) => {
        const near = nearest(key, valid);
        const list = near === undefined && valid.length > 0 && valid.length <= MAX_LISTED ? `; expected one of ${valid.join(', ')}` : '';
        return problemAt(file, document, [...issue.path, key], `unknown key \`${key}\`${list}`, near);
      });
    }
    return [describe(file, document, issue)];
  });
}

/** A single value stands for a list: the index that was put in by expanding is taken out again. */
function writtenPath(value: unknown, path: readonly PropertyKey[]): PropertyKey[] {
  const written: PropertyKey[] = [];
  let at = value;
  for (const key of path) {
    if (key === 0 && !Array.isArray(at)) continue;
    written.push(key);
    at = typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined;
  }
  return written;
}

/** Valid keys that a message lists when none is near. */
const MAX_LISTED = 30;

function describe(file: string, document: ReadDocument, issue: z.core.$ZodIssue): ConfigProblem {
  const at = (message: string, suggestion?: string) => problemAt(file, document, issue.path, message, suggestion);
  if (issue.code === 'invalid_value') {
    const valid = issue.values.map(String);
    const given = valueAt(document.value, issue.path);
    return at(`expected one of ${valid.join(', ')}`, typeof given === 'string' ? nearest(given, valid) : undefined);
  }
  if (issue.code === 'invalid_type') {
    const given = valueAt(document.value, issue.path);
    return at(given === undefined ? `missing: expected ${article(issue.expected)}` : `expected ${article(issue.expected)}, found ${nameOf(given)}`);
  }
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    const least = issue.code === 'too_small';
    const bound = Number(least ? issue.minimum : issue.maximum);
    return at(`expected ${least ? 'at least' : 'at most'} ${issue.origin === 'array' ? plural(bound, 'entry', 'entries') : bound}`);
  }
  if (issue.code === 'invalid_union') return describe(file, document, nearestBranch(issue));
  if (issue.code === 'invalid_key') return at(issue.issues[0]?.message ?? 'not a valid key');
  return at(issue.message);
}

/** Of the alternatives, the one that got furthest: its complaint is the useful one. */
function nearestBranch(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue {
  const branches = issue.errors.flatMap((errors) => errors.slice(0, 1));
  const deepest = branches.reduce<z.core.$ZodIssue | undefined>(
    (best, error) => (best === undefined || error.path.length > best.path.length ? error : best),
    undefined,
  );
  if (deepest === undefined || deepest.path.length === 0) {
    const expected = branches.flatMap((error) =>
      error.code === 'invalid_type' ? [article(error.expected)] : error.code === 'invalid_value' ? error.values.map(String) : [],
    );
    return {
      code: 'custom',
      path: issue.path,
      message: expected.length > 0 ? `expected ${[...new Set(expected)].join(' or ')}` : 'not a valid value',
      input: undefined,
    };
  }
  return { ...deepest, path: [...issue.path, ...deepest.path] };
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return found;
}

function article(type: string): string {
  const words: Readonly<Record<string, string>> = {
    object: 'a table',
    record: 'a table',
    array: 'a list',
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    null: 'null',
  };
  return words[type] ?? type;
}

function nameOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return article(typeof value);
}
