/**
 * What does the page's script need to list, filter and sort 10,000 acquisitions and findings?
 *
 * Compact: strings once, in a table, made visible (the script shows them as text, never as markup); a row is an array of numbers (column
 * numbers are in the script's `F` and `L`). The HTML of opened findings is deflated, CHUNK findings together, so that a page of a big run
 * stays small and opens at once.
 */
import { deflateRawSync } from 'node:zlib';
import { visible } from '../../base/escape.ts';
import type { Comparison } from '../../findings/compare.ts';
import type { Acquisition, Finding, RunResult } from '../../findings/finding.ts';
import { isActive } from '../../findings/pillars.ts';
import { PATH_KINDS, REACHES, STATUSES } from './overview.ts';

/** Findings that are unpacked together: one click costs a few milliseconds. */
const CHUNK = 24;

export type StateOfFinding = 'active' | 'suppressed' | 'known';
const STATES: readonly StateOfFinding[] = ['active', 'suppressed', 'known'];
const SEVERITIES = ['error', 'warning', 'note'] as const;
const SINCE = ['', 'new', 'unchanged', 'fixed'] as const;
const ROLES = ['test', 'fixture', 'setup'] as const;

export interface PageData {
  readonly strings: readonly string[];
  readonly reaches: readonly string[];
  readonly paths: readonly string[];
  readonly statuses: readonly string[];
  readonly severities: readonly string[];
  readonly states: readonly string[];
  readonly since: readonly string[];
  readonly roles: readonly string[];
  readonly chunk: number;
  /** [fingerprint, severity, rule, pillar, message, path, line, column, test, kind, reach, pathKind, state, since, tests] */
  readonly findings: readonly (readonly number[])[];
  /** [kind, reach, path, line, column, role, name, owner, ownerGroup, status, leaks, releases, finding, first release's path, line, how] */
  readonly ledger: readonly (readonly (number | string)[])[];
}

/** "tearDown (base.py:31)" → "tearDown": owners are filtered by what they are, not by where. */
function ownerGroup(entry: Acquisition): string {
  if (entry.owner === '') return 'nobody';
  return entry.owner.replace(/ \([^()]*:\d+\)$/, '');
}

/** Where a ledger entry and a finding speak of the same acquisition. */
export function placeKey(at: { readonly path: string; readonly line: number; readonly column?: number }, kind: string): string {
  return JSON.stringify([at.path, at.line, at.column ?? 0, kind]);
}

/** Findings in the order of the page: what somebody should look at first stands first. */
export function pageFindings(
  result: RunResult,
  comparison: Comparison | undefined,
): { readonly finding: Finding; readonly since: (typeof SINCE)[number] }[] {
  const added = new Set(comparison?.added);
  const unchanged = new Set(comparison?.unchanged);
  const current = result.findings.map((finding) => ({
    finding,
    since: added.has(finding) ? ('new' as const) : unchanged.has(finding) ? ('unchanged' as const) : ('' as const),
  }));
  const gone = (comparison?.fixed ?? []).map((finding) => ({ finding, since: 'fixed' as const }));
  const rank = ({ finding, since }: (typeof current)[number] | (typeof gone)[number]): number =>
    (since === 'fixed' ? 1000 : isActive(finding) ? 0 : 500) +
    SEVERITIES.indexOf(finding.severity) * 100 +
    (finding.resource === undefined ? REACHES.length : REACHES.indexOf(finding.resource.reach)) * 10 +
    (finding.pathKind === undefined ? PATH_KINDS.length : PATH_KINDS.indexOf(finding.pathKind));
  return [...current, ...gone]
    .map((item, at) => ({ item, at }))
    .sort((a, b) => rank(a.item) - rank(b.item) || a.at - b.at)
    .map(({ item }) => item);
}

/** The tables; `findings` as `pageFindings` orders them. */
export function pageData(result: RunResult, findings: ReturnType<typeof pageFindings>): PageData {
  const ids = new Map<string, number>();
  const strings: string[] = [];
  const text = (raw: string): number => {
    const value = visible(raw);
    let id = ids.get(value);
    if (id === undefined) {
      ids.set(value, (id = strings.length));
      strings.push(value);
    }
    return id;
  };
  const findingAt = new Map<string, number>();
  const rows = findings.map(({ finding, since }, at) => {
    if (finding.resource !== undefined && since !== 'fixed') {
      const key = placeKey(finding, finding.resource.kind);
      if (!findingAt.has(key)) findingAt.set(key, at);
    }
    const state: StateOfFinding = isActive(finding) ? 'active' : finding.baseline === 'known' ? 'known' : 'suppressed';
    return [
      text(finding.fingerprint),
      SEVERITIES.indexOf(finding.severity),
      text(finding.rule),
      text(finding.pillar),
      text(finding.message),
      text(finding.path),
      finding.line,
      finding.column,
      text(finding.test),
      text(finding.resource?.kind ?? ''),
      finding.resource === undefined ? -1 : REACHES.indexOf(finding.resource.reach),
      finding.pathKind === undefined ? -1 : PATH_KINDS.indexOf(finding.pathKind),
      STATES.indexOf(state),
      SINCE.indexOf(since),
      finding.tests.count,
    ];
  });
  const ledger = result.ledger.map((entry) => {
    const role = entry.test !== undefined ? 0 : entry.fixture !== undefined ? 1 : entry.setup !== undefined ? 2 : 0;
    const leaks = PATH_KINDS.reduce((bits, kind, at) => (entry.leaks.includes(kind) ? bits | (1 << at) : bits), 0);
    const [release] = entry.releases;
    return [
      text(entry.kind),
      REACHES.indexOf(entry.reach),
      text(entry.path),
      entry.line,
      entry.column ?? 0,
      role,
      text(entry.test ?? entry.fixture ?? entry.setup ?? ''),
      text(entry.owner),
      text(ownerGroup(entry)),
      STATUSES.indexOf(entry.status),
      leaks,
      entry.releases.length,
      entry.status === 'leaks' ? (findingAt.get(placeKey(entry, entry.kind)) ?? -1) : -1,
      ...(release === undefined ? [] : [text(release.path), release.line, text(release.how)]),
    ];
  });
  return {
    strings,
    reaches: REACHES,
    paths: PATH_KINDS,
    statuses: STATUSES,
    severities: SEVERITIES,
    states: STATES,
    since: SINCE,
    roles: ROLES,
    chunk: CHUNK,
    findings: rows,
    ledger,
  };
}

/** The opened findings' HTML, deflated and in base64, CHUNK a piece. */
export function packed(details: readonly string[]): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < details.length; at += CHUNK)
    pieces.push(deflateRawSync(JSON.stringify(details.slice(at, at + CHUNK)), { level: 9 }).toString('base64'));
  return pieces;
}
