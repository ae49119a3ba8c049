/**
 * The pipeline, in order: configuration → files → modules → obligations and rules → findings → run result.
 *
 * `analyze` is all that the command line, the tests and the benchmark call. It throws UsageError for wrong arguments and configurations;
 * everything wrong with the analysed project is a problem in the result.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Configuration, loadConfiguration } from '../config/load.ts';
import type { RunResult } from '../findings/finding.ts';
import type { ListedRule } from '../rules/listed.ts';
import { backendOf, type ParserBackend } from '../syntax/backend.ts';
import { assemble } from './assemble.ts';
import { configurationHash, openCache } from './cache.ts';
import { problemLine } from './config-problems.ts';
import type { FileResult, Job } from './file-result.ts';
import { type FileList, listFiles } from './files.ts';
import { type AnalyzeOptions, UsageError } from './options.ts';
import { costsOf, shardOf } from './partition.ts';
import { analyseOnThreads, type PoolResult, threadsFor } from './pool.ts';
import { selectRules } from './rules-on.ts';
import { VERSION } from './version.ts';

/** What was settled before any file is read. */
export interface Plan {
  readonly configuration: Configuration;
  readonly root: string;
  readonly files: FileList;
  /** Absolute; the files and folders in which `files` were looked for. */
  readonly looked: readonly string[];
  readonly rules: readonly ListedRule[];
}

/** Reads the configuration, lists the files, selects the rules. Throws UsageError. */
export async function plan(options: AnalyzeOptions): Promise<Plan> {
  const cwd = resolve(options.cwd ?? options.root ?? process.cwd());
  const loaded = await loadConfiguration({ cwd, root: options.root, configPath: options.configPath, version: VERSION });
  if (loaded.problems.length > 0) throw new UsageError(loaded.problems.map(problemLine));
  const { rules, settings, problems } = selectRules(options, loaded);
  if (problems.length > 0) throw new UsageError(problems);
  const configuration: Configuration = { ...loaded, settings };
  const { root } = configuration;
  const fromSettings = options.paths.length === 0 && settings.paths.length > 0;
  if (options.paths.length === 0 && options.virtual)
    return { configuration, root, files: { files: [...options.virtual.keys()], problems: [], skipped: [] }, looked: [], rules };
  const paths = options.paths.length > 0 ? options.paths : fromSettings ? settings.paths : await defaultPaths(root);
  const from = fromSettings || options.paths.length === 0 ? root : cwd;
  const files = listFiles({
    root,
    cwd: from,
    paths,
    exclude: [...settings.exclude, ...settings.snippets],
    forceExclude: options.forceExclude ?? false,
    respectGitignore: options.respectGitignore ?? true,
  });
  return { configuration, root, files, looked: paths.map((path) => resolve(from, path)), rules };
}

/** What pytest would collect, else the usual folders, else everything. */
async function defaultPaths(root: string): Promise<readonly string[]> {
  const { pytestSettings } = await import('./pytest-settings.ts');
  const listed = (pytestSettings(root)?.testpaths ?? []).filter((p) => existsSync(join(root, p)));
  if (listed.length > 0) return listed;
  const found = ['tests', 'test'].filter((p) => existsSync(join(root, p)));
  return found.length > 0 ? found : ['.'];
}

/** The files that a run analyses: all of its plan, or those of its shard. */
export function filesOf({ root, files: { files } }: Plan, { shard }: Pick<AnalyzeOptions, 'shard'>): readonly string[] {
  return shard ? shardOf(files, costsOf(root, files), shard.index, shard.total) : files;
}

/** Runs the analysis; `made` is its plan, where the caller has it already. */
export async function analyze(options: AnalyzeOptions, made?: Plan): Promise<RunResult> {
  const startedAt = new Date();
  const start = performance.now();
  const settled = made ?? (await plan(options));
  const { configuration, root, rules } = settled;
  const parser = backendOf(options.parser);
  // What is given instead of a file is nobody's for the next run.
  const cacheFolder = options.virtual ? undefined : options.cacheFolder;
  const job: Job = {
    root,
    packs: configuration.packs,
    settings: configuration.settings,
    rules: rules.map((rule) => rule.id),
    graphs: options.graphs ?? false,
    cached: cacheFolder !== undefined,
    ...(options.virtual ? { virtual: options.virtual } : {}),
  };
  const shard = options.shard && { ...options.shard, configHash: configurationHash(job) };
  const mine = filesOf(settled, options);
  const planned = performance.now();
  const cache = cacheFolder === undefined ? undefined : openCache(cacheFolder, job, parser);
  const known = cache?.lookUp(mine) ?? new Map<string, FileResult>();
  const missing = mine.filter((path) => !known.has(path));
  const lookedUp = performance.now();
  const fresh = missing.length === 0 ? undefined : await analyseFiles(job, missing, parser, options);
  const analysed = performance.now();
  if (cache && fresh) await cache.keep(mine, known, fresh);
  const kept = performance.now();
  const results = [...known.values(), ...(fresh?.results ?? [])];
  options.onResults?.(results);
  const result = assemble(settled, results, {
    paths: options.paths,
    startedAt,
    durationMs: performance.now() - start,
    parserBackend: parser,
    ...(shard ? { shard } : {}),
  });
  options.onTimes?.({
    files: results.length,
    cached: known.size,
    threads: fresh?.threads ?? 0,
    phases: [
      { name: 'configuration and files', ms: planned - start },
      { name: 'cache', ms: lookedUp - planned + kept - analysed },
      { name: 'analysis', ms: analysed - lookedUp },
      { name: 'joining', ms: performance.now() - kept },
    ],
  });
  return result;
}

/** On threads where that is worth their start, else on this one. */
async function analyseFiles(job: Job, paths: readonly string[], backend: ParserBackend, options: AnalyzeOptions): Promise<PoolResult> {
  const workers = options.virtual ? 0 : threadsFor(job.root, paths, options.workers ?? 1);
  if (workers > 0) {
    const { ahead, onFile } = options;
    return analyseOnThreads(job, paths, { workers, parser: backend, ...(ahead ? { ahead } : {}), ...(onFile ? { onFile } : {}) });
  }
  // Loaded only here: threads have it, and an unchanged tree does without.
  const [{ Analyst }, { createParser }] = await Promise.all([import('./analyst.ts'), import('../syntax/parse.ts')]);
  const analyst = new Analyst(job, await createParser(backend));
  const results = paths.map((path, i) => {
    options.onFile?.(i, paths.length);
    return analyst.analyse(path);
  });
  return { results, threads: 0, ...analyst.seen };
}
