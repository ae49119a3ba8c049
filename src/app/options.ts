/**
 * What can a run be asked for?
 *
 * The options of the command line in the form that the pipeline takes, and the error for arguments and configurations that are wrong.
 * Everything wrong with the analysed project is a problem in the result instead.
 */
import type { SeveritySetting } from '../config/schema-project.ts';
import type { ParserBackend } from '../syntax/parse.ts';

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
  /** At most so many threads; 1 when not given. */
  readonly workers?: number;
  /** Absolute; where results are kept for the next run. No cache when not given. */
  readonly cacheFolder?: string;
  /** Analyse only this part of the files; `index` is 1-based. */
  readonly shard?: { readonly index: number; readonly total: number };
  /** Called now and then with how many files are done, for progress. */
  readonly onFile?: (done: number, all: number) => void;
}

/** The arguments or the configuration are wrong: exit 2, with these lines for standard error. */
export class UsageError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}
