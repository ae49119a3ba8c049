/**
 * Which findings did this branch introduce? Analyses the Python files of the merge base too, with the settings of today, and compares.
 *
 * A line-by-line diff would miss the leak that begins where a cleanup was taken away, in a file or on a line that the finding does not stand on. Of the
 * merge base only those files are analysed whose results can have changed; where there is nothing to compare, none.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Finding, RunResult } from '../findings/finding.ts';
import type { UnmarkedFinding } from '../findings/fingerprint.ts';
import { markIntroduced, wasAsBad } from '../findings/introduced.ts';
import { isActive } from '../findings/pillars.ts';
import { affectedFiles } from './affected.ts';
import { analyze, type Plan } from './analyze.ts';
import { baseTree, writeBaseTree } from './base-tree.ts';
import type { FileResult } from './file-result.ts';
import { listFiles } from './files.ts';
import type { MergeBase } from './merge-base.ts';
import type { AnalyzeOptions } from './options.ts';

/** Lines by which two states of a file may differ before all of them count as changed: comparing takes time with the square of it. */
const EDIT_LIMIT = 4_000;

/** A run whose findings shall be marked: its plan, its options, and the results of its files. */
export interface Run {
  readonly settled: Plan;
  readonly options: AnalyzeOptions;
  readonly results: readonly FileResult[];
}

/** The result with its active findings marked `known` or `new`; those of the merge base are known. Throws UsageError. */
export async function markNew(result: RunResult, base: MergeBase, { settled, options, results }: Run): Promise<RunResult> {
  const { root } = settled;
  if (!result.findings.some(isActive)) return result;
  const tree = await baseTree(root, base);
  const before = (path: string): string | undefined => base.renamed.get(path) ?? (tree.has(path) ? path : undefined);
  const affected = affectedFiles(root, results, tree, options.virtual);
  const [unchanged, found] = [byPlace(results.filter(({ path }) => !affected.has(path))), byPlace(results)];
  const isSame = (finding: Finding): boolean => unchanged.get(placeOf(finding))?.some((one) => wasAsBad(one, finding)) ?? false;
  // What is said of comments comes from no file alone.
  const others = result.findings.filter((finding) => isActive(finding) && !found.has(placeOf(finding)));
  const again = new Set([...affected, ...others.map(({ path }) => path)]);
  const reason = `was there before, at ${base.commit.slice(0, 7)}`;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'campsite-base-')));
  try {
    const now = new Map([...again].flatMap((path) => (before(path) === undefined ? [] : [[before(path) as string, path]])));
    const isOpen = result.findings.some((finding) => isActive(finding) && !isSame(finding) && before(finding.path) !== undefined);
    if (isOpen) await writeBaseTree(root, base, tree, folder);
    const earlier = isOpen ? await analyseBase(folder, now, settled, options) : [];
    const lineNow = await lineMapper(root, folder, before, options.virtual);
    const findings = markIntroduced(result.findings, {
      findings: earlier.map((finding) => ({ ...finding, path: now.get(finding.path) ?? finding.path })),
      isSame,
      lineNow,
      reason,
    });
    return { ...result, findings };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function byPlace(results: readonly FileResult[]): ReadonlyMap<string, readonly UnmarkedFinding[]> {
  const all = new Map<string, UnmarkedFinding[]>();
  for (const finding of results.flatMap(({ findings }) => findings)) all.set(placeOf(finding), [...(all.get(placeOf(finding)) ?? []), finding]);
  return all;
}

/** Where the finding stands; a setup that tests of several files go through has one place. */
function placeOf({ path, line, column }: UnmarkedFinding): string {
  return `${path}:${line}:${column}`;
}

/** Findings in the files of `now` (by their names there), and in what tests found that have gone since. */
async function analyseBase(folder: string, now: ReadonlyMap<string, string>, settled: Plan, options: AnalyzeOptions): Promise<readonly Finding[]> {
  const { onFile: _, onResults: __, cacheFolder: ___, shard: ____, virtual: _____, ...rest } = options;
  const configuration = { ...settled.configuration, root: folder };
  const looked = settled.looked.map((path) => relative(settled.root, path) || '.');
  const { exclude } = configuration.settings;
  const listed = listFiles({ root: folder, cwd: folder, paths: looked, exclude, forceExclude: true, respectGitignore: false });
  const there = new Set(settled.files.files);
  const gone = listed.files.filter((path) => !there.has(path) && !now.has(path));
  const files = { files: [...now.keys(), ...gone].sort(), problems: [], skipped: [] };
  return (await analyze({ ...rest, graphs: false }, { ...settled, configuration, root: folder, files })).findings;
}

/** Answers where a line of the base stands now. */
async function lineMapper(
  root: string,
  folder: string,
  before: (path: string) => string | undefined,
  virtual: AnalyzeOptions['virtual'],
): Promise<(path: string, line: number) => number | undefined> {
  const { diffArrays } = await import('diff');
  const maps = new Map<string, ReadonlyMap<number, number>>();
  const linesOf = (text: string): string[] => text.split(/\r\n|\n|\r/);
  const textNow = (path: string): string => {
    const given = virtual?.get(path);
    // As bytes, so that the encoding does not matter.
    return given === undefined ? readFileSync(join(root, path), 'latin1') : Buffer.from(given).toString('latin1');
  };
  const mapOf = (path: string): ReadonlyMap<number, number> => {
    const known = maps.get(path);
    if (known) return known;
    const map = new Map<number, number>();
    maps.set(path, map);
    const old = before(path);
    if (old === undefined) return map;
    let [was, is] = [1, 1];
    for (const { added, removed, count } of diffArrays(linesOf(readFileSync(join(folder, old), 'latin1')), linesOf(textNow(path)), {
      maxEditLength: EDIT_LIMIT,
    }) ?? []) {
      if (!added && !removed) for (let i = 0; i < count; i++) map.set(was + i, is + i);
      if (!added) was += count;
      if (!removed) is += count;
    }
    return map;
  };
  return (path, line) => mapOf(path).get(line);
}
