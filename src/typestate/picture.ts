/**
 * What does a person see of a function's control-flow graph, with the path of one witness in it?
 *
 * The graph of the analysis has a block for every call; a picture has a node for every line that matters and one for every straight run between
 * them. Apart stay: where the resource is acquired and released, where the path branches, raises and leaves, and every branch. What lies before
 * the acquisition is one node. Raise edges that the path does not take are left out where they leave the function (nearly every node has one);
 * those to a handler or a finally are kept. At most MAX_NODES nodes (picture-cap.ts).
 *
 * Invariant: consecutive nodes of `way` are joined by an edge, and its last node is where the path leaves or ends.
 */
import { type Cfg, EdgeKind } from '../cfg/cfg.ts';
import type { FlowEdgeKind, FlowGraph, FlowNodeKind } from '../findings/finding.ts';
import type { Instr } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import { blocksOf } from './blocks-of.ts';
import type { Node } from './explore.ts';
import { capped, type Draft, type DraftNode, foldBefore, withoutEchoes, withoutEmpty } from './picture-cap.ts';
import type { Site } from './sites.ts';

const EDGE_NAMES: readonly FlowEdgeKind[] = ['next', 'true', 'false', 'raise', 'catch', 'uncaught', 'swallow', 'forward'];

/** Longer lines of code are cut in a node; the source beside the picture has them whole. */
const MAX_LABEL = 60;
/** Characters of a line looked at on either side of the code that a node stands for. */
const MAX_LINE = 500;

/**
 * Blocks of a graph of which a picture is drawn. What remains of a larger one in MAX_NODES nodes shows nothing that the steps do not say, and each
 * of its acquisitions would cost a walk through all of it.
 */
const MAX_PICTURED_BLOCKS = 1_000;

/** Lines are asked for by offset; 1-based. */
export type LineOf = (offset: number) => number;

interface Lines {
  line: number;
  endLine: number;
  /** Offset whose line of source is the label; -1 where there is none. */
  at: number;
}

/**
 * The picture of the path that ends in `end`, for an acquisition at `site`; `releases` are instructions that release it on some path.
 * Undefined for large graphs, and where the path does not begin at the acquisition (it always does for paths of `Sites.explore`).
 */
export function pictureOf(site: Site, end: Node, releases: readonly Instr[], cfg: Cfg, lineOf: LineOf): FlowGraph | undefined {
  const { scope } = site;
  if (cfg.blocks > MAX_PICTURED_BLOCKS) return undefined;
  const path = pathBlocks(site, end, cfg);
  if (path === undefined) return undefined;
  const kinds = nodeKinds(site, path, releases, cfg);
  const places = Array.from({ length: cfg.blocks }, (_, block) => placeOf(cfg, block, kinds.get(block), lineOf));
  const groupOf = straightRuns(cfg, kinds, places, new Set(path.map((p) => p.block)));
  const draft = draftOf(cfg, groupOf, kinds, places, path, scope, lineOf);
  const small = capped(foldBefore(withoutEchoes(withoutEmpty(draft))));
  return {
    path: scope.module.path,
    function: scope.fn.qualifiedName,
    nodes: small.nodes.map(({ kind, line, endLine, label }) => ({ kind, line, endLine, label })),
    edges: small.edges,
    way: small.way,
  };
}

interface PathBlock {
  readonly block: number;
  /** The edge by which the path comes to it; undefined for the acquisition. */
  readonly edge: EdgeKind | undefined;
}

/** The blocks of the path in order, the acquisition's first. */
function pathBlocks(site: Site, end: Node, cfg: Cfg): readonly PathBlock[] | undefined {
  const out: PathBlock[] = [];
  for (let node: Node | null = end; node !== null; node = node.from) out.push({ block: node.block, edge: node.edge });
  out.reverse();
  const first = out[0]?.block;
  const start = blocksOf(cfg, site.instr).find((block) => {
    for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++) if (cfg.edgeTarget[e] === first) return true;
    return false;
  });
  return start === undefined ? undefined : [{ block: start, edge: undefined }, ...out];
}

/** What is to be seen apart, by block. */
function nodeKinds(site: Site, path: readonly PathBlock[], releases: readonly Instr[], cfg: Cfg): Map<number, FlowNodeKind> {
  const kinds = new Map<number, FlowNodeKind>();
  for (let block = 0; block < cfg.blocks; block++) {
    let ways = 0;
    for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++) if (cfg.edgeKind[e] !== EdgeKind.raise) ways++;
    if (ways > 1) kinds.set(block, 'branch');
  }
  for (const instr of releases) for (const block of blocksOf(cfg, instr)) kinds.set(block, 'release');
  path.forEach(({ block }, i) => {
    const leaves = path[i + 1]?.edge;
    if (leaves === EdgeKind.raise) kinds.set(block, 'raise');
  });
  const last = path[path.length - 1] as PathBlock;
  if (last.block !== cfg.exit && last.block !== cfg.raisedExit) kinds.set(last.block, 'lost');
  for (const block of blocksOf(cfg, site.instr)) kinds.set(block, 'acquire');
  if (cfg.exit >= 0) kinds.set(cfg.exit, 'exit');
  if (cfg.raisedExit >= 0) kinds.set(cfg.raisedExit, 'raised-exit');
  return kinds;
}

/**
 * The lines of a block's own code: an assignment of what the block before has computed belongs to that one, and where something happens
 * that is told, it is the last instruction that does it.
 */
function placeOf(cfg: Cfg, block: number, kind: FlowNodeKind | undefined, lineOf: LineOf): Lines {
  let [line, endLine, at] = [0, 0, -1];
  const take = (start: number): void => {
    const l = lineOf(start);
    if (line === 0 || l < line) [line, at] = [l, start];
    endLine = Math.max(endLine, l);
  };
  const first = cfg.firstInstr[block] as number;
  const last = cfg.firstInstr[block + 1] as number;
  const test = cfg.tests.get(block);
  let own = kind === undefined || test ? first : Math.max(first, last - 1);
  while (own < last && isRest(cfg.instrs[own] as Instr) && (own < last - 1 || test)) own++;
  for (let i = own; i < last; i++) take((cfg.instrs[i] as Instr).start);
  if (test) take(test.start);
  return { line, endLine, at };
}

/** The block does nothing but call a manager's `__exit__`, whose code is the line of the `with`. */
const leavesWith = (cfg: Cfg, block: number): boolean =>
  cfg.instrs[cfg.firstInstr[block] as number]?.op === 'exit' && cfg.firstInstr[block + 1] === (cfg.firstInstr[block] as number) + 1;

const isRest = (instr: Instr): boolean => instr.op === 'assign' && instr.value.op === 'temp';

/** For each block the block that stands for its run. */
function straightRuns(cfg: Cfg, kinds: ReadonlyMap<number, FlowNodeKind>, places: readonly Lines[], onPath: ReadonlySet<number>): Int32Array {
  const entries = new Int32Array(cfg.blocks);
  for (let e = 0; e < cfg.edgeTarget.length; e++) (entries[cfg.edgeTarget[e] as number] as number) += 1;
  const groupOf = Int32Array.from({ length: cfg.blocks }, (_, i) => i);
  const special = new Uint8Array(cfg.blocks);
  for (const block of kinds.keys()) special[block] = 1;
  for (let block = 0; block < cfg.blocks; block++) {
    const next = onlyNext(cfg, block);
    if (next < 0 || entries[next] !== 1 || next === cfg.exit || onPath.has(block) !== onPath.has(next)) continue;
    if (raiseTarget(cfg, block) !== raiseTarget(cfg, next) && raiseTarget(cfg, next) >= 0 && raiseTarget(cfg, block) >= 0) continue;
    const group = groupOf[block] as number;
    const [a, b] = [places[group] as Lines, places[next] as Lines];
    const isSpecial = special[group] === 1 || special[next] === 1;
    const oneLine = b.at < 0 || (a.line === b.line && a.endLine === b.endLine);
    if (isSpecial && !(oneLine && !(special[group] === 1 && special[next] === 1))) continue;
    groupOf[next] = group;
    if (special[next] === 1) special[group] = 1;
    if (b.at >= 0) {
      if (a.at < 0 || b.line < a.line) [a.line, a.at] = [b.line, b.at];
      a.endLine = Math.max(a.endLine, b.endLine);
    }
  }
  return groupOf;
}

/** The target of the only edge that is no raise edge, where it is a plain one; -1 otherwise. */
function onlyNext(cfg: Cfg, block: number): number {
  let target = -1;
  for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++) {
    if (cfg.edgeKind[e] === EdgeKind.raise) continue;
    if (cfg.edgeKind[e] !== EdgeKind.next || target >= 0) return -1;
    target = cfg.edgeTarget[e] as number;
  }
  return target;
}

function raiseTarget(cfg: Cfg, block: number): number {
  for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++)
    if (cfg.edgeKind[e] === EdgeKind.raise) return cfg.edgeTarget[e] as number;
  return -1;
}

function draftOf(
  cfg: Cfg,
  groupOf: Int32Array,
  kinds: ReadonlyMap<number, FlowNodeKind>,
  places: readonly Lines[],
  path: readonly PathBlock[],
  scope: Scope,
  lineOf: LineOf,
): Draft {
  const { text } = scope.module;
  const nodes: DraftNode[] = [
    { kind: 'entry', line: lineOf(scope.fn.nameStart), endLine: lineOf(scope.fn.nameStart), label: scope.fn.name, empty: false },
  ];
  const idOf = new Map<number, number>();
  const kindOf = new Map<number, FlowNodeKind>();
  for (const [block, kind] of kinds) kindOf.set(groupOf[block] as number, kind);
  for (let block = 0; block < cfg.blocks; block++) {
    if (groupOf[block] !== block) continue;
    idOf.set(block, nodes.length);
    const place = places[block] as Lines;
    const kind = kindOf.get(block) ?? (place.endLine > place.line ? 'fold' : 'step');
    const isExit = kind === 'exit' || kind === 'raised-exit';
    const label =
      kind === 'exit'
        ? 'returns'
        : kind === 'raised-exit'
          ? 'raises'
          : place.at < 0
            ? kind === 'branch'
              ? 'which handler?'
              : ''
            : `${leavesWith(cfg, block) ? 'end of ' : ''}${lineText(text, place.at)}`;
    nodes.push({ kind, line: place.line, endLine: place.endLine, label, empty: place.at < 0 && !isExit && kind !== 'branch' });
  }
  const id = (block: number): number => idOf.get(groupOf[block] as number) as number;
  const way: number[] = [];
  for (const { block } of path) if (way[way.length - 1] !== id(block)) way.push(id(block));
  const edges = new Map<string, { from: number; to: number; kind: FlowEdgeKind }>();
  const add = (from: number, to: number, kind: FlowEdgeKind): void => {
    edges.set(`${from} ${to} ${kind}`, { from, to, kind });
  };
  add(0, id(0), 'next');
  path.forEach(({ block, edge }, i) => {
    const from = path[i - 1];
    if (from && edge !== undefined && id(from.block) !== id(block)) add(id(from.block), id(block), EDGE_NAMES[edge] as FlowEdgeKind);
  });
  for (let block = 0; block < cfg.blocks; block++) {
    for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++) {
      const [from, to, kind] = [id(block), id(cfg.edgeTarget[e] as number), cfg.edgeKind[e] as EdgeKind];
      if (kind === EdgeKind.raise && cfg.edgeTarget[e] === cfg.raisedExit) continue;
      if (from === to && groupOf[block] !== cfg.edgeTarget[e]) continue;
      add(from, to, EDGE_NAMES[kind] as FlowEdgeKind);
    }
  }
  return { nodes, edges: [...edges.values()], way };
}

/** The line of source around an offset, cut to MAX_LABEL. */
function lineText(text: string, at: number): string {
  // Of a line that is longer than anybody looks at, the part around the offset.
  const before = text.slice(Math.max(0, at - MAX_LINE), at);
  const start = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
  const after = text.slice(at, at + MAX_LINE);
  const end = after.search(/[\r\n]/);
  const line = (before.slice(start) + (end < 0 ? after : after.slice(0, end))).trim();
  return line.length > MAX_LABEL ? `${line.slice(0, MAX_LABEL - 1)}…` : line;
}
