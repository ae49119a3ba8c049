/**
 * How is the source shown beside a picture, with the numbered witness in it?
 *
 * For every file of the witness the lines around its steps (the whole function where it is short), each step's words under its line. Lines on the
 * path have a stripe, so that what is skipped is seen. Without the source at hand the steps are listed. Everything is escaped.
 */
import { markupText } from '../../base/escape.ts';
import { plural } from '../../base/text.ts';
import type { Finding, FlowGraph, Step, Witness } from '../../findings/finding.ts';
import { numberedSteps } from '../finding-words.ts';
import type { Lines } from '../frame-rows.ts';
import { pythonTokens } from './python-tokens.ts';

/** A function of up to this many lines is shown whole. */
const WHOLE_FUNCTION = 45;
/** Lines around a step otherwise. */
const AROUND = 3;
/** Lines of one file at most; with more the path is told by the steps alone. */
const MAX_LINES = 120;
/** A longer line is cut: it is data. */
const LONGEST_LINE = 300;
const TAB = '    ';

interface Note {
  readonly number: number | undefined;
  readonly kind: Step['kind'];
  readonly message: string;
}

interface FileView {
  readonly path: string;
  readonly notes: Map<number, Note[]>;
  readonly wanted: Set<number>;
}

/** The witness's files in the order in which the path comes to them. */
function filesOf(witness: Witness, finding: Finding): FileView[] {
  const files = new Map<string, FileView>();
  let previous: { readonly path: string; readonly line: number; readonly kind: Step['kind'] } | undefined;
  for (const { step, number } of numberedSteps(witness)) {
    // Where an exception leaves, the path ends at what raised, not at the function's last line.
    const at = step.kind !== 'exit' ? step : (lostAt(witness) ?? (previous?.kind === 'raise' ? previous : step));
    let file = files.get(at.path);
    if (file === undefined) files.set(at.path, (file = { path: at.path, notes: new Map(), wanted: new Set() }));
    file.wanted.add(at.line);
    file.notes.set(at.line, [...(file.notes.get(at.line) ?? []), { number, kind: step.kind, message: step.message }]);
    if (number !== undefined) previous = step;
  }
  if (files.size === 0)
    files.set(finding.path, {
      path: finding.path,
      notes: new Map([[finding.line, [{ number: undefined, kind: 'use', message: finding.message }]]]),
      wanted: new Set([finding.line]),
    });
  return [...files.values()];
}

/** Where the last name of the resource is given another value, if the path ends so. */
export function lostAt(witness: Witness): { readonly path: string; readonly line: number } | undefined {
  const { graph } = witness;
  const last = graph?.nodes[graph.way[graph.way.length - 1] ?? -1];
  return graph === undefined || last?.kind !== 'lost' ? undefined : { path: graph.path, line: last.endLine };
}

const DEF = /^(\s*)(?:async\s+def|def|class)\b/;

/** The lines of the `def` that encloses a line, judged by indentation; undefined at module level. */
function definitionOf(lines: readonly string[], line: number): number | undefined {
  const indentOf = (text: string): number => text.length - text.trimStart().length;
  let indent = indentOf(lines[line - 1] ?? '');
  for (let at = line; at >= 1; at--) {
    const text = lines[at - 1];
    if (text.trim() === '') continue;
    if (DEF.test(text) && (indentOf(text) < indent || at === line)) return at;
    indent = Math.min(indent, indentOf(text));
    if (indent === 0 && at < line) return undefined;
  }
  return undefined;
}

/** Which lines of a file are shown, in order. */
function shownLines(file: FileView, lines: readonly string[], graph: FlowGraph | undefined): number[] {
  const shown = new Set<number>();
  const marked = [...file.wanted].filter((line) => line >= 1 && line <= lines.length);
  for (const line of marked) {
    const def = definitionOf(lines, line);
    if (def !== undefined) shown.add(def);
    for (let at = Math.max(1, line - AROUND); at <= Math.min(lines.length, line + AROUND); at++) if (def === undefined || at >= def) shown.add(at);
  }
  if (graph !== undefined && graph.path === file.path) {
    const all = graph.nodes.flatMap((node) => (node.line === 0 ? [] : [node.line, node.endLine])).concat(marked);
    const [from, to] = [Math.min(...all), Math.min(lines.length, Math.max(...all))];
    if (to - from < WHOLE_FUNCTION) for (let at = from; at <= to; at++) shown.add(at);
    // The way back to earlier code is no way forward in the text; only what lies between is.
    for (const id of graph.way) for (const at of [graph.nodes[id].line]) if (at > 0 && at <= lines.length) shown.add(at);
  }
  const ordered = [...shown].sort((a, b) => a - b).slice(0, MAX_LINES);
  // No blank lines at the end, nor before a gap.
  return ordered.filter(
    (line, at) => lines[line - 1].trim() !== '' || ordered.slice(at + 1).some((next, i) => next === line + 1 + i && lines[next - 1].trim() !== ''),
  );
}

function coloured(text: string): string {
  const cut = text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text;
  return pythonTokens(cut.replaceAll('\t', TAB).trimEnd())
    .map(({ kind, text: piece }) => (kind === undefined ? markupText(piece) : `<span class="t-${kind}">${markupText(piece)}</span>`))
    .join('');
}

function noteRow(note: Note): string {
  const skipped = note.number === undefined;
  const number = skipped ? '<span class="num skip" aria-hidden="true">–</span>' : `<span class="num">${note.number}</span>`;
  return `<div class="note ${skipped ? 'skipped' : note.kind}">${number}<span>${markupText(note.message)}</span></div>`;
}

function codeRows(file: FileView, lines: readonly string[], graph: FlowGraph | undefined): string {
  const onWay = new Set<number>();
  if (graph?.path === file.path)
    for (const id of graph.way) for (let at = graph.nodes[id].line; at > 0 && at <= graph.nodes[id].endLine; at++) onWay.add(at);
  const shown = shownLines(file, lines, graph);
  const indents = shown.flatMap((line) => (lines[line - 1].trim() === '' ? [] : [lines[line - 1].replaceAll('\t', TAB).search(/\S/)]));
  const dedent = Math.min(...indents, 1000);
  let previous = shown[0] ?? 0;
  return shown
    .map((line) => {
      const gap = line > previous + 1 ? `<div class="gap">${plural(line - previous - 1, 'line')}</div>` : '';
      previous = line;
      const notes = file.notes.get(line) ?? [];
      const classes = ['ln', ...(notes.length > 0 ? ['hit'] : []), ...(onWay.has(line) || notes.some((n) => n.number !== undefined) ? ['way'] : [])];
      const text = lines[line - 1].replaceAll('\t', TAB).slice(dedent);
      return `${gap}<div class="${classes.join(' ')}"><span class="no">${line}</span><code>${coloured(text)}</code></div>${notes.map(noteRow).join('')}`;
    })
    .join('');
}

function listedRows(file: FileView): string {
  return [...file.notes]
    .map(([line, notes]) => `<div class="ln way"><span class="no">${line}</span><code></code></div>${notes.map(noteRow).join('')}`)
    .join('');
}

/** The source of one witness, or of the finding's place where it has none. */
export function sourceHtml(finding: Finding, witness: Witness | undefined, linesOf: Lines): string {
  const steps: Witness = witness ?? { pathKind: 'normal', steps: [] };
  return filesOf(steps, finding)
    .map((file) => {
      const lines = linesOf(file.path);
      const rows = lines === undefined ? listedRows(file) : codeRows(file, lines, steps.graph);
      return `<div class="file"><div class="path">${markupText(file.path)}</div><div class="code" role="group" aria-label="${markupText(file.path)}" tabindex="0">${rows}</div></div>`;
    })
    .join('');
}
