/**
 * With which code does a run exit, and what is said about it on standard error?
 *
 * 0 clean, 1 findings, 2 where nothing could be analysed or the analysis itself failed. Warnings up to an allowed number are no reason for 1; errors
 * always are. The same for a run and for merged shards.
 */
import { UsageError } from '../app/options.ts';
import { plural } from '../base/text.ts';
import type { RunResult } from '../findings/finding.ts';
import { isActive } from '../findings/pillars.ts';

export interface Strictness {
  readonly exitZero: boolean;
  /** Warnings that may be there; 0 when not given. */
  readonly maxWarnings?: number;
  /** How much of the baseline is no longer true; anything is a finding too. */
  readonly stale?: number;
}

/** The number behind --max-warnings. Throws UsageError. */
export function maxWarningsNamed(given: number | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (!Number.isInteger(given) || given < 0) throw new UsageError(['--max-warnings takes a whole number from 0 on']);
  return given;
}

/** 0 or 1 for the findings; `say` takes a line when the reason is not among them. */
export function verdictOf(result: RunResult, { exitZero, maxWarnings, stale = 0 }: Strictness, say: (line: string) => void): 0 | 1 {
  const count = (severity: string): number => result.findings.filter((finding) => finding.severity === severity && isActive(finding)).length;
  const warnings = count('warning');
  if (maxWarnings !== undefined && warnings > maxWarnings) say(`${plural(warnings, 'warning')}, and --max-warnings allows ${maxWarnings}`);
  if (stale > 0) say('the baseline is stale: some of it is no longer found; --prune-baseline removes that');
  return !exitZero && (count('error') > 0 || warnings > (maxWarnings ?? 0) || stale > 0) ? 1 : 0;
}
