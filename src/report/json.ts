/**
 * The run result as JSON, whole (`json`) or a record a line (`json-lines`).
 *
 * `json` is the contract itself and can be read back (`campsite merge`, `campsite report --from`). `json-lines` is for streams and `jq`: every
 * record says in `type` what it is, the last one is the `run` without its lists.
 */
import { jsonText } from '../base/escape.ts';
import type { RunResult } from '../findings/finding.ts';
import { canonical } from '../findings/order.ts';
import type { ReportOptions } from './options.ts';

function withoutHiddenNotes(result: RunResult, options: ReportOptions): RunResult {
  if (options.showNotes !== false) return result;
  return { ...result, findings: result.findings.filter((finding) => finding.severity !== 'note') };
}

/** Indented by two, ends with a newline. */
export function renderJson(result: RunResult, options: ReportOptions): string {
  return `${jsonText(canonical(withoutHiddenNotes(result, options)), 2)}\n`;
}

/** Types of records: `finding`, `acquisition`, `problem`, `pillar`, `run`. */
export function renderJsonLines(result: RunResult, options: ReportOptions): string {
  const { findings, ledger, problems, pillars, rules: _, ...run } = withoutHiddenNotes(result, options);
  const records = [
    ...findings.map((finding) => ({ type: 'finding', ...canonical(finding) })),
    ...ledger.map((acquisition) => ({ type: 'acquisition', ...canonical(acquisition) })),
    ...problems.map((problem) => ({ type: 'problem', ...canonical(problem) })),
    ...pillars.map((pillar) => ({ type: 'pillar', ...canonical(pillar) })),
    { type: 'run', ...canonical(run) },
  ];
  return records.map((record) => `${jsonText(record)}\n`).join('');
}
