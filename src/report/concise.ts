/**
 * What does `concise` print?
 *
 * One line a finding, in the form that editors and terminals make clickable: path, line and column, severity, rule, message. Problems and
 * counts follow as in `full`.
 */
import { visible } from '../base/escape.ts';
import type { RunResult } from '../findings/finding.ts';
import { placeOf } from './finding-words.ts';
import { type ReportOptions, shownFindings } from './options.ts';
import { paintFor } from './paint.ts';
import { countSentence, renderPillarTable, renderProblems } from './summary.ts';

/** Ends with a newline. */
export function renderConcise(result: RunResult, options: ReportOptions): string {
  const paint = paintFor(options.color ?? false);
  const lines = shownFindings(result, options, false).map((finding) => {
    const severity = paint.severity(finding.severity, finding.severity);
    return `${paint.place(visible(placeOf(finding)))}: ${severity} ${paint.rule(visible(finding.rule))} ${visible(finding.message)}\n`;
  });
  const table = options.statistics === true ? renderPillarTable(result, options) : '';
  return `${lines.join('')}${renderProblems(result, options)}${table}${countSentence(result)}\n`;
}
