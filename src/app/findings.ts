/**
 * How do a rule's reports become findings of the run result?
 *
 * Offsets become lines, severities are settled by the configuration, inline suppressions are applied; what is wrong with a suppression
 * becomes a finding of its own. Fingerprints, baselines and order come later, when all files are known.
 */

import { positionAt } from '../base/lines.ts';
import type { Settings } from '../config/settings.ts';
import { combineFindings } from '../findings/combine.ts';
import type { SuppressionComment } from '../findings/comments.ts';
import type { Finding, RuleInfo } from '../findings/finding.ts';
import type { UnmarkedFinding } from '../findings/fingerprint.ts';
import { suppressFindings } from '../findings/suppress.ts';
import type { Report } from '../rules/define.ts';
import { LISTED, type ListedRule } from '../rules/listed.ts';
import type { FileHost } from './host.ts';
import { severityAt } from './rule-at.ts';
import { RULE_IDS } from './rules-on.ts';

/** One report as a finding; undefined where the configuration switches it off. */
export function findingOf(
  rule: Pick<RuleInfo, 'id' | 'pillar' | 'cwe' | 'severity'>,
  report: Report,
  host: FileHost,
  settings: Settings,
): UnmarkedFinding | undefined {
  const { module } = report;
  const table = host.lines(module.path, module.text);
  const start = positionAt(table, report.start);
  const end = positionAt(table, Math.max(report.start, report.end));
  const severity = severityAt(rule, report.severity ?? rule.severity, module.path, settings);
  if (severity === undefined) return undefined;
  return {
    rule: rule.id,
    pillar: rule.pillar,
    cwe: report.cwe ?? rule.cwe,
    severity,
    message: report.message,
    path: module.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    test: report.test === '<module>' ? '' : report.test,
    ...(report.resource ? { resource: report.resource } : {}),
    tests: report.tests ?? { count: 1, examples: report.test === '' ? [] : [report.test] },
    ...(report.pathKind ? { pathKind: report.pathKind } : {}),
    witnesses: report.witnesses ?? [],
    ...(report.fix ? { fix: report.fix } : {}),
  };
}

/** The findings of one file after inline suppressions; faults of the comments become findings of `unused-suppression`. */
export function suppressed(
  path: string,
  comments: readonly SuppressionComment[],
  findings: readonly UnmarkedFinding[],
  rules: readonly ListedRule[],
  settings: Settings,
  today: string,
): readonly UnmarkedFinding[] {
  if (comments.length === 0) return findings;
  const result = suppressFindings(findings, comments, {
    knownRules: RULE_IDS,
    // A rule that is off for this path has not looked: its comments are not unused.
    rulesRun: new Set(rules.flatMap((r) => (severityAt(r, r.severity, path, settings) === undefined ? [] : [r.id]))),
    requireReason: settings.requireReason,
    today,
  });
  const unused = LISTED.find((r) => r.id === 'unused-suppression');
  const severity = unused && rules.includes(unused) ? severityAt(unused, unused.severity, path, settings) : undefined;
  if (!unused || severity === undefined) return result.findings;
  const faults = result.faults.map(
    (f): UnmarkedFinding => ({
      rule: unused.id,
      pillar: unused.pillar,
      cwe: unused.cwe,
      severity,
      message: f.message,
      path,
      line: f.line,
      column: f.column,
      endLine: f.line,
      endColumn: f.endColumn,
      test: '',
      tests: { count: 0, examples: [] },
      witnesses: [],
    }),
  );
  return [...result.findings, ...faults];
}

export type { Finding };
export { combineFindings };
