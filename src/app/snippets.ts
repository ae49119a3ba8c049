/**
 * Do a project's snippets say what its patterns find?
 *
 * A snippet is a Python file beside the configuration whose comments say what should be found in it (findings/expectations.ts). It is
 * analysed like any test file, with the patterns of the configuration and the packs that switch themselves on; nothing is executed. Asked
 * are the rules about lifecycles, and in each file those that its comments name; what the configuration says about rules, severities and
 * paths is left out, for a pattern is right or wrong whatever a project makes of its findings.
 */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { folderOf } from '../base/folders.ts';
import { compareText } from '../base/text.ts';
import { loadConfiguration } from '../config/load.ts';
import { nearest } from '../config/problems.ts';
import { DEFAULT_SETTINGS } from '../config/settings.ts';
import { type Disagreement, disagreements, ledgerDisagreements } from '../findings/disagreements.ts';
import { type Expectations, joinExpectations, readExpectations } from '../findings/expectations.ts';
import type { RunResult } from '../findings/finding.ts';
import { LISTED } from '../rules/listed.ts';
import { analyze, plan } from './analyze.ts';
import { problemLine } from './config-problems.ts';
import { UsageError } from './options.ts';
import { VERSION } from './version.ts';

export interface SnippetOptions {
  /** Absolute. */
  readonly cwd: string;
  readonly root?: string;
  readonly configPath?: string;
  /** Files or folders, relative to cwd; empty: those of the configuration. */
  readonly paths: readonly string[];
}

export interface SnippetResult {
  /** Relative to the root. */
  readonly files: readonly string[];
  /** How many comments were asked. */
  readonly expectations: number;
  readonly disagreements: readonly Disagreement[];
  /** Files without any comment: all that they say is that nothing is found. */
  readonly silent: readonly string[];
  /** Kinds of the project's own that no snippet acquires. */
  readonly unseen: readonly string[];
}

/** Runs the snippets. Throws UsageError for a wrong configuration and where there are none. */
export async function runSnippets(options: SnippetOptions): Promise<SnippetResult> {
  const { cwd, root: givenRoot, configPath } = options;
  const loaded = await loadConfiguration({
    cwd,
    version: VERSION,
    ...(givenRoot === undefined ? {} : { root: givenRoot }),
    ...(configPath === undefined ? {} : { configPath }),
  });
  if (loaded.problems.length > 0) throw new UsageError(loaded.problems.map(problemLine));
  const { root, settings } = loaded;
  const files = options.paths.length > 0 ? pythonFiles(root, cwd, options.paths) : pythonFiles(root, root, settings.snippets);
  if (files.length === 0)
    throw new UsageError([`there is no Python file in ${(options.paths.length > 0 ? options.paths : settings.snippets).join(', ')}`]);
  const byFile = new Map(files.map((path) => [path, readExpectations(path, readFileSync(join(root, path), 'utf8'))]));
  const named = new Set([...byFile.values()].flatMap((e) => e.findings.map(({ rule }) => rule)));
  const rules = LISTED.filter((rule) => rule.pillar === 'lifecycle' || named.has(rule.id));
  const request = {
    cwd: root,
    root,
    paths: files,
    respectGitignore: false,
    ...(configPath === undefined ? {} : { configPath: resolve(cwd, configPath) }),
  };
  const made = await plan(request);
  const result = await analyze(request, {
    ...made,
    rules,
    configuration: { ...made.configuration, settings: { ...DEFAULT_SETTINGS, runner: settings.runner } },
  });
  const failed = result.problems.find((p) => p.kind === 'internal');
  if (failed) throw new Error(`${failed.path}: ${failed.message}`);
  const kinds = new Set(loaded.packs.flatMap((pack) => [...pack.resources, ...pack.state].map(({ kind }) => kind)));
  const seen = new Set(result.ledger.map(({ kind }) => kind));
  return {
    files,
    expectations: [...byFile.values()].reduce((n, e) => n + e.findings.length + e.steps.length + e.ledger.length, 0),
    disagreements: compare(byFile, result, kinds),
    silent: files.filter((path) => isSilent(byFile.get(path) as Expectations)),
    unseen: loaded.own.flatMap(({ pack }) => [...pack.resources, ...pack.state].map(({ kind }) => kind)).filter((kind) => !seen.has(kind)),
  };
}

/** Folder by folder, so that a step of a witness may lie in a helper beside the snippet. */
function compare(byFile: ReadonlyMap<string, Expectations>, result: RunResult, kinds: ReadonlySet<string>): readonly Disagreement[] {
  const ids = new Set(LISTED.map((rule) => rule.id));
  const folders = [...new Set([...byFile.keys()].map(folderOf))];
  const out = folders.flatMap((folder) => {
    const mine = [...byFile].filter(([path]) => folderOf(path) === folder);
    const expected = joinExpectations(mine.map(([, e]) => e));
    const found = result.findings.filter(({ path, pillar, rule }) => {
      const own = byFile.get(path);
      return folderOf(path) === folder && (pillar === 'lifecycle' || own?.findings.some((f) => f.rule === rule) === true);
    });
    return [...disagreements(expected, found, ids), ...ledgerDisagreements(expected, result.ledger, kinds)];
  });
  const broken = result.problems.map((p): Disagreement => ({ path: p.path, line: p.line ?? 1, expected: 'Python that can be read', got: p.message }));
  return [...broken, ...out.map((d) => withNearest(d, ids, kinds))].sort((a, b) => compareText(a.path, b.path) || a.line - b.line);
}

/** A name that nothing has gets the one that was meant. */
function withNearest(d: Disagreement, rules: ReadonlySet<string>, kinds: ReadonlySet<string>): Disagreement {
  const name = /^`([^`]+)`, which/.exec(d.got)?.[1];
  const near = name === undefined ? undefined : nearest(name, d.expected === 'a rule' ? [...rules] : [...kinds]);
  return near === undefined ? d : { ...d, got: `${d.got}; did you mean ${near}?` };
}

const isSilent = (e: Expectations): boolean => e.findings.length + e.steps.length + e.ledger.length + e.mistakes.length === 0;

/** The Python files among the paths and below them, relative to the root. Throws UsageError for what is not there or lies outside. */
function pythonFiles(root: string, from: string, paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const given of paths) {
    const absolute = resolve(from, given);
    let isFolder: boolean;
    try {
      isFolder = statSync(absolute).isDirectory();
    } catch {
      throw new UsageError([
        `there are no snippets: ${given} is not there`,
        'docs/configuration.md, "Trying patterns on snippets", says what goes there',
      ]);
    }
    const files = isFolder ? below(absolute) : [absolute];
    for (const file of files) {
      const path = relative(root, file).split(sep).join('/');
      if (path.startsWith('../')) throw new UsageError([`${given} lies outside the project root`]);
      found.add(path);
    }
  }
  return [...found].sort(compareText);
}

/** Regular files that end in `.py`; links are not followed. */
function below(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === '__pycache__' ? [] : below(path);
    return entry.isFile() && entry.name.endsWith('.py') ? [path] : [];
  });
}
