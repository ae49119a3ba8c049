/**
 * How is a control-flow graph drawn with the leaking path through it, as SVG?
 *
 * The path is thick and coloured and its steps carry the numbers of the witness; everything else is thin. Edges of exceptions are dashed. What
 * the picture shows is said in `<desc>` too. A witness without a graph (an older run, a rule that has none) is drawn as the chain of its
 * steps. All text is escaped; colours come from the page's style by class, so the same picture serves light, dark and print.
 */
import { markupText } from '../../base/escape.ts';
import { cutText } from '../../base/text.ts';
import type { FlowEdgeKind, FlowGraph, FlowNode, Witness } from '../../findings/finding.ts';
import { numberedSteps } from '../finding-words.ts';
import { type Layout, NODE_HEIGHT, NODE_WIDTH, type Point } from './layout.ts';

/** Cells of the node's monospaced text, line number included. */
const LABEL_CELLS = 36;

const EDGE_WORDS: Readonly<Record<FlowEdgeKind, string>> = {
  next: '',
  true: 'true',
  false: 'false',
  raise: 'raises',
  catch: 'caught',
  uncaught: 'goes on',
  swallow: 'swallowed',
  forward: 'goes on',
};

const DASHED: ReadonlySet<FlowEdgeKind> = new Set(['raise', 'uncaught', 'forward']);

/** The witness's own graph, or a chain of its steps. */
export function graphOf(witness: Witness): FlowGraph {
  if (witness.graph !== undefined) return witness.graph;
  const steps = numberedSteps(witness).filter(({ number }) => number !== undefined);
  const kinds = {
    acquire: 'acquire',
    raise: 'raise',
    branch: 'branch',
    release: 'release',
    exit: witness.pathKind === 'normal' ? 'exit' : 'raised-exit',
    call: 'step',
    register: 'step',
    use: 'step',
  } as const;
  const nodes = steps.map(
    ({ step }): FlowNode => ({ kind: kinds[step.kind], line: step.kind === 'exit' ? 0 : step.line, endLine: step.line, label: step.message }),
  );
  const edges = steps.slice(1).map(({ step }, at) => ({
    from: at,
    to: at + 1,
    kind: steps[at].step.kind === 'raise' && step.kind !== 'raise' ? ('raise' as const) : ('next' as const),
  }));
  return { path: witness.steps[0]?.path ?? '', function: '', nodes, edges, way: steps.map((_, at) => at) };
}

/** For each node the numbers of the witness's steps that happen in it. */
export function stepNumbers(graph: FlowGraph, witness: Witness): ReadonlyMap<number, readonly number[]> {
  const numbers = new Map<number, number[]>();
  const put = (id: number, number: number): void => {
    numbers.set(id, [...(numbers.get(id) ?? []), number]);
  };
  if (witness.graph === undefined) {
    graph.way.forEach((id, at) => {
      put(id, at + 1);
    });
    return numbers;
  }
  let at = 0;
  for (const { step, number } of numberedSteps(witness)) {
    if (number === undefined) continue;
    if (step.kind === 'exit') {
      put(graph.way[graph.way.length - 1] ?? 0, number);
      continue;
    }
    if (step.path !== graph.path) continue;
    const holds = (id: number): boolean => graph.nodes[id].line <= step.line && step.line <= graph.nodes[id].endLine;
    const isSame = (id: number): boolean => graph.nodes[id].kind === step.kind;
    const exact = graph.way.findIndex((id, index) => index >= at && holds(id) && isSame(id));
    const found = exact >= 0 ? exact : graph.way.findIndex((id, index) => index >= at && holds(id));
    if (found < 0) continue;
    at = found;
    put(graph.way[found], number);
  }
  return numbers;
}

/** "42 server = create(), 44 assert, raises": the path of the picture in words. */
function pathInWords(graph: FlowGraph): string {
  const words = graph.way.map((id) => {
    const { line, endLine, label } = graph.nodes[id];
    return line === 0 ? label : line === endLine ? `line ${line}: ${label}` : `lines ${line} to ${endLine}`;
  });
  return `The path: ${words.join(', then ')}. ${graph.nodes.length} nodes in all.`;
}

function drawNode(node: FlowNode, at: Point, onWay: boolean, isLast: boolean, numbers: readonly number[]): string {
  const place = node.line === 0 ? '' : node.line === node.endLine ? String(node.line) : `${node.line}–${node.endLine}`;
  const isPill = node.kind === 'entry' || node.kind === 'exit' || node.kind === 'raised-exit';
  const label = cutText(node.label, LABEL_CELLS - (place === '' ? 0 : place.length + 1) - 2 * numbers.length);
  // The pip with the numbers stands on the node's left border and is as wide as they are.
  const pip = 20 + 15 * Math.max(0, numbers.length - 1);
  const left = at.x + (numbers.length > 0 ? pip : 10);
  const box = `<rect x="${at.x}" y="${at.y}" width="${NODE_WIDTH}" height="${NODE_HEIGHT}" rx="${isPill ? NODE_HEIGHT / 2 : 5}"/>`;
  const middle = at.y + NODE_HEIGHT / 2 + 4;
  const text = isPill
    ? `<text x="${at.x + NODE_WIDTH / 2}" y="${middle}" class="mid">${markupText(label)}</text>`
    : `<text x="${left}" y="${middle}">${place === '' ? '' : `<tspan class="no">${place} </tspan>`}${markupText(label)}</text>`;
  const badge =
    numbers.length === 0
      ? ''
      : `<g class="badge"><rect class="pip" x="${at.x - 8}" y="${at.y + NODE_HEIGHT / 2 - 10}" width="${pip}" height="20" rx="10"/><text x="${at.x - 8 + pip / 2}" y="${middle}" class="mid">${numbers.join('·')}</text></g>`;
  return `<g class="n ${node.kind}${onWay ? ' way' : ''}${isLast ? ' last' : ''}"><title>${markupText(`${place} ${node.label}`.trim())}</title>${box}${text}${badge}</g>`;
}

/** A line through the points with rounded corners. */
function pathData(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  if (rest.length < 2) return `M${first.x} ${first.y}${rest.map((p) => `L${p.x} ${p.y}`).join('')}`;
  let data = `M${first.x} ${first.y}`;
  for (let at = 0; at < rest.length - 1; at++) {
    const [corner, next] = [rest[at], rest[at + 1]];
    const end = at === rest.length - 2 ? next : { x: (corner.x + next.x) / 2, y: (corner.y + next.y) / 2 };
    data += `Q${corner.x} ${corner.y} ${end.x} ${end.y}`;
  }
  return data;
}

/** Where an edge's word stands: near its beginning, where branches part. */
function wordPlace(points: readonly Point[]): Point {
  const [a, b] = [points[0], points[1] ?? points[0]];
  return { x: Math.round(a.x + (b.x - a.x) * 0.6), y: Math.round(a.y + (b.y - a.y) * 0.6) };
}

/** The picture; `id` makes its inner names unique in the page, `title` is what it is called. */
export function drawPicture(witness: Witness, graph: FlowGraph, layout: Layout, id: string, title: string): string {
  const steps = new Set(graph.way.slice(1).map((to, at) => `${graph.way[at]} ${to}`));
  const onWay = new Set(graph.way);
  const numbers = stepNumbers(graph, witness);
  const last = graph.way[graph.way.length - 1];
  const takes = (edge: FlowGraph['edges'][number]): boolean =>
    steps.has(`${edge.from} ${edge.to}`) &&
    ((graph.nodes[edge.from].kind === 'raise') === (edge.kind === 'raise') ||
      !graph.edges.some((e) => e !== edge && e.from === edge.from && e.to === edge.to));
  const edges = graph.edges.map((edge, at) => ({ edge, points: layout.edges[at], way: takes(edge) }));
  const line = ({ edge, points, way }: (typeof edges)[number]): string =>
    `<path class="e${way ? ' way' : ''}${DASHED.has(edge.kind) ? ' dash' : ''}" d="${pathData(points)}" marker-end="url(#${id}-${way ? 'w' : 'a'})"/>`;
  const word = ({ edge, points, way }: (typeof edges)[number]): string => {
    if (EDGE_WORDS[edge.kind] === '') return '';
    const { x, y } = wordPlace(points);
    return `<text class="w${way ? ' way' : ''}" x="${x + 5}" y="${y + 3}">${EDGE_WORDS[edge.kind]}</text>`;
  };
  const arrow = (name: string, kind: string): string =>
    `<marker id="${id}-${name}" class="${kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8Z"/></marker>`;
  const plain = edges.filter(({ way }) => !way);
  const thick = edges.filter(({ way }) => way);
  return (
    `<svg class="flow" role="img" aria-labelledby="${id}-t ${id}-d" width="${layout.width}" height="${layout.height}" viewBox="0 0 ${layout.width} ${layout.height}">` +
    `<title id="${id}-t">${markupText(title)}</title><desc id="${id}-d">${markupText(pathInWords(graph))}</desc>` +
    `<defs>${arrow('a', 'arrow')}${arrow('w', 'arrow way')}</defs>` +
    plain.map(line).join('') +
    thick.map(line).join('') +
    graph.nodes.map((node, at) => drawNode(node, layout.nodes[at], onWay.has(at), at === last, numbers.get(at) ?? [])).join('') +
    plain.map(word).join('') +
    thick.map(word).join('') +
    '</svg>'
  );
}
