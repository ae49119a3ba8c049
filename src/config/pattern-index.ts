/**
 * Which patterns does a call match? The index that makes "none" cheap: it is asked of every call of a code base.
 *
 * Names are decided once: a memo maps each import path, and each method name, to the patterns whose names can match it; almost always
 * that is the shared empty list, found with one look-up each. Only what is left pays for argument conditions, receiver types, classes
 * and managers. The answer does not depend on what was asked before.
 *
 * Order of the answers: the more exact name first (`call` > `expression` > `method`, exact > glob), then the order of declaration.
 */
import type { CallView, Captures, Matched } from './call-view.ts';
import { bucketsOf } from './glob-buckets.ts';
import type { Glob } from './globs.ts';
import { compileGlob, lastSegments, matchGlob, mayEndWith, testGlob } from './globs.ts';
import type { ArgumentCondition, CallPattern } from './model.ts';

/** Names remembered for one index; a code base of 4,000,000 lines has fewer distinct callee names than this. */
const MEMO_LIMIT = 200_000;

const NO_CAPTURES: Captures = Object.freeze({});
const NONE: readonly never[] = Object.freeze([]);

interface Entry<P extends CallPattern> {
  readonly pattern: P;
  readonly call: Glob | null;
  readonly method: Glob | null;
  readonly expression: Glob | null;
  readonly command: Glob | null;
  readonly unlessInside: readonly Glob[];
  readonly inClasses: readonly Glob[];
  readonly except: readonly Glob[];
  readonly rank: number;
}

export interface PatternMatch<P extends CallPattern> extends Matched<P> {
  /** How exact the name is; see `rankOf`. Of two kinds that claim a call, the higher one is meant. */
  readonly rank: number;
}

export interface PatternIndex<P extends CallPattern> {
  /** All patterns that match. `bound` fixes captures. */
  find(call: CallView, bound?: Captures): readonly PatternMatch<P>[];
  /** False where no pattern bears the name, whatever the call's arguments, receiver and class. */
  mayFind(importPath: string | undefined, method: string): boolean;
  /** Exact last segments of the patterns' names, and whether any pattern's last segment is open. */
  readonly names: ReadonlySet<string>;
  readonly hasWildcard: boolean;
}

/** Compiles patterns into an index. */
export function indexPatterns<P extends CallPattern>(patterns: readonly P[]): PatternIndex<P> {
  const entries = patterns.map(entryOf);
  entries.sort((a, b) => b.rank - a.rank);
  const byImport = bucketsOf(entries, (entry) => entry.call, true);
  // A method is asked for by its last segment alone, so only import paths have a first segment to go by.
  const byMethod = bucketsOf(entries, (entry) => (entry.call === null ? (entry.method ?? entry.expression) : null), false);
  const { names, hasWildcard } = namesOf(entries);
  const importMemo = new Map<string, readonly Entry<P>[]>();
  const methodMemo = new Map<string, readonly Entry<P>[]>();

  // Each asks the memo and nothing else: a closure over its parameter would cost an object at every call.
  const forImport = (path: string): readonly Entry<P>[] => importMemo.get(path) ?? remember(importMemo, path, atPath(byImport.near(path), path));
  const forMethod = (method: string): readonly Entry<P>[] =>
    methodMemo.get(method) ?? remember(methodMemo, method, called(byMethod.near(method), method));

  return {
    names,
    hasWildcard,
    mayFind: (path, method) => (path !== undefined && !byImport.empty && forImport(path).length > 0) || forMethod(method).length > 0,
    find(call, bound = NO_CAPTURES) {
      const imports = call.importPath === undefined || byImport.empty ? NONE : forImport(call.importPath);
      const methods = byMethod.empty ? NONE : forMethod(call.method);
      if (imports.length === 0 && methods.length === 0) return NONE;
      const found: PatternMatch<P>[] = [];
      collect(imports, call, bound, found);
      collect(methods, call, bound, found);
      return found;
    },
  };
}

function collect<P extends CallPattern>(entries: readonly Entry<P>[], call: CallView, bound: Captures, into: PatternMatch<P>[]): void {
  for (const entry of entries) {
    const captures = matchEntry(entry, call, bound);
    if (captures !== null) into.push({ pattern: entry.pattern, captures, rank: entry.rank });
  }
}

function atPath<P extends CallPattern>(near: readonly Entry<P>[], path: string): readonly Entry<P>[] {
  return only(near, (entry) => entry.call !== null && testGlob(entry.call, path));
}

function called<P extends CallPattern>(near: readonly Entry<P>[], method: string): readonly Entry<P>[] {
  return only(near, (entry) => mayBeCalled(entry, method));
}

function only<T>(list: readonly T[], isMeant: (one: T) => boolean): readonly T[] {
  if (list.length === 0) return NONE;
  const found = list.filter(isMeant);
  return found.length === 0 ? NONE : found;
}

function remember<T>(memo: Map<string, T>, key: string, value: T): T {
  if (memo.size >= MEMO_LIMIT) memo.clear();
  memo.set(key, value);
  return value;
}

function mayBeCalled<P extends CallPattern>(entry: Entry<P>, method: string): boolean {
  if (entry.method !== null && !testGlob(entry.method, method)) return false;
  return entry.expression === null || mayEndWith(entry.expression, method);
}

/** The captures of all names together, or null where something does not hold. Cheap questions first. */
function matchEntry<P extends CallPattern>(entry: Entry<P>, call: CallView, bound: Captures): Captures | null {
  let captures: Captures = NO_CAPTURES;
  // The name that the index goes by has matched already; only its captures are still to be found.
  if (entry.method !== null) {
    if (!call.hasReceiver) return null;
    if (entry.call !== null || entry.method.captures.length > 0) {
      const found = matchGlob(entry.method, call.method, bound);
      if (found === null) return null;
      captures = merge(captures, found);
    }
  }
  if (entry.call !== null && entry.call.captures.length > 0) {
    const found = call.importPath === undefined ? null : matchGlob(entry.call, call.importPath, bound);
    if (found === null) return null;
    captures = merge(captures, found);
  }
  if (entry.expression !== null) {
    const found = matchGlob(entry.expression, call.expression(), bound);
    if (found === null) return null;
    captures = merge(captures, found);
  }
  const { pattern } = entry;
  for (const condition of pattern.when) if (!holds(condition, call)) return null;
  if (entry.command !== null) {
    const found = matchCommand(entry.command, call, bound);
    if (found === null) return null;
    captures = merge(captures, found);
  }
  if (pattern.on !== undefined && !call.receiverTypes().includes(pattern.on)) return null;
  if (entry.except.length > 0 && Object.values(captures).some((word) => entry.except.some((glob) => testGlob(glob, word)))) return null;
  if (entry.inClasses.length > 0 && !call.classBases().some((base) => entry.inClasses.some((glob) => testGlob(glob, base)))) return null;
  if (entry.unlessInside.length > 0 && call.enclosingManagers().some((name) => entry.unlessInside.some((glob) => testGlob(glob, name)))) return null;
  return captures;
}

/** Whatever bears the pattern's names matches it: there is no other condition that `matchEntry` would ask about. */
export function asksForNamesOnly(p: CallPattern): boolean {
  return p.on === undefined && p.command === undefined && p.when.length + p.unlessInside.length + p.except.length + p.inClasses.length === 0;
}

function merge(a: Captures, b: Captures): Captures {
  if (b === NO_CAPTURES || Object.keys(b).length === 0) return a;
  return a === NO_CAPTURES ? b : { ...a, ...b };
}

/**
 * Does a condition hold for the call? `falsy` holds where the argument is absent; an argument whose value is not known satisfies only
 * `present` and, where it is a name, `names`. `is` compares literals strictly; `matches` takes strings and the constant beginning of a computed string.
 */
export function holds(condition: ArgumentCondition, call: CallView): boolean {
  const value = call.argument(condition.index, condition.name);
  const { test } = condition;
  if (test.op === 'present') return value !== undefined;
  if (test.op === 'absent') return value === undefined;
  if (value === undefined) return test.op === 'falsy';
  if ('dynamic' in value) {
    if (test.op === 'names') return value.name !== undefined && testGlob(compileGlob(test.glob), value.name);
    if (test.op === 'has-key') return value.keys?.some((key) => testGlob(compileGlob(test.key, ''), key)) ?? false;
    if (test.op === 'second') return value.second === test.value;
    if (test.op === 'fresh') return value.fresh === true;
    return (
      test.op === 'matches' && value.prefix !== undefined && test.glob.endsWith('*') && testGlob(compileGlob(test.glob, ''), value.prefix.trimStart())
    );
  }
  if (test.op === 'is') return value.constant === test.value;
  // Texts of several lines often begin with one that is empty.
  if (test.op === 'matches') return typeof value.constant === 'string' && testGlob(compileGlob(test.glob, ''), value.constant.trimStart());
  if (test.op === 'names' || test.op === 'has-key' || test.op === 'second' || test.op === 'fresh') return false;
  return test.op === 'truthy' ? Boolean(value.constant) : !value.constant;
}

/** The pattern must match the beginning of the command line, up to the end of a word; options with a value may stand before it. */
function matchCommand(glob: Glob, call: CallView, bound: Captures): Captures | null {
  const value = call.argument(0, null);
  const text = value === undefined ? undefined : 'dynamic' in value ? value.prefix : value.constant;
  if (typeof text !== 'string') return null;
  const words = text.replace(LEADING_OPTIONS, '').trim().split(/\s+/);
  for (let count = 1; count <= Math.min(words.length, MAX_COMMAND_WORDS); count++) {
    const found = matchGlob(glob, words.slice(0, count).join(' '), bound);
    if (found !== null) return found;
  }
  return null;
}

/** `--os-image-api-version 2 image create`. */
const LEADING_OPTIONS = /^\s*(--[\w-]+(=\S+|\s+\S+)\s+)+/;

/** Words of a command line that a pattern may look at: `security group rule create` has four. */
const MAX_COMMAND_WORDS = 8;

/** By pattern: one is in the indexes of all sets of packs that its own is in. */
const compiled = new WeakMap<CallPattern, Entry<CallPattern>>();

function entryOf<P extends CallPattern>(pattern: P): Entry<P> {
  let entry = compiled.get(pattern);
  if (!entry) compiled.set(pattern, (entry = compileEntry(pattern)));
  return entry as Entry<P>;
}

function compileEntry<P extends CallPattern>(pattern: P): Entry<P> {
  const glob = (source: string | undefined) => (source === undefined ? null : compileGlob(source));
  return {
    pattern,
    call: glob(pattern.call),
    method: glob(pattern.method),
    expression: glob(pattern.expression),
    command: pattern.command === undefined ? null : compileGlob(pattern.command, ''),
    unlessInside: pattern.unlessInside.map((source) => compileGlob(source)),
    inClasses: pattern.inClasses.map((source) => compileGlob(source)),
    except: pattern.except.map((source) => compileGlob(source, '')),
    rank: rankOf(pattern),
  };
}

/** 2 points for each step from `method` over `expression` to `call`, 1 for a last segment without glob, half for a receiver type or class. */
function rankOf(pattern: CallPattern): number {
  const name = pattern.call ?? pattern.expression ?? pattern.method ?? '*';
  const kind = pattern.call !== undefined ? 4 : pattern.expression !== undefined ? 2 : 0;
  return kind + (lastSegments(compileGlob(name)).open ? 0 : 1) + (pattern.on !== undefined || pattern.inClasses.length > 0 ? 0.5 : 0);
}

/** Exact last segments of the patterns' names; a name whose last segment is open (`create_*`) is left out. */
export function exactNames(patterns: readonly CallPattern[]): ReadonlySet<string> {
  return namesOf(patterns.map(entryOf)).names;
}

function namesOf<P extends CallPattern>(entries: readonly Entry<P>[]): { readonly names: ReadonlySet<string>; readonly hasWildcard: boolean } {
  const names = new Set<string>();
  let hasWildcard = false;
  for (const entry of entries) {
    const glob = entry.call ?? entry.method ?? entry.expression;
    if (glob === null) continue;
    const { exact, open } = lastSegments(glob);
    for (const name of exact) names.add(name);
    hasWildcard ||= open;
  }
  return { names, hasWildcard };
}
