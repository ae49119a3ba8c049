/**
 * Which findings did this branch introduce? Analyses the Python files of the merge base too, with the settings of today, and compares.
 *
 * A line-by-line diff would miss the leak that begins where a cleanup was taken away, in a file or on a line that the finding does not stand on. Files
 * that are new since then have only new findings; where all findings are in such files, and where there are none, nothing is analysed twice.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult } from '../findings/finding.ts';
import { markIntroduced } from '../findings/introduced.ts';
import { isActive } from '../findings/pillars.ts';
import { analyze, filesOf, type Plan } from './analyze.ts';
import { writeBaseTree } from './base-tree.ts';
import type { MergeBase } from './merge-base.ts';
import type { AnalyzeOptions } from './options.ts';

/** Lines by which two states of a file may differ before all of them count as changed: comparing takes time with the square of it. */
const EDIT_LIMIT = 4_000;

/** The result with its active findings marked `known` or `new`; those of the merge base are known. Throws UsageError. */
export async function markNew(result: RunResult, base: MergeBase, settled: Plan, options: AnalyzeOptions): Promise<RunResult> {
  if (!result.findings.some(isActive)) return result;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'campsite-base-')));
  try {
    const there = await writeBaseTree(settled.root, base, folder);
    const before = (path: string): string | undefined => base.renamed.get(path) ?? (there.has(path) ? path : undefined);
    const now = new Map(filesOf(settled, options).flatMap((path) => (before(path) === undefined ? [] : [[before(path) as string, path]])));
    const mayBeKnown = result.findings.some((finding) => isActive(finding) && before(finding.path) !== undefined);
    const earlier = mayBeKnown ? await analyseBase(folder, [...now.keys()], settled, options) : undefined;
    const lineNow = await lineMapper(
      settled.root,
      folder,
      before,
      earlier ? new Set(result.findings.filter(isActive).map(({ path }) => path)) : new Set(),
    );
    const findings = markIntroduced(result.findings, {
      findings: (earlier?.findings ?? []).flatMap((finding) =>
        now.has(finding.path) ? [{ ...finding, path: now.get(finding.path) as string }] : [],
      ),
      lineNow,
      reason: `was there before, at ${base.commit.slice(0, 7)}`,
    });
    return { ...result, findings };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function analyseBase(folder: string, paths: readonly string[], settled: Plan, options: AnalyzeOptions): Promise<RunResult> {
  const { onFile: _, cacheFolder: __, shard: ___, ...rest } = options;
  const configuration = { ...settled.configuration, root: folder };
  return analyze(
    { ...rest, graphs: false },
    { ...settled, configuration, root: folder, files: { files: [...paths].sort(), problems: [], skipped: [] } },
  );
}

/** Answers where a line of the base stands now, for the files in `paths`. */
async function lineMapper(
  root: string,
  folder: string,
  before: (path: string) => string | undefined,
  paths: ReadonlySet<string>,
): Promise<(path: string, line: number) => number | undefined> {
  const { diffArrays } = await import('diff');
  const maps = new Map<string, ReadonlyMap<number, number>>();
  const linesOf = (file: string): string[] => readFileSync(file, 'latin1').split(/\r\n|\n|\r/);
  const mapOf = (path: string): ReadonlyMap<number, number> => {
    const known = maps.get(path);
    if (known) return known;
    const map = new Map<number, number>();
    maps.set(path, map);
    const old = before(path);
    if (old === undefined || !paths.has(path)) return map;
    let [was, is] = [1, 1];
    for (const { added, removed, count } of diffArrays(linesOf(join(folder, old)), linesOf(join(root, path)), { maxEditLength: EDIT_LIMIT }) ?? []) {
      if (!added && !removed) for (let i = 0; i < count; i++) map.set(was + i, is + i);
      if (!added) was += count;
      if (!removed) is += count;
    }
    return map;
  };
  return (path, line) => mapOf(path).get(line);
}
