/**
 * How does a run end: one line of numbers, and the table of the ten pillars?
 *
 * The line counts what somebody should look at; suppressed and known findings are named, notes are counted apart because they are not
 * printed and do not turn the exit code.
 */
import { visible } from '../base/escape.ts';
import { padLeft, padRight, plural, textWidth } from '../base/text.ts';
import type { Acquisition, PillarVerdict, RunResult, Status } from '../findings/finding.ts';
import { isActive, PILLARS } from '../findings/pillars.ts';
import { joinWords } from './finding-words.ts';
import type { ReportOptions } from './options.ts';
import { paintFor } from './paint.ts';
import { renderRecommendations } from './recommendations.ts';

/** "0.8 s", "42 s", "3 min 5 s". */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** "7 findings", "2 notes", "clean", "not checked": what is said of a pillar in one cell. */
export function verdictWords(verdict: PillarVerdict, result: RunResult): string {
  if (verdict.verdict === 'clean') return 'clean';
  if (verdict.verdict === 'not-applicable') return 'not applicable';
  if (verdict.verdict === 'not-checked') return 'not checked';
  const notes = result.findings.filter((finding) => finding.pillar === verdict.name && finding.severity === 'note' && isActive(finding)).length;
  const others = verdict.findings - notes;
  const parts = [...(others > 0 ? [plural(others, 'finding')] : []), ...(notes > 0 ? [plural(notes, 'note')] : [])];
  return parts.join(', ');
}

/** One row a pillar: id, name, verdict, how many rules and how many places they looked at. */
export function pillarRows(result: RunResult): { readonly verdict: PillarVerdict; readonly cells: readonly string[] }[] {
  return PILLARS.flatMap((pillar) => result.pillars.filter((verdict) => verdict.name === pillar.name)).map((verdict) => ({
    verdict,
    cells: [
      verdict.cwe,
      verdict.name,
      verdictWords(verdict, result),
      verdict.rulesRun.length === 0 ? '' : plural(verdict.rulesRun.length, 'rule'),
      verdict.rulesRun.length === 0 ? '' : `${plural(verdict.sitesChecked, 'place')} checked`,
    ],
  }));
}

/** The table of pillars, indented by two, one line each; '' where the result has none. */
export function renderPillarTable(result: RunResult, options: ReportOptions): string {
  const paint = paintFor(options.color ?? false);
  const rows = pillarRows(result);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(0, ...rows.map(({ cells }) => textWidth(cells[column]))));
  return rows
    .map(({ verdict, cells }) => {
      const brush = verdict.verdict === 'findings' ? paint.alarm : verdict.verdict === 'clean' ? paint.good : paint.quiet;
      const line = [
        padRight(cells[0], widths[0]),
        `${padRight(cells[1], widths[1])} `,
        `${brush(padRight(cells[2], widths[2]))} `,
        `${padLeft(cells[3], widths[3])} `,
        padLeft(cells[4], widths[4]),
      ].join(' ');
      return `  ${line.trimEnd()}\n`;
    })
    .join('');
}

const STATUS_ORDER: readonly Status[] = ['released', 'managed', 'transferred', 'escaped', 'leaks'];

/** "151 acquisitions: 115 released, 22 managed, 4 transferred, 1 escaped, 9 leak (3 remote)"; statuses that do not occur are left out. */
export function ledgerSentence(ledger: readonly Acquisition[]): string {
  const parts = STATUS_ORDER.flatMap((status) => {
    const these = ledger.filter((acquisition) => acquisition.status === status);
    if (these.length === 0) return [];
    if (status !== 'leaks') return [`${these.length} ${status}`];
    const remote = these.filter((acquisition) => acquisition.reach === 'remote').length;
    return [`${these.length} ${these.length === 1 ? 'leaks' : 'leak'}${remote > 0 ? ` (${remote} remote)` : ''}`];
  });
  return `${plural(ledger.length, 'acquisition')}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

/** "412 tests in 37 files · 151 acquisitions: … · 0.8 s". */
export function scopeSentence(result: RunResult): string {
  const { tests, files, durationMs } = result.invocation;
  return `${plural(tests, 'test')} in ${plural(files, 'file')} · ${ledgerSentence(result.ledger)} · ${duration(durationMs)}`;
}

/** "9 findings (2 errors, 7 warnings); 3 notes, 1 suppressed, 4 known from before", or that there are none. */
export function countSentence(result: RunResult): string {
  const active = result.findings.filter(isActive);
  const by = (severity: string): number => active.filter((finding) => finding.severity === severity).length;
  const [errors, warnings, notes] = [by('error'), by('warning'), by('note')];
  const known = result.findings.filter((finding) => finding.baseline === 'known').length;
  const suppressed = result.findings.filter((finding) => finding.suppressed !== undefined && finding.baseline !== 'known').length;
  const kinds = joinWords([...(errors > 0 ? [plural(errors, 'error')] : []), ...(warnings > 0 ? [plural(warnings, 'warning')] : [])]);
  const asides = [
    ...(notes > 0 ? [plural(notes, 'note')] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
    ...(known > 0 ? [`${known} known from before`] : []),
  ];
  const head = errors + warnings === 0 ? 'no findings' : `${plural(errors + warnings, 'finding')} (${kinds})`;
  return asides.length === 0 ? head : `${head}; ${asides.join(', ')}`;
}

/** Problems named one by one; generated code can make thousands of the same kind. */
const MAX_PROBLEMS = 200;

/** The problems of the run, a line each: what could not be read or was cut off is never dropped in silence. */
export function renderProblems(result: RunResult, options: ReportOptions): string {
  const paint = paintFor(options.color ?? false);
  const more = result.problems.length - MAX_PROBLEMS;
  const rest = more > 0 ? `${paint.severity('warning', 'problem')}  ${more} more; --output-format json has them all\n` : '';
  return `${result.problems
    .slice(0, MAX_PROBLEMS)
    .map((problem) => {
      const place = problem.path === '' ? '' : `${visible(`${problem.path}${problem.line === undefined ? '' : `:${problem.line}`}`)}  `;
      return `${paint.place(place)}${paint.severity('warning', 'problem')}  ${visible(problem.message)} (${problem.kind})\n`;
    })
    .join('')}${rest}`;
}

/** The end of a run: with `statistics` the pillars, then what was found and what was looked at. */
export function renderSummary(result: RunResult, options: ReportOptions): string {
  const paint = paintFor(options.color ?? false);
  const table =
    options.statistics === true
      ? [renderPillarTable(result, options), renderRecommendations(result, options)].filter((part) => part !== '').join('\n')
      : '';
  const clean = result.findings.every((finding) => !isActive(finding) || finding.severity === 'note');
  const counts = clean ? paint.good(countSentence(result)) : paint.headline(countSentence(result));
  return `${table}${table === '' ? '' : '\n'}  ${counts}\n  ${scopeSentence(result)}\n`;
}
