/**
 * reviewdog's diagnostic format (rdjson).
 *
 * Columns are 1-based and count UTF-8 bytes, ends are exclusive. They are reckoned from the source; without it a line is taken to be ASCII.
 */
import { jsonText, visible } from '../base/escape.ts';
import type { Edit, Finding, RunResult, Severity } from '../findings/finding.ts';
import type { Lines } from './frame-rows.ts';
import { linesReader } from './full.ts';
import { type ReportOptions, shownFindings } from './options.ts';

const SEVERITY: Readonly<Record<Severity, string>> = { error: 'ERROR', warning: 'WARNING', note: 'INFO' };

interface Position {
  readonly line: number;
  readonly column: number;
}

function bytePosition(path: string, line: number, column: number, linesOf: Lines): Position {
  const text = linesOf(path)?.[line - 1];
  if (text === undefined) return { line, column };
  const before = text.slice(0, column - 1);
  // A column beyond the line's end (that of a file that has changed) keeps its distance.
  return { line, column: Buffer.byteLength(before, 'utf8') + (column - 1 - before.length) + 1 };
}

function range(path: string, extent: Pick<Edit, 'startLine' | 'startColumn' | 'endLine' | 'endColumn'>, linesOf: Lines) {
  return {
    start: bytePosition(path, extent.startLine, extent.startColumn, linesOf),
    end: bytePosition(path, extent.endLine, extent.endColumn, linesOf),
  };
}

function diagnostic(finding: Finding, linesOf: Lines, helpUri: string | undefined) {
  const { path, line, column, endLine, endColumn, fix } = finding;
  const steps = finding.witnesses[0]?.steps ?? [];
  const suggestions = (fix?.safety === 'display-only' ? [] : (fix?.edits ?? []))
    .filter((edit) => edit.path === path)
    .map((edit) => ({ range: range(path, edit, linesOf), text: edit.text }));
  return {
    message: visible(finding.message),
    location: { path, range: range(path, { startLine: line, startColumn: column, endLine, endColumn }, linesOf) },
    severity: SEVERITY[finding.severity],
    code: { value: finding.rule, ...(helpUri === undefined ? {} : { url: helpUri }) },
    ...(suggestions.length > 0 ? { suggestions } : {}),
    ...(steps.length > 0
      ? {
          related_locations: steps.map((step) => ({
            message: visible(step.message),
            location: { path: step.path, range: { start: bytePosition(step.path, step.line, step.column, linesOf) } },
          })),
        }
      : {}),
  };
}

/** Indented by two, ends with a newline. */
export function renderRdjson(result: RunResult, options: ReportOptions): string {
  const linesOf = linesReader(options);
  const diagnostics = shownFindings(result, options, true).map((finding) => diagnostic(finding, linesOf, options.helpUri?.(finding.rule)));
  return `${jsonText({ source: { name: 'campsite', ...(options.homepage === undefined ? {} : { url: options.homepage }) }, severity: 'WARNING', diagnostics }, 2)}\n`;
}
