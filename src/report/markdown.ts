/**
 * The run as GitHub's Markdown: for a job summary, a comment on a pull request, a wiki.
 *
 * Counts, the table of pillars, the findings with their witness, the problems. With a limit of bytes, findings are left out from the end (least
 * severe last) and the text says how many: GitHub drops a summary above its limit as a whole, in silence.
 */
import { markdownCode, markdownText } from '../base/escape.ts';
import { plural } from '../base/text.ts';
import { compareRuns } from '../findings/compare.ts';
import type { Finding, Problem, RunResult, Severity } from '../findings/finding.ts';
import { cweIds, numberedSteps, placeOf, testsSentence } from './finding-words.ts';
import { type ReportOptions, shownFindings } from './options.ts';
import { markdownRecommendations } from './recommendations.ts';
import { countSentence, pillarRows, scopeSentence } from './summary.ts';

/** `$GITHUB_STEP_SUMMARY` of one step; what is above it is dropped as a whole. */
export const SUMMARY_BYTES = 1024 * 1024;

/** Kept free for what other commands of the same step write, and for the line that says what was left out. */
const SUMMARY_RESERVE = 16 * 1024;

/** Problems beyond this are counted: a tree of Python 2 files would push the findings off the page. */
const PROBLEMS = 50;

/** Steps of a witness; as in the terminal's frame. */
const STEPS = 15;

const SEVERITY_RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

function pillarTable(result: RunResult): string {
  const rows = pillarRows(result);
  if (rows.length === 0) return '';
  const lines = rows.map(({ cells: [cwe, name, verdict, rules, places] }) => `| ${cwe} | ${name} | ${verdict} | ${rules} | ${places} |`);
  return ['| CWE | pillar | verdict | rules | looked at |', '| --- | --- | --- | --- | --- |', ...lines, ''].join('\n');
}

function findingText(finding: Finding, helpUri: string | undefined): string {
  const rule = markdownCode(finding.rule);
  const linked = helpUri === undefined ? rule : `[${rule}](<${encodeURI(helpUri)}>)`;
  const tests = testsSentence(finding);
  const steps = finding.witnesses[0] === undefined ? [] : numberedSteps(finding.witnesses[0]);
  const shown = steps.slice(0, STEPS).map(({ step, number }) => {
    const place = step.path === finding.path ? `line ${step.line}` : markdownCode(`${step.path}:${step.line}`);
    return `  - ${number === undefined ? '' : `${number}: `}${place}: ${markdownText(step.message)}`;
  });
  return [
    `- **${finding.severity}** ${linked} (${cweIds(finding).join(', ')}) at ${markdownCode(placeOf(finding))}: ${markdownText(finding.message)}`,
    ...shown,
    ...(steps.length > shown.length ? [`  - ${plural(steps.length - shown.length, 'more step')}`] : []),
    ...(tests === undefined ? [] : [`  - ${markdownText(tests)}`]),
    ...(finding.fix === undefined ? [] : [`  - cure: ${markdownText(finding.fix.title)}`]),
    '',
  ].join('\n');
}

function problemText(problem: Problem): string {
  const place = problem.path === '' ? '' : `${markdownCode(`${problem.path}${problem.line === undefined ? '' : `:${problem.line}`}`)}: `;
  return `- ${place}${markdownText(problem.message)} (${problem.kind})\n`;
}

function problemsText(problems: readonly Problem[]): string {
  if (problems.length === 0) return '';
  const more = problems.length - PROBLEMS;
  return `\n### Problems\n\n${problems.slice(0, PROBLEMS).map(problemText).join('')}${more > 0 ? `- ${more} more\n` : ''}`;
}

/** Findings of a comparison that are named; the others are counted. */
const COMPARED = 50;

/** New and fixed findings since an earlier run; '' where there is none to compare with. */
function comparisonText(result: RunResult, options: ReportOptions): string {
  if (options.against === undefined) return '';
  const { added, fixed, unchanged, notChecked } = compareRuns(result, options.against.result);
  const list = (word: string, findings: readonly Finding[]): string => {
    const lines = findings
      .slice(0, COMPARED)
      .map((finding) => `- ${markdownCode(finding.rule)} at ${markdownCode(placeOf(finding))}: ${markdownText(finding.message)}`);
    const more = findings.length - lines.length;
    return findings.length === 0 ? '' : `\n**${word}**\n\n${lines.join('\n')}\n${more > 0 ? `- ${more} more\n` : ''}`;
  };
  const left = notChecked.length === 0 ? '' : `; ${plural(notChecked.length, 'earlier finding')} of rules that did not run`;
  return `\n### Compared with ${markdownCode(options.against.name)}\n\n${added.length} new, ${fixed.length} fixed, ${unchanged.length} unchanged${left}\n${list('New', added)}${list('Fixed', fixed)}`;
}

/** At most `maxBytes` of UTF-8 (as long as the head alone fits), ends with a newline. */
export function renderMarkdownWithin(result: RunResult, options: ReportOptions, maxBytes: number): string {
  const head = `## campsite: ${countSentence(result)}\n\n${scopeSentence(result)}\n\n${pillarTable(result)}${comparisonText(result, options)}${markdownRecommendations(result, options)}`;
  const findings = shownFindings(result, options, true)
    .map((finding, at) => ({ finding, at }))
    .sort((a, b) => SEVERITY_RANK[a.finding.severity] - SEVERITY_RANK[b.finding.severity] || a.at - b.at)
    .map(({ finding }) => finding);
  const tail = problemsText(result.problems);
  let room = maxBytes - Buffer.byteLength(head) - Buffer.byteLength(tail) - 100;
  const shown: string[] = [];
  for (const finding of findings) {
    const text = findingText(finding, options.helpUri?.(finding.rule));
    room -= Buffer.byteLength(text);
    if (room < 0) break;
    shown.push(text);
  }
  const more = findings.length - shown.length;
  const list =
    findings.length === 0
      ? ''
      : `\n### Findings\n\n${shown.join('')}${more > 0 ? `- ${plural(more, 'more finding')}, left out for want of room\n` : ''}`;
  return head + list + tail;
}

/** The whole run. */
export function renderMarkdown(result: RunResult, options: ReportOptions): string {
  return renderMarkdownWithin(result, options, Number.POSITIVE_INFINITY);
}

/** For `$GITHUB_STEP_SUMMARY`: without notes unless asked for, and within GitHub's limit. */
export function renderJobSummary(result: RunResult, options: ReportOptions): string {
  return renderMarkdownWithin(result, { ...options, showNotes: options.showNotes ?? false }, SUMMARY_BYTES - SUMMARY_RESERVE);
}
