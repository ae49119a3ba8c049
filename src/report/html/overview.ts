/**
 * How clean are the tests, at a glance: the headline, the bar of the ledger, leaks by reach and path, the ten pillars.
 *
 * Static HTML, readable without scripts. Cells and names that lead to a filtered list are links with a fragment (`#f.reach=remote`), which
 * the page's script understands. Counts are of active findings; the ledger's are of acquisitions.
 */
import { markupText } from '../../base/escape.ts';
import { plural } from '../../base/text.ts';
import type { Comparison } from '../../findings/compare.ts';
import type { PathKind, PillarVerdict, Reach, RunResult, Status } from '../../findings/finding.ts';
import { isActive, pillarNamed } from '../../findings/pillars.ts';
import { duration, pillarRows } from '../summary.ts';

export const REACHES: readonly Reach[] = ['remote', 'host', 'process', 'object'];
export const PATH_KINDS: readonly PathKind[] = ['normal', 'failure', 'setup-failure', 'teardown-failure'];
export const STATUSES: readonly Status[] = ['leaks', 'escaped', 'transferred', 'managed', 'released'];

const REACH_NOTES: Readonly<Record<Reach, string>> = {
  remote: 'someone pays',
  host: 'files, processes, ports stay',
  process: 'later tests feel it',
  object: 'a ResourceWarning',
};
const PATH_HEADS: Readonly<Record<PathKind, string>> = {
  normal: 'even when tests pass',
  failure: 'when a test fails',
  'setup-failure': 'when a setup fails',
  'teardown-failure': 'when a teardown fails',
};
const STATUS_NOTES: Readonly<Record<Status, string>> = {
  leaks: 'held at the end of some path',
  escaped: 'lost sight of',
  transferred: 'handed on',
  managed: 'a with, a cleanup, an owner',
  released: 'released by hand',
};

/** 12345 → "12,345", the same on every machine. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

function headline(result: RunResult): string {
  const all = result.ledger.length;
  const leaking = result.ledger.filter((entry) => entry.status === 'leaks');
  if (all === 0) return 'No acquisition was found in these tests.';
  if (leaking.length === 0) return `All <strong>${grouped(all)}</strong> acquisitions are given back on every path.`;
  const always = leaking.filter((entry) => entry.leaks.includes('normal')).length;
  const remote = leaking.filter((entry) => entry.reach === 'remote').length;
  const tail = [
    always > 0 ? `<strong>${grouped(always)}</strong> of them even when the test passes` : 'none of them when the test passes',
    ...(remote > 0 ? [`${grouped(remote)} in remote services`] : []),
  ];
  return `<strong class="bad">${grouped(leaking.length)}</strong> of ${grouped(all)} acquisitions leak on some path, ${tail.join(', ')}.`;
}

function ledgerBar(result: RunResult): string {
  const all = result.ledger.length;
  if (all === 0) return '';
  const counts = STATUSES.map((status) => ({ status, count: result.ledger.filter((entry) => entry.status === status).length })).filter(
    ({ count }) => count > 0,
  );
  let x = 0;
  const parts = counts.map(({ status, count }) => {
    const width = (count / all) * 100;
    const rect = `<rect class="s-${status}" x="${x.toFixed(3)}%" width="${Math.max(width, 0.2).toFixed(3)}%" height="100%"><title>${grouped(count)} ${status}</title></rect>`;
    x += width;
    return rect;
  });
  const legend = counts.map(
    ({ status, count }) =>
      `<li><a href="#l.status=${status}"><span class="dot s-${status}"></span><b>${grouped(count)}</b> ${status}<small>${STATUS_NOTES[status]}</small></a></li>`,
  );
  const words = counts.map(({ status, count }) => `${count} ${status}`).join(', ');
  return `<svg class="bar tall" role="img" aria-label="${grouped(all)} acquisitions: ${words}" width="100%" height="18">${parts.join('')}</svg><ul class="legendlist">${legend.join('')}</ul>`;
}

/** One of five shades, so that a full column does not drown the others. */
function shade(count: number, most: number): string {
  return count === 0 ? '' : ` h${Math.max(1, Math.ceil(Math.sqrt(count / most) * 5))}`;
}

function reachTable(result: RunResult): string {
  const leaks = result.findings.filter((finding) => isActive(finding) && finding.resource !== undefined && finding.pathKind !== undefined);
  if (leaks.length === 0) return '';
  const count = (reach: Reach | undefined, kind: PathKind | undefined): number =>
    leaks.filter((finding) => (reach === undefined || finding.resource?.reach === reach) && (kind === undefined || finding.pathKind === kind)).length;
  const most = Math.max(...REACHES.flatMap((reach) => PATH_KINDS.map((kind) => count(reach, kind))));
  const cell = (reach: Reach | undefined, kind: PathKind | undefined): string => {
    const n = count(reach, kind);
    const query = [...(reach === undefined ? [] : [`f.reach=${reach}`]), ...(kind === undefined ? [] : [`f.path=${kind}`])].join('&amp;');
    const isSum = reach === undefined || kind === undefined;
    return `<td class="${isSum ? 'sum' : `cell${shade(n, most)}`}">${n === 0 ? '<span class="none">0</span>' : `<a href="#${query === '' ? 'findings' : query}">${grouped(n)}</a>`}</td>`;
  };
  const head = PATH_KINDS.map((kind) => `<th scope="col">${PATH_HEADS[kind]}</th>`).join('');
  const rows = REACHES.map(
    (reach) =>
      `<tr><th scope="row"><span class="dot r-${reach}"></span>${reach}<small>${REACH_NOTES[reach]}</small></th>${PATH_KINDS.map((kind) => cell(reach, kind)).join('')}${cell(reach, undefined)}</tr>`,
  );
  return (
    '<h3>What stays behind, and when</h3><div class="scroll" tabindex="0" role="group" aria-label="leaks by reach and path">' +
    `<table class="reach"><caption class="sr">Leaks by how far they are felt and on which path they happen</caption><thead><tr><th scope="col">felt by</th>${head}<th scope="col">all</th></tr></thead>` +
    `<tbody>${rows.join('')}</tbody><tfoot><tr><th scope="row">all</th>${PATH_KINDS.map((kind) => cell(undefined, kind)).join('')}${cell(undefined, undefined)}</tr></tfoot></table></div>`
  );
}

const VERDICT_MARK: Readonly<Record<PillarVerdict['verdict'], string>> = { findings: '●', clean: '✓', 'not-applicable': '–', 'not-checked': '?' };

/** The ten pillars of CWE-1000, each with what the run can say of it. */
export function pillarsHtml(result: RunResult): string {
  const rows = pillarRows(result).map(({ verdict, cells: [, , words, rules, places] }) => {
    const { title } = pillarNamed(verdict.name);
    const shown = `<span class="verdict v-${verdict.verdict}"><span aria-hidden="true">${VERDICT_MARK[verdict.verdict]}</span> ${markupText(words)}</span>`;
    return `<tr><th scope="row"><b>${verdict.name}</b><small>${verdict.cwe} ${title}</small></th><td>${verdict.findings > 0 ? `<a href="#f.pillar=${verdict.name}">${shown}</a>` : shown}</td><td>${rules}</td><td>${places}</td></tr>`;
  });
  if (rows.length === 0) return '';
  return `<section id="pillars" class="card"><h2>The ten pillars</h2><p class="hint">“Clean” is said only where a rule found something to look at.</p><table class="pillars"><caption class="sr">Verdict for each pillar of CWE-1000</caption><thead><tr><th scope="col">pillar</th><th scope="col">verdict</th><th scope="col">rules</th><th scope="col">looked at</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`;
}

function comparisonHtml(comparison: Comparison, name: string): string {
  const tile = (count: number, word: string, query: string): string =>
    `<li class="c-${word}"><a href="#f.since=${query}"><b>${grouped(count)}</b> ${word}</a></li>`;
  const left =
    comparison.notChecked.length === 0
      ? ''
      : `<p class="hint">${plural(comparison.notChecked.length, 'earlier finding')} of rules that did not run this time.</p>`;
  return `<div class="against"><h3>Compared with ${markupText(name)}</h3><ul class="tiles">${tile(comparison.added.length, 'new', 'new')}${tile(comparison.fixed.length, 'fixed', 'fixed')}${tile(comparison.unchanged.length, 'unchanged', 'unchanged')}</ul>${left}</div>`;
}

/** The first card: title, headline, bar, table. */
export function overviewHtml(result: RunResult, against?: { readonly comparison: Comparison; readonly name: string }): string {
  const { paths, tests, files, lines, startedAt, durationMs } = result.invocation;
  const facts = [
    `${grouped(tests)} ${tests === 1 ? 'test' : 'tests'}`,
    `${grouped(files)} ${files === 1 ? 'file' : 'files'}`,
    `${grouped(lines)} lines`,
    markupText(startedAt.replace(/T(\d\d:\d\d).*$/, ' $1 UTC')),
    duration(durationMs),
    `campsite ${markupText(result.tool.version)}`,
  ];
  const known = result.findings.filter((finding) => !isActive(finding)).length;
  return (
    `<section id="summary" class="card hero"><p class="where">${paths.length === 0 ? 'cleanup report' : `cleanup report for ${paths.map((path) => `<code>${markupText(path)}</code>`).join(' ')}`}</p>` +
    `<h1>${headline(result)}</h1><p class="facts">${facts.join(' · ')}${known > 0 ? ` · <a href="#f.state=suppressed">${grouped(known)} suppressed or known</a>` : ''}</p>` +
    ledgerBar(result) +
    (against === undefined ? '' : comparisonHtml(against.comparison, against.name)) +
    reachTable(result) +
    '</section>'
  );
}

/** Problems beyond this are counted. */
const PROBLEMS = 100;

/** What could not be read or was cut off; '' where nothing was. */
export function problemsHtml(result: RunResult): string {
  const { problems } = result;
  if (problems.length === 0) return '';
  const rows = problems
    .slice(0, PROBLEMS)
    .map(
      ({ path, line, message, kind }) =>
        `<li>${path === '' ? '' : `<code>${markupText(`${path}${line === undefined ? '' : `:${line}`}`)}</code> `}${markupText(message)} <small>${kind}</small></li>`,
    );
  const more = problems.length - rows.length;
  return `<section id="problems" class="card"><details><summary><h2>${plural(problems.length, 'problem')} with the input</h2></summary><ul class="problems">${rows.join('')}${more > 0 ? `<li>${grouped(more)} more</li>` : ''}</ul></details></section>`;
}
