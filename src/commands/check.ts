/**
 * `campsite check`: analyse, report, answer with 0, 1 or 2.
 *
 * The report goes to standard output, several more into files; progress to standard error, on a terminal only.
 */
import { readFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { analyze, plan } from '../app/analyze.ts';
import type { FileResult } from '../app/file-result.ts';
import { type AnalyzeOptions, CACHE_FOLDER, type Times, UsageError } from '../app/options.ts';
import { decode } from '../app/read.ts';
import type { Threads } from '../app/threads.ts';
import { visible } from '../base/escape.ts';
import { plural } from '../base/text.ts';
import { nearest } from '../config/problems.ts';
import type { RunResult } from '../findings/finding.ts';
import { FORMATS, type Format, isFormat } from '../report/index.ts';
import { type AdoptionArguments, applyAdoption, type Marked, prepareAdoption } from './adoption.ts';
import { type EmitArguments, emit } from './emit.ts';
import { severitiesNamed } from './severity.ts';
import { maxWarningsNamed, verdictOf } from './verdict.ts';

export interface CheckArguments extends EmitArguments, AdoptionArguments {
  readonly paths?: readonly string[];
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
  readonly extendSelect?: readonly string[];
  readonly severity?: readonly string[];
  readonly maxWarnings?: number;
  readonly outputFormat?: string;
  readonly output?: readonly string[];
  readonly exitZero?: boolean;
  readonly cache: boolean;
  readonly cacheDir?: string;
  readonly jobs?: number;
  readonly shard?: string;
  readonly timings?: boolean;
  readonly stdinFilename?: string;
  readonly showFiles?: boolean;
  readonly showSettings?: boolean;
  readonly forceExclude?: boolean;
  readonly root?: string;
  readonly config?: string;
}

export const split = (values: readonly string[] | undefined): readonly string[] | undefined =>
  values
    ?.flatMap((v) => v.split(','))
    .map((v) => v.trim())
    .filter((v) => v !== '');

/** The format of that name. Throws UsageError with the nearest one. */
export function formatNamed(name: string): Format {
  if (isFormat(name)) return name;
  const near = nearest(name, FORMATS);
  throw new UsageError([
    `there is no output format ${JSON.stringify(name)}${near === undefined ? '' : `; did you mean ${near}?`}`,
    `formats: ${FORMATS.join(', ')}`,
  ]);
}

/** FORMAT=FILE of each --output. Throws UsageError. */
export function outputsNamed(outputs: readonly string[] | undefined): { readonly format: Format; readonly file: string }[] {
  return (outputs ?? []).map((o) => {
    const at = o.indexOf('=');
    if (at < 1) throw new UsageError([`--output takes FORMAT=FILE, not ${JSON.stringify(o)}`]);
    return { format: formatNamed(o.slice(0, at)), file: o.slice(at + 1) };
  });
}

/** The threads that `-j` asks for. Throws UsageError. */
export function workersNamed(jobs: number | undefined): number | 'auto' {
  if (jobs === undefined) return 'auto';
  if (!Number.isInteger(jobs) || jobs < 1) throw new UsageError(['-j takes a whole number from 1 on']);
  return jobs;
}

/** The i and n of `--shard i/n`. Throws UsageError. */
export function shardNamed(text: string): { readonly index: number; readonly total: number } {
  const match = /^(\d{1,5})\/(\d{1,5})$/.exec(text);
  const [index, total] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || index < 1 || index > total) throw new UsageError([`--shard takes i/n with i from 1 to n, such as 2/4, not ${JSON.stringify(text)}`]);
  return { index, total };
}

/** Formats that show or keep the graphs of witnesses: the page draws them, and JSON is what pages are made from later. */
const WITH_GRAPHS: ReadonlySet<Format> = new Set(['html', 'json']);

/** Runs the command; `ahead` are threads that were started for it. Returns the exit code, throws UsageError. */
export async function check(args: CheckArguments, ahead?: Threads): Promise<number> {
  const root = args.root === undefined ? undefined : resolve(args.root);
  const asked: AnalyzeOptions = {
    paths: args.paths ?? [],
    cwd: process.cwd(),
    ...(root === undefined ? {} : { root }),
    ...(args.config === undefined ? {} : { configPath: args.config }),
    ...(args.select ? { select: split(args.select) ?? [] } : {}),
    ...(args.ignore ? { ignore: split(args.ignore) ?? [] } : {}),
    ...(args.extendSelect ? { extendSelect: split(args.extendSelect) ?? [] } : {}),
    ...(args.severity ? { severity: severitiesNamed(split(args.severity) ?? []) } : {}),
    forceExclude: args.forceExclude ?? false,
    workers: workersNamed(args.jobs),
    ...(ahead ? { ahead } : {}),
    ...(args.shard === undefined ? {} : { shard: shardNamed(args.shard) }),
    ...(process.stderr.isTTY ? { onFile: progress } : {}),
  };
  const format = formatNamed(args.outputFormat ?? 'full');
  const outputs = outputsNamed(args.output);
  const maxWarnings = maxWarningsNamed(args.maxWarnings);
  const planned = await plan(asked);
  const virtual = standardInput(args, planned.root);
  const options = virtual ? { ...asked, virtual } : asked;
  const settled = virtual ? { ...planned, files: { files: [...virtual.keys()], problems: [], skipped: [] } } : planned;
  if (args.showSettings) return (await import('./show-settings.ts')).showSettings(settled, options, args.outputFormat);
  if (args.showFiles) {
    for (const f of settled.files.files) process.stdout.write(`${visible(f)}\n`);
    for (const s of settled.files.skipped) process.stdout.write(`# left out: ${visible(s.path)} (${s.why})\n`);
    return 0;
  }
  const graphs = WITH_GRAPHS.has(format) || outputs.some((output) => WITH_GRAPHS.has(output.format));
  const cacheFolder = args.cache ? resolve(args.cacheDir ?? join(settled.root, CACHE_FOLDER)) : undefined;
  const adoption = await prepareAdoption(args, settled);
  const run = async (): Promise<Marked> => {
    let results: readonly FileResult[] = [];
    const onResults = (all: readonly FileResult[]): void => void (results = all);
    const onTimes = args.timings ? writeTimes : undefined;
    const found = await analyze(
      { ...options, graphs, onResults, ...(onTimes ? { onTimes } : {}), ...(cacheFolder === undefined ? {} : { cacheFolder }) },
      settled,
    );
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    const done = { settled, options, results };
    const marked = await applyAdoption(found, adoption, args, done);
    return args.statistics ? { ...marked, result: await (await import('../app/unmatched.ts')).withUnmatched(marked.result, done) } : marked;
  };
  const { result, stale } = args.addIgnore ? await (await import('./add-ignore.ts')).withIgnores(run, args.reason ?? '', settled) : await run();
  const onDisk = sourceReader(settled.root);
  await emit(result, args, {
    format,
    files: outputs,
    tellsActions: args.outputFormat === undefined && args.shard === undefined,
    color: wantsColor(),
    sources: (path) => virtual?.get(path) ?? onDisk(path),
  });
  if (couldNotRun(result, settled.files.files.length)) return 2;
  const strictness = { exitZero: args.exitZero ?? false, stale, ...(maxWarnings === undefined ? {} : { maxWarnings }) };
  return verdictOf(result, strictness, (line) => process.stderr.write(`campsite: ${line}\n`));
}

/** Where the time went, a line a phase, on standard error. */
function writeTimes({ files, cached, threads, phases }: Times): void {
  const lines = phases.map(({ name, ms }) => `${name.padEnd(24)} ${(ms / 1000).toFixed(2).padStart(7)} s`);
  const how = threads === 0 ? 'on one thread' : `on ${plural(threads, 'thread')}`;
  process.stderr.write(`${[...lines, `${plural(files, 'file')}, ${cached} of them from the cache, ${how}`].join('\n')}\n`);
}

/**
 * Standard input as the content of a file, where --stdin-filename asks for it: path relative to the root, and text. Throws UsageError.
 */
function standardInput(args: CheckArguments, root: string): ReadonlyMap<string, string> | undefined {
  if (args.stdinFilename === undefined) return undefined;
  if ((args.paths ?? []).length > 0) throw new UsageError(['standard input (-) is analysed alone, not beside other paths']);
  const path = relative(root, resolve(args.stdinFilename)).split(sep).join('/');
  if (path.startsWith('../') || isAbsolute(path)) throw new UsageError([`--stdin-filename ${args.stdinFilename}: lies outside the project root`]);
  return new Map([[path, decode(readFileSync(0), path).text]]);
}

/** Reads texts below the root, each once; undefined where there is none. */
export function sourceReader(root: string): (path: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (path) => {
    if (!known.has(path)) {
      try {
        known.set(path, readFileSync(join(root, path), 'utf8'));
      } catch {
        known.set(path, undefined);
      }
    }
    return known.get(path);
  };
}

/** Nothing could be analysed, or the analysis itself failed. */
function couldNotRun({ problems }: RunResult, files: number): boolean {
  return (
    problems.some((p) => p.kind === 'internal') ||
    (files === 0 && problems.some((p) => p.kind !== 'configuration')) ||
    problems.some((p) => p.kind === 'unreadable' && p.message.startsWith('there is no such'))
  );
}

/** NO_COLOR and FORCE_COLOR before the terminal. */
export function wantsColor(): boolean {
  if (process.env.NO_COLOR !== undefined && process.env.NO_COLOR !== '') return false;
  if (process.env.FORCE_COLOR !== undefined && process.env.FORCE_COLOR !== '0') return true;
  return process.stdout.isTTY === true;
}

export function progress(done: number, all: number): void {
  if (done % 20 === 0) process.stderr.write(`\r\x1b[K${done} of ${all} files`);
}
