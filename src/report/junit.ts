/**
 * The findings as JUnit XML, for CI systems that know nothing else.
 *
 * A suite a file, a failed case a finding; a run without findings has one case that passed, because an empty report fails some systems.
 * Notes are left out by default: a failed case turns a pipeline red, which a note must not.
 */
import { markupText } from '../base/escape.ts';
import { plural } from '../base/text.ts';
import type { Finding, RunResult } from '../findings/finding.ts';
import { numberedSteps, placeOf, ruleLabel } from './finding-words.ts';
import { type ReportOptions, shownFindings } from './options.ts';

const PACKAGE = 'org.campsite';

function attributes(pairs: readonly (readonly [string, string | number])[]): string {
  return pairs.map(([name, value]) => ` ${name}="${markupText(String(value))}"`).join('');
}

function failureText(finding: Finding): string {
  const steps = finding.witnesses[0] === undefined ? [] : numberedSteps(finding.witnesses[0]);
  const lines = [
    `${placeOf(finding)}: ${finding.message}`,
    ...steps.map(({ step, number }) => `${number ?? '-'} ${step.path}:${step.line} ${step.message}`),
    ...(finding.fix === undefined ? [] : [`cure: ${finding.fix.title}`]),
  ];
  return lines.map(markupText).join('\n');
}

function testcase(finding: Finding): string {
  const name = `${PACKAGE}.${finding.rule}${finding.test === '' ? '' : ` (${finding.test})`}`;
  const head = attributes([
    ['name', name],
    ['classname', finding.path.replace(/\.[^./]*$/, '')],
    ['line', finding.line],
    ['column', finding.column],
  ]);
  const failure = attributes([
    ['message', finding.message],
    ['type', ruleLabel(finding)],
  ]);
  return `    <testcase${head}>\n      <failure${failure}>${failureText(finding)}</failure>\n    </testcase>\n`;
}

function suite(name: string, cases: readonly string[], failures: number): string {
  const head = attributes([
    ['name', name],
    ['package', PACKAGE],
    ['tests', cases.length],
    ['failures', failures],
    ['errors', 0],
  ]);
  return `  <testsuite${head}>\n${cases.join('')}  </testsuite>\n`;
}

/** UTF-8 XML, ends with a newline. */
export function renderJunit(result: RunResult, options: ReportOptions): string {
  const findings = shownFindings(result, options, false);
  const byPath = groupedByPath(findings);
  const suites =
    findings.length === 0
      ? [
          suite(
            'campsite',
            [
              `    <testcase${attributes([
                ['name', `${PACKAGE}: ${plural(result.invocation.tests, 'test')} looked at`],
                ['classname', 'campsite'],
              ])}/>\n`,
            ],
            0,
          ),
        ]
      : [...byPath].map(([path, these]) => suite(path, these.map(testcase), these.length));
  const head = attributes([
    ['name', 'campsite'],
    ['tests', Math.max(1, findings.length)],
    ['failures', findings.length],
    ['errors', 0],
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${head}>\n${suites.join('')}</testsuites>\n`;
}

function groupedByPath(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.path);
    if (group === undefined) groups.set(finding.path, [finding]);
    else group.push(finding);
  }
  return groups;
}
