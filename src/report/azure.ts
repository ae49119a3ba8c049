/**
 * Logging commands of Azure Pipelines, which shows them as issues of the build.
 *
 * There are only errors and warnings: notes, where they are wanted, become warnings.
 */
import { visible, visibleLines } from '../base/escape.ts';
import type { Finding, RunResult } from '../findings/finding.ts';
import { type ReportOptions, shownFindings } from './options.ts';

/** The value of a property: what would end it is escaped as the agent reads it back. */
export function azureProperty(text: string): string {
  return text.replace(/%/g, '%AZP25').replace(/;/g, '%3B').replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/\]/g, '%5D');
}

/** The text behind a command. */
export function azureData(text: string): string {
  return text.replace(/%/g, '%AZP25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function issue(finding: Finding): string {
  const properties = [
    ['type', finding.severity === 'error' ? 'error' : 'warning'],
    ['sourcepath', visibleLines(finding.path)],
    ['linenumber', String(finding.line)],
    ['columnnumber', String(finding.column)],
    ['code', visible(finding.rule)],
  ];
  const list = properties.map(([name, value]) => `${name}=${azureProperty(value)};`).join('');
  return `##vso[task.logissue ${list}]${azureData(visible(finding.message))}\n`;
}

/** A line a finding, each ending with a newline. */
export function renderAzure(result: RunResult, options: ReportOptions): string {
  return shownFindings(result, options, false).map(issue).join('');
}
