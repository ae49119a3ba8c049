/**
 * What may a caller choose about a report, and which findings does a format show?
 *
 * Reports are pure functions of a run result and these options: they read no file, no clock and no environment (NO_COLOR, FORCE_COLOR,
 * the terminal's width and where texts lie are the caller's business).
 */
import type { Finding, RunResult } from '../findings/finding.ts';
import { isActive } from '../findings/pillars.ts';

export interface ReportOptions {
  /** The text of an analysed file, for frames and byte columns; undefined where it cannot be had. */
  readonly sources?: (path: string) => string | undefined;
  /** ANSI colours; without them nothing is lost. */
  readonly color?: boolean;
  /** Cells of the terminal; 80 when not given. */
  readonly width?: number;
  /** Findings of severity `note`; not given: as is usual for the format. */
  readonly showNotes?: boolean;
  /** The table of pillars at the end of `full` and `concise`. */
  readonly statistics?: boolean;
  /** How many witnesses of a finding `full` draws; the others are named in a line. One when not given. */
  readonly frames?: number;
  /** An earlier run to compare with, and what it is called; in html and markdown. */
  readonly against?: { readonly name: string; readonly result: RunResult };
  /** SARIF brings the line hashes that GitHub's upload action would compute; for uploads through the API. */
  readonly sarifLineHashes?: boolean;
  /** Where campsite is on the web. */
  readonly homepage?: string;
  /** Where a rule's page is on the web. */
  readonly helpUri?: (rule: string) => string | undefined;
}

export const DEFAULT_WIDTH = 80;

/** Narrower than this nothing legible fits; a smaller width is taken for it. */
export const MINIMUM_WIDTH = 40;

/** The terminal's width to lay out for. */
export function widthOf(options: ReportOptions): number {
  return Math.max(MINIMUM_WIDTH, options.width ?? DEFAULT_WIDTH);
}

/**
 * The active findings that a format shows (the suppressed and known ones are only in json, json-lines, sarif and, filtered away, html). `notes` says whether
 * the format shows notes where the caller has not decided.
 */
export function shownFindings(result: RunResult, options: ReportOptions, notes: boolean): Finding[] {
  const withNotes = options.showNotes ?? notes;
  return result.findings.filter((finding) => isActive(finding) && (withNotes || finding.severity !== 'note'));
}

/** Active notes that `shownFindings` leaves out. */
export function hiddenNotes(result: RunResult, options: ReportOptions, notes: boolean): number {
  if (options.showNotes ?? notes) return 0;
  return result.findings.filter((finding) => isActive(finding) && finding.severity === 'note').length;
}
