/**
 * What does the analysis of one file contribute to a run?
 *
 * A file result is plain data: it crosses threads, lies in the cache, and is joined with the others by assemble.ts. It depends on the file,
 * on the files that names led to from it, on the configuration and on nothing else; not on which files were analysed before.
 */
import type { Pack } from '../config/model.ts';
import type { Settings } from '../config/settings.ts';
import type { SuppressionComment } from '../findings/comments.ts';
import type { Acquisition, Problem } from '../findings/finding.ts';
import type { UnmarkedFinding } from '../findings/fingerprint.ts';

/** Everything besides the files that decides what their results are. */
export interface Job {
  /** Absolute. */
  readonly root: string;
  readonly packs: readonly Pack[];
  readonly settings: Settings;
  /** Ids of the rules that run. */
  readonly rules: readonly string[];
  /** Witnesses carry the graph they lead through. */
  readonly graphs: boolean;
  /** The run has a cache, which must know all that was looked at (`Seen`). */
  readonly cached?: boolean;
  /** Sources given instead of a file's content, by path. */
  readonly virtual?: ReadonlyMap<string, string>;
}

export interface FileResult {
  /** Relative to the root, POSIX. */
  readonly path: string;
  readonly lines: number;
  readonly tests: number;
  /** In any file: a base class's setup is judged with the tests of each file that go through it. Neither suppressed nor marked yet. */
  readonly findings: readonly UnmarkedFinding[];
  readonly ledger: readonly Acquisition[];
  /** How many sites each rule looked at, by rule id. */
  readonly sites: Readonly<Record<string, number>>;
  /** Of this file and of those read for it. */
  readonly problems: readonly Problem[];
  /** Comments that may suppress, by path: of this file, and of files that its findings stand in. */
  readonly comments: Readonly<Record<string, readonly SuppressionComment[]>>;
  /** Files that the result depends on besides itself, sorted. */
  readonly reads: readonly string[];
}

/**
 * UTF-16 units of source that one session may hold before it is thrown away and a new one begun: about 30 bytes of memory a unit, so 360 MB.
 * What a new session reads again are base classes, conftest files and the product's modules that these lead to: with 6 million a suite of 15.7
 * million read a third more than it has.
 */
export const MAX_SESSION_UNITS = 12_000_000;

/** The result of a file that could not be analysed; without a message the problems are somebody else's to name. */
export function failed(path: string, message: string): FileResult {
  const problems: Problem[] = message === '' ? [] : [{ path, kind: 'internal', message }];
  return { path, lines: 0, tests: 0, findings: [], ledger: [], sites: {}, problems, comments: {}, reads: [] };
}
