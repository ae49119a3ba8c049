/**
 * GitLab's Code Quality report: what a merge request's widget shows as new and fixed.
 *
 * Entries with the same fingerprint collapse into one, so they are made unique; an empty run is an empty list, never an empty file. The
 * widget does not show `check_name`, so the description begins with the rule.
 */
import { jsonText, visible } from '../base/escape.ts';
import type { RunResult, Severity } from '../findings/finding.ts';
import { type ReportOptions, shownFindings } from './options.ts';

const SEVERITY: Readonly<Record<Severity, string>> = { error: 'critical', warning: 'major', note: 'info' };

/** A JSON array, indented by two, ends with a newline. */
export function renderGitlab(result: RunResult, options: ReportOptions): string {
  const used = new Map<string, number>();
  const entries = shownFindings(result, options, true).map((finding) => {
    const repeats = used.get(finding.fingerprint) ?? 0;
    used.set(finding.fingerprint, repeats + 1);
    return {
      description: `${finding.rule}: ${visible(finding.message)}`,
      check_name: finding.rule,
      fingerprint: repeats === 0 ? finding.fingerprint : `${finding.fingerprint}-${repeats}`,
      severity: SEVERITY[finding.severity],
      location: { path: finding.path, lines: { begin: finding.line, end: finding.endLine } },
    };
  });
  return `${jsonText(entries, 2)}\n`;
}
