/**
 * What stays the same about a finding when the code around it moves?
 *
 * A fingerprint is a hash of rule, file, qualified name of the function, resource, path kind and an ordinal among twins (findings that are
 * alike in all of these, counted from the top of the file). It holds no line number, no column and no word of the message: a baseline, a
 * dismissed alert and a merge request's widget all rely on that. Moving a file or renaming a function makes a new finding.
 */
import { createHash } from 'node:crypto';
import type { Finding } from './finding.ts';
import { compareFindings } from './order.ts';

/** Named in outputs as `campsite/v1`; a change of what is hashed is a new version and brings every baseline's end. */
export const FINGERPRINT_VERSION = 'v1';

/** 64 bits: among a million findings two are alike with a probability of 3 in 100 million, and a baseline's line stays readable. */
const FINGERPRINT_DIGITS = 16;

/** A finding whose fingerprint has not been given yet. */
export type UnmarkedFinding = Omit<Finding, 'fingerprint'> & { readonly fingerprint?: string };

function identityOf(finding: UnmarkedFinding): string {
  const { rule, path, test, resource, pathKind } = finding;
  return JSON.stringify([FINGERPRINT_VERSION, rule, path, test, resource?.kind ?? '', resource?.name ?? '', pathKind ?? '']);
}

/** 16 hexadecimal digits. `ordinal` counts the finding's twins before it, from 0. */
export function fingerprintOf(finding: UnmarkedFinding, ordinal: number): string {
  return createHash('sha256')
    .update(`${identityOf(finding)}#${ordinal}`)
    .digest('hex')
    .slice(0, FINGERPRINT_DIGITS);
}

/** The findings in their stable order, each with its fingerprint (an earlier one is replaced). */
export function withFingerprints(findings: readonly UnmarkedFinding[]): Finding[] {
  const seen = new Map<string, number>();
  return [...findings].sort(compareFindings).map((finding) => {
    const identity = identityOf(finding);
    const ordinal = seen.get(identity) ?? 0;
    seen.set(identity, ordinal + 1);
    return { ...finding, fingerprint: fingerprintOf(finding, ordinal) };
  });
}
