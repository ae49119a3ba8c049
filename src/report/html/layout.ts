/**
 * Where does each node and edge of a picture stand?
 *
 * dagre lays the graph out from top to bottom. That costs 10 to 300 ms a picture and grows faster than the graph, so chains are given to it as one
 * tall node, pictures of the same shape share a layout, and a report has a budget: beyond it nodes stand in one column, in source order,
 * with their edges as arcs at the side. All nodes have one size, so a layout depends on the shape alone.
 */
import { layout as dagreLayout, Graph } from '@dagrejs/dagre';
import type { FlowGraph } from '../../findings/finding.ts';

export const NODE_WIDTH = 264;
export const NODE_HEIGHT = 30;
/** Between two nodes of a column. */
export const RANK_GAP = 24;
const SIDE_GAP = 28;
const MARGIN = 14;
/** Nodes given to dagre in one report: about five seconds. */
export const LAYOUT_BUDGET = 3000;
/** Between two arcs of the column layout. */
const ARC_GAP = 10;
/** Arcs further out would leave the page; they share the outermost lane. */
const MAX_LANES = 8;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Upper left corners. */
  readonly nodes: readonly Point[];
  /** From the border of one node to that of the other; straight ones have two points. */
  readonly edges: readonly (readonly Point[])[];
}

/** Lays out the pictures of one report. */
export function newLayouter(budget = LAYOUT_BUDGET): (graph: FlowGraph) => Layout {
  const known = new Map<string, Layout>();
  let left = budget;
  return (graph) => {
    const shape = JSON.stringify([graph.nodes.length, graph.edges.map(({ from, to }) => [from, to])]);
    const earlier = known.get(shape);
    if (earlier !== undefined) return earlier;
    const chains = chainsOf(graph);
    left -= chains.length;
    const result = left >= 0 ? layered(graph, chains) : column(graph);
    known.set(shape, result);
    return result;
  };
}

/** Nodes that follow each other without any branch between them, in order; every node is in one chain. */
function chainsOf({ nodes, edges }: FlowGraph): number[][] {
  const outs = nodes.map(() => 0);
  const ins = nodes.map(() => 0);
  for (const { from, to } of edges) {
    outs[from] += 1;
    ins[to] += 1;
  }
  const next = new Map<number, number>();
  const hasBefore = new Set<number>();
  for (const { from, to } of edges) {
    if (outs[from] !== 1 || ins[to] !== 1 || to <= from) continue;
    next.set(from, to);
    hasBefore.add(to);
  }
  return nodes.flatMap((_, start) => {
    if (hasBefore.has(start)) return [];
    const chain: number[] = [];
    for (let at: number | undefined = start; at !== undefined; at = next.get(at)) chain.push(at);
    return [chain];
  });
}

const STEP = NODE_HEIGHT + RANK_GAP;

function layered({ nodes, edges }: FlowGraph, chains: readonly (readonly number[])[]): Layout {
  const g = new Graph({ multigraph: true });
  g.setGraph({ rankdir: 'TB', ranksep: RANK_GAP, nodesep: SIDE_GAP, edgesep: 14 });
  const chainOf = new Map<number, number>();
  chains.forEach((chain, at) => {
    for (const id of chain) chainOf.set(id, at);
    g.setNode(String(at), { width: NODE_WIDTH, height: chain.length * STEP - RANK_GAP });
  });
  const inner = edges.map(({ from, to }) => chainOf.get(from) === chainOf.get(to) && to > from);
  edges.forEach(({ from, to }, at) => {
    if (!inner[at]) g.setEdge(String(chainOf.get(from)), String(chainOf.get(to)), {}, String(at));
  });
  dagreLayout(g);
  const places: Point[] = [];
  chains.forEach((chain, at) => {
    const { x = 0, y = 0, height = 0 } = g.node(String(at)) as { x?: number; y?: number; height?: number };
    chain.forEach((id, row) => {
      places[id] = rounded({ x: x - NODE_WIDTH / 2, y: y - height / 2 + row * STEP });
    });
  });
  const lines = edges.map(({ from, to }, at): Point[] => {
    if (inner[at]) return straight(places[from], places[to]);
    const found = g.edge(String(chainOf.get(from)), String(chainOf.get(to)), String(at)) as { points?: Point[] } | undefined;
    return (found?.points ?? straight(places[from], places[to])).map(rounded);
  });
  return framed(
    nodes.map((_, id) => places[id]),
    lines,
  );
}

/** Moved so that nodes and edges (dagre's margin knows only nodes) begin at the margin, and measured. */
function framed(nodes: readonly Point[], edges: readonly (readonly Point[])[]): Layout {
  const all = [...nodes, ...nodes.map(({ x, y }) => ({ x: x + NODE_WIDTH, y: y + NODE_HEIGHT })), ...edges.flat()];
  const [left, top] = [MARGIN - Math.min(...all.map((p) => p.x)), MARGIN - Math.min(...all.map((p) => p.y))];
  const moved = ({ x, y }: Point): Point => ({ x: x + left, y: y + top });
  return {
    width: Math.max(...all.map((p) => p.x)) + left + MARGIN,
    height: Math.max(...all.map((p) => p.y)) + top + MARGIN,
    nodes: nodes.map(moved),
    edges: edges.map((points) => points.map(moved)),
  };
}

function straight(from: Point, to: Point): Point[] {
  return [
    { x: from.x + NODE_WIDTH / 2, y: from.y + NODE_HEIGHT },
    { x: to.x + NODE_WIDTH / 2, y: to.y },
  ];
}

/** One column in the order of the nodes; what is no step to the next one goes round the side. */
function column({ nodes, edges }: FlowGraph): Layout {
  const places = nodes.map((_, at): Point => ({ x: MARGIN, y: MARGIN + at * STEP }));
  let lanes = 0;
  const lines = edges.map(({ from, to }): Point[] => {
    if (to === from + 1) return straight(places[from], places[to]);
    const lane = MARGIN + NODE_WIDTH + ARC_GAP * (1 + Math.min(lanes++, MAX_LANES));
    const [a, b] = [places[from].y + NODE_HEIGHT * 0.6, places[to].y + NODE_HEIGHT * 0.4];
    return [
      { x: MARGIN + NODE_WIDTH, y: a },
      { x: lane, y: a },
      { x: lane, y: b },
      { x: MARGIN + NODE_WIDTH, y: b },
    ];
  });
  return {
    width: MARGIN * 2 + NODE_WIDTH + ARC_GAP * (1 + Math.min(lanes, MAX_LANES + 1)),
    height: MARGIN * 2 + nodes.length * STEP - RANK_GAP,
    nodes: places,
    edges: lines,
  };
}

/** Half a pixel is enough, and whole ones are short. */
function rounded({ x, y }: Point): Point {
  return { x: Math.round(x), y: Math.round(y) };
}
