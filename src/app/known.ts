/**
 * Which findings does the project's baseline file know, and which of its entries are no longer true?
 *
 * Reads and applies the file (findings/baseline.ts has its form and its laws), and says what it should hold after a run: written anew, or without what is
 * stale. An entry is judged only where this run could have found it: its file was analysed without an error, or is gone from the paths that were
 * looked at. Everything else in the file stays as it is, so a run over one folder never forgets the others.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import {
  applyBaseline,
  type BaselineEntry,
  type BaselineScope,
  baselineOf,
  pruneBaseline,
  readBaseline,
  staleMessage,
  writeBaseline,
} from '../findings/baseline.ts';
import type { Problem, ProblemKind, RunResult } from '../findings/finding.ts';
import { UsageError } from './options.ts';

export interface BaselineFile {
  /** Absolute. */
  readonly path: string;
  /** Relative to the root, POSIX, where it lies inside; what reports call it. */
  readonly name: string;
  readonly entries: readonly BaselineEntry[];
  /** 1-based line of each fingerprint. */
  readonly lines: ReadonlyMap<string, number>;
}

export interface Judged {
  readonly result: RunResult;
  readonly stale: readonly BaselineEntry[];
}

/** The run has not seen all of a file in which one of these happened. */
const UNSEEN: ReadonlySet<ProblemKind> = new Set(['syntax', 'unreadable', 'internal']);

/** Stale entries that a problem names; the others are counted. */
const NAMED = 3;

/** Reads a baseline. `absent`: what to do where there is no file. Throws UsageError for a file that cannot be read or holds other things. */
export function openBaseline(root: string, path: string, absent: 'fails' | 'is-empty'): BaselineFile {
  const inner = relative(root, path).split(sep).join('/');
  const name = inner.startsWith('../') || inner === '' ? path : inner;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && absent === 'is-empty') return { path, name, entries: [], lines: new Map() };
    if (code === 'ENOENT') throw new UsageError([`there is no baseline ${name}`, 'campsite check --write-baseline writes it']);
    throw new UsageError([`${name} cannot be read: ${code ?? String(error)}`]);
  }
  const { entries, problems } = readBaseline(text);
  if (problems.length > 0) throw new UsageError(problems.map(({ line, message }) => `${name}:${line}: ${message}`));
  const lines = new Map<string, number>();
  text.split(/\r\n|\n/).forEach((line, at) => {
    lines.set(line.trim().split(' ', 1)[0] as string, at + 1);
  });
  return { path, name, entries, lines };
}

/**
 * What a run has looked at, for judging entries: `analysed` are its files, `looked` the files and folders it was asked for (absolute); `result` tells
 * which rules ran and which files failed.
 */
export function scopeOf(root: string, analysed: readonly string[], looked: readonly string[], result: RunResult): BaselineScope {
  const unseen = new Set(result.problems.flatMap(({ kind, path }) => (UNSEEN.has(kind) ? [path] : [])));
  const own = new Set(analysed);
  const ran = new Set(result.rules.map(({ id }) => id));
  const isBelow = (path: string): boolean =>
    looked.some((folder) => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep));
  return {
    ruleRan: (rule) => ran.has(rule),
    wasAnalysed: (path) => !unseen.has(path) && (own.has(path) || (isBelow(resolve(root, path)) && !existsSync(join(root, path)))),
  };
}

/** The result with its findings marked, and the stale entries. */
export function judge(result: RunResult, file: BaselineFile, scope: BaselineScope): Judged {
  const { findings, stale } = applyBaseline(result.findings, file.entries, scope, file.name);
  return { result: { ...result, findings }, stale };
}

/** The text that the file should have: what the run found that turns the exit code, and the entries that it could not judge. */
export function renewed(result: RunResult, file: BaselineFile, scope: BaselineScope): string {
  const unjudged = file.entries.filter(({ path, rule }) => !scope.wasAnalysed(path) || !scope.ruleRan(rule));
  return writeBaseline([...unjudged, ...baselineOf(result.findings.filter(({ severity }) => severity !== 'note'))]);
}

/** The file's text without the stale entries. */
export function pruned(file: BaselineFile, stale: readonly BaselineEntry[]): string {
  return writeBaseline(pruneBaseline(file.entries, stale));
}

/** Stale entries as problems of the run, one a file that they speak of. */
export function staleProblems(file: BaselineFile, stale: readonly BaselineEntry[]): readonly Problem[] {
  const byPath = new Map<string, BaselineEntry[]>();
  for (const entry of stale) byPath.set(entry.path, [...(byPath.get(entry.path) ?? []), entry]);
  return [...byPath].map(([path, entries]): Problem => {
    const named = entries.slice(0, NAMED).map(({ rule, test }) => (test === '' ? rule : `${rule} in ${test}`));
    const more = entries.length > NAMED ? [`${entries.length - NAMED} more`] : [];
    return {
      path: file.name,
      line: Math.min(...entries.map(({ fingerprint }) => file.lines.get(fingerprint) ?? 1)),
      kind: 'configuration',
      message: staleMessage(path, [...named, ...more]),
    };
  });
}
