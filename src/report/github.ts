/**
 * Annotations in a pull request, as workflow commands on standard output (GitHub Actions).
 *
 * GitHub keeps ten annotations of each level a step and drops the rest in silence: so the last of them says how many more there are, and those
 * stand as plain lines in a folded group of the log.
 */
import { visible, visibleLines } from '../base/escape.ts';
import type { Finding, RunResult, Severity } from '../findings/finding.ts';
import { numberedSteps, placeOf, ruleLabel } from './finding-words.ts';
import { type ReportOptions, shownFindings } from './options.ts';

/** Annotations of one level that GitHub keeps from a step. */
export const ANNOTATIONS = 10;

/** Steps of the witness in an annotation: more is a wall of text in the diff. */
const ANNOTATION_STEPS = 8;

const COMMAND: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

/** The message of a command: the runner turns `%0A` and its like back. */
export function commandData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

/** The value of a command's property. */
export function commandProperty(text: string): string {
  return commandData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

function annotationBody(finding: Finding): string {
  const [witness] = finding.witnesses;
  const steps = witness === undefined ? [] : numberedSteps(witness);
  const lines = steps.slice(0, ANNOTATION_STEPS).map(({ step, number }) => {
    const place = step.path === finding.path ? `line ${step.line}` : `${step.path}:${step.line}`;
    return `${number === undefined ? '-' : `${number}.`} ${place}: ${step.message}`;
  });
  if (steps.length > lines.length) lines.push(`${steps.length - lines.length} more steps`);
  if (finding.fix !== undefined) lines.push(`cure: ${finding.fix.title}`);
  return [finding.message, ...lines].map(visible).join('\n');
}

/** Line ends in a path can be told to the runner; other control characters cannot, and the annotation of such a file stands at no line. */
function annotation(finding: Finding): string {
  const properties: [string, string][] = [
    ['title', visible(ruleLabel(finding))],
    ['file', visibleLines(finding.path)],
    ['line', String(finding.line)],
    ['endLine', String(finding.endLine)],
    // Columns are only understood within one line.
    ...(finding.line === finding.endLine
      ? ([
          ['col', String(finding.column)],
          ['endColumn', String(finding.endColumn)],
        ] as [string, string][])
      : []),
  ];
  const list = properties.map(([name, value]) => `${name}=${commandProperty(value)}`).join(',');
  return `::${COMMAND[finding.severity]} ${list}::${commandData(annotationBody(finding))}\n`;
}

/** '' when there is nothing to annotate; otherwise lines that each end with a newline. */
export function renderGithub(result: RunResult, options: ReportOptions): string {
  const findings = shownFindings(result, options, false);
  const lines: string[] = [];
  const rest: Finding[] = [];
  for (const severity of ['error', 'warning', 'note'] as const) {
    const these = findings.filter((finding) => finding.severity === severity);
    const shown = these.length <= ANNOTATIONS ? these : these.slice(0, ANNOTATIONS - 1);
    lines.push(...shown.map(annotation));
    if (shown.length === these.length) continue;
    rest.push(...these.slice(shown.length));
    const more = these.length - shown.length;
    lines.push(`::${COMMAND[severity]} title=campsite::${more} more of this level, see the summary or the log\n`);
  }
  if (rest.length > 0) {
    const copies = rest.map(
      (finding) => `  ${visible(placeOf(finding))}: ${finding.severity} ${visible(finding.rule)} ${visible(finding.message)}\n`,
    );
    lines.push('::group::campsite: findings without an annotation\n', ...copies, '::endgroup::\n');
  }
  return lines.join('');
}
