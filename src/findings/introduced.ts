/**
 * Which findings did a change introduce, and which were there before it?
 *
 * Both states were analysed, so what counts is the finding and not the line: a leak that a change causes on a line it did not touch (a cleanup
 * removed elsewhere) is introduced, and an old finding in code that was moved, renamed or formatted is not. Findings of the two states are paired in
 * two passes, each finding of the earlier state once:
 *
 * 1. The same place, on a line that the change left as it was: the same rule, or an obligation of the same kind that was at least as bad before. The
 *    name of the function does not matter, it may have been renamed.
 * 2. The same identity, as in a fingerprint, where the earlier line was changed. Where it stands unchanged and clean, the finding was cured there, and
 *    its like elsewhere is another one.
 */
import { PATH_KINDS } from './combine.ts';
import type { Finding } from './finding.ts';
import type { UnmarkedFinding } from './fingerprint.ts';
import { isActive } from './pillars.ts';

/** The state before the change. */
export interface Earlier {
  /** Its findings, with their files under the names that they have now. */
  readonly findings: readonly Finding[];
  /** Is the finding certain to have been there, because nothing that decides it has changed? */
  readonly isSame: (finding: Finding) => boolean;
  /** Where a line of the earlier state stands now, both 1-based; undefined where it was changed or removed. */
  readonly lineNow: (path: string, line: number) => number | undefined;
  /** What is said of a known finding: "was there before, at 1a2b3c4". */
  readonly reason: string;
}

/** The active findings marked `new` or `known`; all others as they are. */
export function markIntroduced(findings: readonly Finding[], earlier: Earlier): Finding[] {
  const left = new Map<string, { readonly finding: Finding; readonly line: number | undefined }[]>();
  for (const finding of earlier.findings) {
    if (finding.suppressed !== undefined && finding.suppressed.kind !== 'baseline') continue;
    const list = left.get(finding.path);
    const entry = { finding, line: earlier.lineNow(finding.path, finding.line) };
    if (list === undefined) left.set(finding.path, [entry]);
    else list.push(entry);
  }
  const active = findings.filter(isActive);
  const known = new Set(active.filter(earlier.isSame));
  const pair = (finding: Finding, fits: (before: Finding, line: number | undefined) => boolean): void => {
    const candidates = left.get(finding.path);
    const at = candidates?.findIndex((candidate) => fits(candidate.finding, candidate.line)) ?? -1;
    if (candidates === undefined || at < 0) return;
    candidates.splice(at, 1);
    known.add(finding);
  };
  for (const finding of active) {
    if (!known.has(finding)) pair(finding, (before, line) => line === finding.line && wasAsBad(before, finding));
  }
  for (const finding of active) {
    if (!known.has(finding)) pair(finding, (before, line) => line === undefined && identityOf(before) === identityOf(finding));
  }
  return findings.map((finding): Finding => {
    if (!isActive(finding)) return finding;
    return known.has(finding)
      ? { ...finding, suppressed: { kind: 'baseline', reason: earlier.reason }, baseline: 'known' }
      : { ...finding, baseline: 'new' };
  });
}

/** Two findings at one place: an obligation that leaked in a passing test and now leaks only in a failing one is no new finding. */
export function wasAsBad(before: UnmarkedFinding, now: UnmarkedFinding): boolean {
  if (before.resource === undefined || before.pathKind === undefined || now.resource === undefined || now.pathKind === undefined)
    return before.rule === now.rule;
  return before.resource.kind === now.resource.kind && PATH_KINDS.indexOf(before.pathKind) <= PATH_KINDS.indexOf(now.pathKind);
}

function identityOf({ rule, test, resource, pathKind }: Finding): string {
  return JSON.stringify([rule, test, resource?.kind, resource?.name, pathKind]);
}
