/**
 * What can a run be asked for?
 *
 * The options of the command line in the form that the pipeline takes, and the error for arguments and configurations that are wrong.
 * Everything wrong with the analysed project is a problem in the result instead.
 */
import type { SeveritySetting } from '../config/schema-project.ts';
import type { ParserBackend } from '../syntax/parse.ts';
import type { FileResult } from './file-result.ts';
import type { Threads } from './threads.ts';

/** Folder of the cache in the root, unless another is asked for. */
export const CACHE_FOLDER = '.campsite_cache';

/** Where a run's time went, in milliseconds on the wall. */
export interface Times {
  readonly files: number;
  /** Of them, those whose results came from the cache. */
  readonly cached: number;
  /** Threads besides the main one; 0 where that did the work itself. */
  readonly threads: number;
  /** Configuration and list of files, cache, analysis, joining; in this order. */
  readonly phases: readonly { readonly name: string; readonly ms: number }[];
}

export interface AnalyzeOptions {
  /** Project root, absolute; default: the configuration file's folder, else cwd. */
  readonly root?: string;
  /** Where relative paths start; default root, else the current folder. */
  readonly cwd?: string;
  /** Files and folders; default the configuration's paths, else tests or test, else everything. */
  readonly paths: readonly string[];
  readonly configPath?: string | null;
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
  readonly extendSelect?: readonly string[];
  /** By rule id; wins over everything that the configuration says. */
  readonly severity?: Readonly<Record<string, SeveritySetting>>;
  readonly forceExclude?: boolean;
  readonly respectGitignore?: boolean;
  readonly parser?: ParserBackend;
  /** A source given instead of a file's content, by path relative to the root. */
  readonly virtual?: ReadonlyMap<string, string>;
  /** Witnesses carry the graph they lead through; reports with pictures need it, nobody else does. */
  readonly graphs?: boolean;
  /** Threads; `auto`: as many as there are processors, where that is worth their start. 1 when not given. */
  readonly workers?: number | 'auto';
  /** Threads that were started for this run; whoever started them stops them too, for the run may not come to them. */
  readonly ahead?: Threads;
  /** Absolute; where results are kept for the next run. No cache when not given. */
  readonly cacheFolder?: string;
  /** Analyse only this part of the files; `index` is 1-based. */
  readonly shard?: { readonly index: number; readonly total: number };
  /** Called at the end with where the time went. */
  readonly onTimes?: (times: Times) => void;
  /** Called now and then with how many files are done, for progress. */
  readonly onFile?: (done: number, all: number) => void;
  /** Called once with the result of each file, for those who compare two runs. */
  readonly onResults?: (results: readonly FileResult[]) => void;
}

/** The arguments or the configuration are wrong: exit 2, with these lines for standard error. */
export class UsageError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}
