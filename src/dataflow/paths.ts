/**
 * By which path does a function get from here to there in a given state, with as few exceptions as possible and else as short as possible?
 *
 * A breadth-first search over (block, state) pairs with edges of weight 0 and 1: the path of least weight, among those the one with the fewest
 * edges, among those the first by edge order; so the answer does not depend on anything but the graph. It is where witnesses come from.
 * States are at the entry of blocks. Two states with the same key are the same.
 * Leaves out: what states mean, and how a path is told in words.
 */
import { type Cfg, EdgeKind } from '../cfg/cfg.ts';

export interface PathPoint<S> {
  readonly block: number;
  /** The state at the entry of the block. */
  readonly state: S;
  /** The edge by which it was entered; -1 at the start. */
  readonly edge: number;
}

export interface PathProblem<S> {
  readonly starts: readonly { readonly block: number; readonly state: S }[];
  /** The state with which `edge` of `block` is left, if `state` held at the block's entry; null if it cannot be taken. */
  step(block: number, state: S, edge: number): S | null;
  key(state: S): string | number;
  isGoal(block: number, state: S): boolean;
  /** 0 or 1; without it, `raise` edges weigh 1. */
  weight?(edge: number): 0 | 1;
  /** Pairs that the search may look at, where fewer than MAX_PATH_PAIRS: for who searches one function many times. */
  readonly budget?: number;
}

export interface PathResult<S> {
  /** From a start to the goal; null if none was found. */
  readonly path: readonly PathPoint<S>[] | null;
  /** True where MAX_PATH_PAIRS ended the search: there may be a path all the same. */
  readonly cutOff: boolean;
}

/**
 * How many (block, state) pairs one search may look at. A function of 2,000 blocks with 10 states a block stays ten times below;
 * at about a microsecond a pair a search takes 0.2 s at worst.
 */
export const MAX_PATH_PAIRS = 200_000;

interface Node<S> {
  readonly block: number;
  readonly state: S;
  readonly edge: number;
  readonly previous: Node<S> | null;
}

/** The lightest and then shortest path from one of the starts to a goal. A start can be the goal. */
export function search<S>(cfg: Cfg, problem: PathProblem<S>): PathResult<S> {
  const weight = problem.weight ?? ((edge: number) => (cfg.edgeKind[edge] === EdgeKind.raise ? 1 : 0));
  const stateIds = new Map<string | number, number>();
  const settled = new Set<number>();
  let budget = Math.min(MAX_PATH_PAIRS, problem.budget ?? MAX_PATH_PAIRS);
  // Nodes of the current weight by their number of edges; those of the next weight wait in `heavier`.
  let current: Node<S>[][] = [problem.starts.map(({ block, state }) => ({ block, state, edge: -1, previous: null }))];
  while (current.length > 0) {
    const heavier: Node<S>[][] = [];
    for (let length = 0; length < current.length; length++) {
      for (const node of current[length] ?? []) {
        const key = problem.key(node.state);
        let id = stateIds.get(key);
        if (id === undefined) stateIds.set(key, (id = stateIds.size));
        const pairId = id * cfg.blocks + node.block;
        if (settled.has(pairId)) continue;
        settled.add(pairId);
        if (problem.isGoal(node.block, node.state)) return { path: unwind(node), cutOff: false };
        if (budget-- === 0) return { path: null, cutOff: true };
        for (let edge = cfg.firstEdge[node.block]; edge < cfg.firstEdge[node.block + 1]; edge++) {
          const state = problem.step(node.block, node.state, edge);
          if (state === null) continue;
          const level = weight(edge) === 0 ? current : heavier;
          (level[length + 1] ??= []).push({ block: cfg.edgeTarget[edge], state, edge, previous: node });
        }
      }
    }
    current = heavier;
  }
  return { path: null, cutOff: false };
}

function unwind<S>(goal: Node<S>): PathPoint<S>[] {
  const path: PathPoint<S>[] = [];
  for (let node: Node<S> | null = goal; node; node = node.previous) path.push({ block: node.block, state: node.state, edge: node.edge });
  return path.reverse();
}
