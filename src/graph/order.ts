/**
 * In which order are the nodes of a graph visited, which are reachable, and how does one get from here to there?
 *
 * Everything is iterative: a chain of a million nodes needs no call stack. Nodes that cannot be reached from the root are in no order.
 * Leaves out: weights. Searches in (node, state) pairs with costs are in dataflow/paths.ts.
 */
import type { Graph } from './csr.ts';

/**
 * The nodes reachable from `root` in reverse postorder: a node comes before its successors, but for edges that close a cycle.
 * Successors are visited last first, so that the first successor's part follows its node directly: the order reads like the source.
 */
export function reversePostorder(graph: Graph, root: number): Int32Array {
  const { nodes, first, target } = graph;
  const order = new Int32Array(nodes);
  const start = fillReversePostorder(first, target, root, order, nodes, new Uint8Array(nodes), new Int32Array(nodes), new Int32Array(nodes));
  return order.subarray(start);
}

/**
 * As `reversePostorder`, in memory of the caller: writes to order[result] .. order[nodes - 1] and returns where that begins.
 * `seen` must be zero for all nodes; `stack` and `cursor` may hold anything. All four have at least `nodes` entries.
 * It exists because control-flow graphs are ordered by the ten thousand, and allocation would cost more than the walk.
 */
export function fillReversePostorder(
  first: Int32Array,
  target: Int32Array,
  root: number,
  order: Int32Array,
  nodes: number,
  seen: Uint8Array,
  stack: Int32Array,
  cursor: Int32Array,
): number {
  let depth = 0;
  let next = nodes;
  stack[0] = root;
  cursor[0] = first[root + 1];
  seen[root] = 1;
  while (depth >= 0) {
    const node = stack[depth];
    if (cursor[depth] > first[node]) {
      const successor = target[--cursor[depth]];
      if (seen[successor] === 0) {
        seen[successor] = 1;
        depth++;
        stack[depth] = successor;
        cursor[depth] = first[successor + 1];
      }
    } else {
      order[--next] = node;
      depth--;
    }
  }
  return next;
}

/** 1 for every node that can be reached from one of `roots` (themselves included), else 0. */
export function reachable(graph: Graph, roots: Iterable<number>): Uint8Array {
  const { nodes, first, target } = graph;
  const seen = new Uint8Array(nodes);
  const queue = new Int32Array(nodes);
  let end = 0;
  for (const root of roots) {
    if (seen[root] === 0) {
      seen[root] = 1;
      queue[end++] = root;
    }
  }
  for (let next = 0; next < end; next++) {
    for (let edge = first[queue[next]]; edge < first[queue[next] + 1]; edge++) {
      const successor = target[edge];
      if (seen[successor] === 0) {
        seen[successor] = 1;
        queue[end++] = successor;
      }
    }
  }
  return seen;
}

/** The nodes of a path with the fewest edges, both ends included; null where there is none. Of equally short ones, the first by edge order. */
export function shortestPath(graph: Graph, from: number, to: number): number[] | null {
  const { nodes, first, target } = graph;
  const previous = new Int32Array(nodes).fill(-1);
  const queue = new Int32Array(nodes);
  previous[from] = from;
  queue[0] = from;
  let end = 1;
  for (let next = 0; next < end && previous[to] === -1; next++) {
    const node = queue[next];
    for (let edge = first[node]; edge < first[node + 1]; edge++) {
      const successor = target[edge];
      if (previous[successor] === -1) {
        previous[successor] = node;
        queue[end++] = successor;
      }
    }
  }
  if (previous[to] === -1) return null;
  const path = [to];
  for (let node = to; node !== from; node = previous[node]) path.push(previous[node]);
  return path.reverse();
}
