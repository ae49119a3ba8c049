/**
 * What is shown of one finding when it is opened?
 *
 * The four answers, then for each of its paths the source with the numbered witness beside the picture of the graph, then the rule's help. One
 * piece of HTML a finding, made when the report is made; the page only puts it in its place. Everything from the project is escaped.
 */
import { markupText } from '../../base/escape.ts';
import { plural } from '../../base/text.ts';
import type { Acquisition, Finding, FlowGraph, RuleInfo, Witness } from '../../findings/finding.ts';
import { cweIds, exitWords } from '../finding-words.ts';
import type { Lines } from '../frame-rows.ts';
import type { Layout } from './layout.ts';
import { drawPicture, graphOf } from './picture.ts';
import { helpHtml } from './rule-help.ts';
import { sourceHtml } from './source.ts';
import { answersOf, PATH_WORDS } from './why.ts';

/** Paths of a finding that are drawn; a fourth says nothing new. */
const SHOWN_WITNESSES = 3;
/** Pixels up to which a picture is legible in half of the page; a wider one stands below the source. */
const BESIDE = 620;

export interface DetailContext {
  readonly linesOf: Lines;
  readonly layout: (graph: FlowGraph) => Layout;
  readonly rule: (id: string) => RuleInfo | undefined;
  readonly entry: (finding: Finding) => Acquisition | undefined;
  readonly helpUri?: (rule: string) => string | undefined;
}

function answersHtml(finding: Finding, context: DetailContext): string {
  const rows = answersOf(finding, context.entry(finding), context.rule(finding.rule)).map(({ question, text }) => {
    const isCode = question === 'Cure' && finding.fix !== undefined;
    return `<div class="qa${question === 'Cure' ? ' cure' : ''}"><dt>${question}</dt><dd>${isCode ? `<code>${markupText(text)}</code>` : markupText(text)}</dd></div>`;
  });
  return `<dl class="answers">${rows.join('')}</dl>`;
}

function editsHtml(finding: Finding): string {
  const edits = finding.fix?.edits ?? [];
  if (edits.length === 0) return '';
  const rows = edits.map((edit) => {
    const lines = edit.text.split('\n').filter((line) => line.trim() !== '');
    return `<div class="ln add"><span class="no">${edit.startLine}</span><code>${lines.map(markupText).join('\n')}</code></div>`;
  });
  return `<div class="file"><div class="path">the cure, in ${markupText(edits[0].path)}</div><div class="code">${rows.join('')}</div></div>`;
}

const LEGEND =
  '<figcaption class="legend"><span class="k way">the path that leaks</span><span class="k dash">an exception</span><span class="k rel">a release</span></figcaption>';

function pathHtml(finding: Finding, witness: Witness, id: string, isOnly: boolean, context: DetailContext): string {
  const graph = graphOf(witness);
  const title = `Control flow of ${graph.function === '' ? finding.test || finding.path : graph.function}`;
  const layout = context.layout(graph);
  const picture = graph.nodes.length === 0 ? '' : drawPicture(witness, graph, layout, id, title);
  const words = `${PATH_WORDS[witness.pathKind]}: ${exitWords(witness, finding.path)}`;
  const heading = isOnly ? '' : `<h4 class="which">${markupText(words)}</h4>`;
  const figure =
    picture === ''
      ? ''
      : `<figure class="picture"><div class="flowbox" tabindex="0" role="group" aria-label="${markupText(title)}">${picture}</div>${LEGEND}</figure>`;
  return `<section class="onepath" data-words="${markupText(words)}">${heading}<div class="pair${picture !== '' && layout.width <= BESIDE ? ' beside' : ''}"><div class="source">${sourceHtml(finding, witness, context.linesOf)}</div>${figure}</div></section>`;
}

/** The HTML of one opened finding; `id` is unique in the page and made of letters and digits. */
export function detailHtml(finding: Finding, id: string, context: DetailContext): string {
  const shown = finding.witnesses.slice(0, SHOWN_WITNESSES);
  const paths =
    shown.length === 0
      ? `<div class="pair"><div class="source">${sourceHtml(finding, undefined, context.linesOf)}</div></div>`
      : shown.map((witness, at) => pathHtml(finding, witness, `${id}w${at}`, shown.length === 1, context)).join('');
  const more = finding.witnesses.length - shown.length;
  const rule = context.rule(finding.rule);
  const uri = context.helpUri?.(finding.rule);
  const link = uri === undefined ? '' : ` <a href="${markupText(encodeURI(uri))}" rel="noreferrer">the rule's page</a>`;
  const help =
    rule === undefined
      ? ''
      : `<details class="help"><summary>${markupText(rule.id)}: ${markupText(rule.title)}</summary>${helpHtml(rule.help)}${link}</details>`;
  const suppressed =
    finding.suppressed === undefined
      ? ''
      : `<p class="aside">Suppressed (${finding.suppressed.kind}): ${markupText(finding.suppressed.reason || 'no reason given')}</p>`;
  return (
    answersHtml(finding, context) +
    suppressed +
    `<div class="paths">${paths}</div>` +
    (more > 0
      ? `<p class="aside">${plural(more, 'further path')} ${more === 1 ? 'leaks' : 'leak'} too; the JSON has ${more === 1 ? 'it' : 'them'}.</p>`
      : '') +
    editsHtml(finding) +
    help +
    `<p class="aside">${markupText(cweIds(finding).join(', '))} · fingerprint ${markupText(finding.fingerprint)}</p>`
  );
}
