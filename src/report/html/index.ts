/**
 * The cleanup report: one HTML file that answers how clean the tests are, where it is worst, what leaks and why.
 *
 * Self-contained: the page's own policy forbids every request and every script and style but these two (by their hashes), so that text of the
 * project that got through the escaping could still do nothing. Static without a script: summary, pillars, hot spots; with it: the list of findings
 * and the ledger. Pure: needs `sources` for excerpts and runs made with `graphs` for pictures, and says what it can without.
 */
import { createHash } from 'node:crypto';
import { jsonText, markupText } from '../../base/escape.ts';
import { compareRuns } from '../../findings/compare.ts';
import type { RunResult } from '../../findings/finding.ts';
import { linesReader } from '../full.ts';
import type { ReportOptions } from '../options.ts';
import { countSentence, scopeSentence } from '../summary.ts';
import { detailHtml } from './detail.ts';
import { hotSpotsHtml } from './hot-spots.ts';
import { newLayouter } from './layout.ts';
import { overviewHtml, pillarsHtml, problemsHtml } from './overview.ts';
import { packed, pageData, pageFindings, placeKey } from './page-data.ts';
import { SCRIPT_LISTS } from './script-lists.ts';
import { SCRIPT_START } from './script-start.ts';
import { SCRIPT_STATE } from './script-state.ts';
import { STYLE } from './style.ts';

const SCRIPT = `'use strict';\n${SCRIPT_STATE}${SCRIPT_LISTS}${SCRIPT_START}`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const POLICY = `default-src 'none'; script-src ${hashOf(SCRIPT)}; style-src ${hashOf(STYLE)}; img-src data:; base-uri 'none'; form-action 'none'`;

const TENT = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 20 12 4l9 16zM12 20v-6M9 20l3-6 3 6"/></svg>';
const ICON = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#1b6848" stroke-width="2" stroke-linejoin="round"><path d="M3 20 12 4l9 16zM9 20l3-6 3 6"/></svg>')}`;

const select = (name: string, label: string): string => `<label>${label}<select name="${name}"></select></label>`;
const sortable = (name: string, label: string): string => `<th scope="col"><button type="button" data-sort="${name}">${label}</button></th>`;

function filters(prefix: string, placeholder: string, selects: string): string {
  return (
    `<form class="filters" id="${prefix}-filters" role="search"><label class="search">search<input type="search" name="q" placeholder="${placeholder}" autocomplete="off" spellcheck="false"></label>${selects}<button type="reset" class="btn">Reset</button></form>` +
    `<p class="count" id="${prefix}-count" role="status" aria-live="polite"></p>`
  );
}

function findingsSection(): string {
  const sort =
    '<label>order<select name="sort"><option value="">worst first</option><option value="path">by file</option><option value="rule">by rule</option><option value="tests">by tests</option></select></label>';
  const selects = [
    select('severity', 'severity'),
    select('reach', 'felt by'),
    select('path', 'path'),
    select('rule', 'rule'),
    select('pillar', 'pillar'),
    select('kind', 'kind'),
    select('since', 'change'),
    select('state', 'state'),
  ].join('');
  return `<section id="findings" class="card"><h2>Findings</h2>${filters('f', 'message, file, test, rule', selects + sort)}<ol id="finding-list"></ol><button type="button" class="btn more" id="f-more" hidden></button></section>`;
}

function ledgerSection(): string {
  const selects = [select('status', 'status'), select('reach', 'felt by'), select('kind', 'kind'), select('owner', 'owner')].join('');
  const heads = [
    sortable('status', 'Status'),
    sortable('kind', 'Kind'),
    sortable('where', 'Where'),
    sortable('in', 'In'),
    sortable('owner', 'Owner'),
    sortable('releases', 'Released by'),
  ].join('');
  return `<section id="ledger" class="card"><h2>Ledger of acquisitions</h2><p class="hint">Everything the tests acquire, who answers for it, and how it ends.</p>${filters('l', 'file, test, kind, owner', selects)}<table class="rows"><caption class="sr">Acquisitions</caption><thead><tr>${heads}</tr></thead><tbody id="ledger-rows"></tbody></table><button type="button" class="btn more" id="l-more" hidden></button></section>`;
}

/** The page as one HTML text, ending with a newline. */
export function renderHtml(result: RunResult, options: ReportOptions): string {
  const comparison = options.against === undefined ? undefined : compareRuns(result, options.against.result);
  const against = comparison === undefined || options.against === undefined ? undefined : { comparison, name: options.against.name };
  const findings = pageFindings(
    options.showNotes === false ? { ...result, findings: result.findings.filter((finding) => finding.severity !== 'note') } : result,
    comparison,
  );
  const rules = new Map([...(options.against?.result.rules ?? []), ...result.rules].map((rule) => [rule.id, rule]));
  const entries = new Map(result.ledger.map((entry) => [placeKey(entry, entry.kind), entry]));
  const context = {
    linesOf: linesReader(options),
    layout: newLayouter(),
    rule: (id: string) => rules.get(id),
    helpUri: options.helpUri,
    entry: (finding: RunResult['findings'][number]) =>
      finding.resource === undefined ? undefined : entries.get(placeKey(finding, finding.resource.kind)),
  };
  // A fixed finding's lines are those of the earlier run: today's source would show others.
  const old = { ...context, linesOf: () => undefined };
  const pieces = packed(findings.map(({ finding, since }, at) => detailHtml(finding, `d${at}`, since === 'fixed' ? old : context)));
  const title = `campsite: ${countSentence(result)}`;
  const hotSpots = hotSpotsHtml(result);
  const links = [
    ['summary', 'Summary'],
    ['pillars', 'Pillars'],
    ...(hotSpots === '' ? [] : [['hot-spots', 'Hot spots']]),
    ['findings', 'Findings'],
    ['ledger', 'Ledger'],
  ];
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<meta name="generator" content="campsite ${markupText(result.tool.version)}">`,
    `<link rel="icon" href="${ICON}">`,
    `<title>${markupText(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<a class="skiplink" href="#findings">Skip to the findings</a>',
    `<header class="top"><div class="bar-in"><a class="brand" href="#summary" aria-label="campsite, to the summary">${TENT}<span>campsite</span></a><nav aria-label="sections">${links.map(([id, name]) => `<a href="#${id}">${name}</a>`).join('')}</nav><button type="button" class="btn" id="theme" hidden></button></div></header>`,
    '<main>',
    overviewHtml(result, against),
    pillarsHtml(result),
    hotSpots,
    '<noscript><p class="card">The findings and the ledger are listed by a script in this file, which is switched off. <code>campsite report --format markdown</code> says the same as text.</p></noscript>',
    findingsSection(),
    ledgerSection(),
    problemsHtml(result),
    '</main>',
    `<footer>${markupText(scopeSentence(result))} · Leave every test the way you found it.</footer>`,
    `<script type="application/json" id="data">${jsonText(pageData(result, findings)).replaceAll('<', '\\u003c')}</script>`,
    ...pieces.map((piece, at) => `<script type="text/plain" id="piece-${at}">${piece}</script>`),
    `<script>${SCRIPT}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
