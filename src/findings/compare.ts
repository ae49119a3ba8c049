/**
 * What has changed since an earlier run?
 *
 * Findings are the same when their fingerprints are, so moved lines change nothing. What is suppressed in the code or the configuration is in
 * neither run; what a baseline knows is. A finding is only called fixed where its rule ran again: what was not looked at is said apart.
 * Leaves out whether a file was analysed again, which a run result does not tell: paths that were left out look fixed.
 */
import type { Finding, RunResult } from './finding.ts';

export interface Comparison {
  readonly added: readonly Finding[];
  /** As the earlier run tells them. */
  readonly fixed: readonly Finding[];
  readonly unchanged: readonly Finding[];
  /** Findings of the earlier run whose rule did not run this time. */
  readonly notChecked: readonly Finding[];
}

const stands = (finding: Finding): boolean => finding.suppressed === undefined || finding.suppressed.kind === 'baseline';

/** Both runs' findings in their own order. */
export function compareRuns(now: RunResult, before: RunResult): Comparison {
  const earlier = before.findings.filter(stands);
  const current = now.findings.filter(stands);
  const known = new Set(earlier.map((finding) => finding.fingerprint));
  const still = new Set(current.map((finding) => finding.fingerprint));
  const ran = new Set(now.rules.map((rule) => rule.id));
  const gone = earlier.filter((finding) => !still.has(finding.fingerprint));
  return {
    added: current.filter((finding) => !known.has(finding.fingerprint)),
    unchanged: current.filter((finding) => known.has(finding.fingerprint)),
    fixed: gone.filter((finding) => ran.has(finding.rule)),
    notChecked: gone.filter((finding) => !ran.has(finding.rule)),
  };
}
