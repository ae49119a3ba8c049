/**
 * How does a picture of a graph become small enough to be read?
 *
 * Each step is a graph to a graph: nodes without code are passed over, loops within one line are that line, what lies before the
 * acquisition becomes one node, and above MAX_NODES what is far from the path is folded (then the middle of the path itself). Edges are joined, the way stays a way.
 * Knows nothing of control-flow graphs: nodes, edges and a way.
 */
import type { FlowEdge, FlowNode } from '../findings/finding.ts';

/** A layout of 60 nodes takes a third of a second and fills two screens; more nobody reads. */
export const MAX_NODES = 60;
/** Fewer nodes than this before the acquisition are shown as they are. */
const MAX_BEFORE = 2;

export interface DraftNode extends FlowNode {
  /** Holds no code: a join. */
  readonly empty: boolean;
}

export interface Draft {
  readonly nodes: readonly DraftNode[];
  readonly edges: readonly FlowEdge[];
  readonly way: readonly number[];
}

/** Joins without code are taken out where one edge leaves them, and nodes that no edge touches. */
export function withoutEmpty(draft: Draft): Draft {
  const onWay = new Set(draft.way);
  let { edges } = draft;
  const gone = new Set<number>();
  draft.nodes.forEach((node, id) => {
    if (!node.empty) return;
    const outs = edges.filter((e) => e.from === id);
    const out = outs[0];
    if (outs.length !== 1 || out === undefined || out.to === id || (onWay.has(id) && draft.way[draft.way.length - 1] === id)) return;
    gone.add(id);
    edges = edges.flatMap((e) => (e.from === id ? [] : e.to === id ? [{ ...e, to: out.to, kind: e.kind === 'next' ? out.kind : e.kind }] : [e]));
  });
  const touched = new Set([0, ...draft.way, ...edges.flatMap((e) => [e.from, e.to])]);
  return renumbered({ ...draft, edges, way: draft.way.filter((id) => !gone.has(id)) }, (id) => !gone.has(id) && touched.has(id));
}

/** A loop within one line (a comprehension) is that line: its body off the path is taken out. */
export function withoutEchoes(draft: Draft): Draft {
  const onWay = new Set(draft.way);
  const isEcho = (id: number): boolean => {
    const node = draft.nodes[id];
    const others = new Set(draft.edges.flatMap((e) => (e.from === id && e.to !== id ? [e.to] : e.to === id && e.from !== id ? [e.from] : [])));
    const [head] = others;
    return (
      !onWay.has(id) &&
      node.kind === 'step' &&
      others.size === 1 &&
      draft.nodes[head].kind === 'branch' &&
      draft.nodes[head].line === node.line &&
      draft.nodes[head].endLine === node.endLine
    );
  };
  const gone = new Set(draft.nodes.flatMap((_, id) => (isEcho(id) ? [id] : [])));
  return gone.size === 0 ? draft : renumbered(draft, (id) => !gone.has(id));
}

/** The part that the acquisition cannot lead to, as one node behind the entry. */
export function foldBefore(draft: Draft): Draft {
  const start = draft.way[0];
  if (start === undefined) return draft;
  const after = reachable(draft, start);
  const before = draft.nodes.flatMap((_, id) => (id === 0 || after.has(id) ? [] : [id]));
  return before.length <= MAX_BEFORE ? draft : folded(draft, [before]);
}

function reachable(draft: Draft, start: number): Set<number> {
  const seen = new Set([start]);
  for (const id of seen) for (const e of draft.edges) if (e.from === id) seen.add(e.to);
  return seen;
}

/** At most MAX_NODES nodes: those nearest to the path stay, connected others become one node each. */
export function capped(draft: Draft, most = MAX_NODES): Draft {
  let result = draft;
  for (let room = most; result.nodes.length > most && room > 2; room = Math.floor(room / 2))
    result = folded(draft, components(draft, nearest(draft, room)));
  if (result.nodes.length <= most) return result;
  // The path alone is too long: its beginning and its end tell the story.
  const half = Math.floor(most / 2) - 2;
  const keep = new Set([0, ...draft.way.slice(0, half), ...draft.way.slice(-half)]);
  return folded(draft, [draft.nodes.flatMap((_, id) => (keep.has(id) ? [] : [id]))]);
}

/** The entry, the path, and what is nearest to it, up to a number. */
function nearest(draft: Draft, most: number): Set<number> {
  const keep = new Set([0, ...draft.way]);
  for (const id of keep) {
    for (const e of draft.edges) {
      if (keep.size >= most) return keep;
      if (e.from === id) keep.add(e.to);
      else if (e.to === id) keep.add(e.from);
    }
  }
  return keep;
}

/** Connected sets of nodes outside `keep`. */
function components(draft: Draft, keep: ReadonlySet<number>): number[][] {
  const seen = new Set<number>();
  const out: number[][] = [];
  draft.nodes.forEach((_, start) => {
    if (keep.has(start) || seen.has(start)) return;
    const part = new Set([start]);
    for (const id of part) {
      for (const e of draft.edges) {
        const other = e.from === id ? e.to : e.to === id ? e.from : -1;
        if (other >= 0 && !keep.has(other)) part.add(other);
      }
    }
    for (const id of part) seen.add(id);
    out.push([...part]);
  });
  return out;
}

/** Each part as one node in the place of its first. */
function folded(draft: Draft, parts: readonly (readonly number[])[]): Draft {
  const into = new Map<number, number>();
  const nodes = [...draft.nodes];
  for (const part of parts) {
    if (part.length < 2) continue;
    const first = Math.min(...part);
    const lines = part.flatMap((id) => (nodes[id] !== undefined && nodes[id].line > 0 ? [nodes[id].line, nodes[id].endLine] : []));
    const label = `${part.length} steps`;
    nodes[first] = {
      kind: 'fold',
      line: lines.length === 0 ? 0 : Math.min(...lines),
      endLine: lines.length === 0 ? 0 : Math.max(...lines),
      label,
      empty: false,
    };
    for (const id of part) into.set(id, first);
  }
  const to = (id: number): number => into.get(id) ?? id;
  const edges = new Map<string, FlowEdge>();
  for (const e of draft.edges) {
    const edge = { ...e, from: to(e.from), to: to(e.to) };
    if (edge.from === edge.to && e.from !== e.to) continue;
    edges.set(`${edge.from} ${edge.to} ${edge.kind}`, edge);
  }
  const way: number[] = [];
  for (const id of draft.way) if (way[way.length - 1] !== to(id)) way.push(to(id));
  return renumbered({ nodes, edges: [...edges.values()], way }, (id) => to(id) === id);
}

/** Only the nodes that are kept, numbered anew. */
function renumbered(draft: Draft, keeps: (id: number) => boolean): Draft {
  const ids = new Map<number, number>();
  draft.nodes.forEach((_, id) => {
    if (keeps(id)) ids.set(id, ids.size);
  });
  const id = (old: number): number => ids.get(old) as number;
  const edges = new Map<string, FlowEdge>();
  for (const e of draft.edges)
    if (ids.has(e.from) && ids.has(e.to)) edges.set(`${e.from} ${e.to} ${e.kind}`, { ...e, from: id(e.from), to: id(e.to) });
  return {
    nodes: draft.nodes.filter((_, old) => ids.has(old)),
    edges: [...edges.values()],
    way: draft.way.map(id).filter((at, i, all) => at !== all[i - 1]),
  };
}
