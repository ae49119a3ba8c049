/**
 * Which node must every path from the root pass before it gets to a node?
 *
 * Cooper, Harvey, Kennedy ("A simple, fast dominance algorithm"): walk in reverse postorder and intersect the dominators of the predecessors
 * until nothing changes. Quadratic at worst, faster than cleverer ones on graphs of the size of functions.
 * For post-dominators pass the transposed graph and the exit.
 */
import { type Graph, transpose } from './csr.ts';
import { reversePostorder } from './order.ts';

/** The immediate dominator of each node; the root's is itself; -1 for nodes that cannot be reached from the root. */
export function immediateDominators(graph: Graph, root: number): Int32Array {
  const order = reversePostorder(graph, root);
  const rank = new Int32Array(graph.nodes).fill(-1);
  for (let i = 0; i < order.length; i++) rank[order[i]] = i;
  const predecessors = transpose(graph);
  // Works on ranks: the dominator of a node always has a lower rank, so walking two nodes up to their meeting is a comparison of numbers.
  const dominator = new Int32Array(order.length).fill(-1);
  dominator[0] = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 1; i < order.length; i++) {
      let meeting = -1;
      for (let edge = predecessors.first[order[i]]; edge < predecessors.first[order[i] + 1]; edge++) {
        let other = rank[predecessors.target[edge]];
        if (other === -1 || dominator[other] === -1) continue;
        if (meeting === -1) {
          meeting = other;
          continue;
        }
        while (other !== meeting) {
          if (other > meeting) other = dominator[other];
          else meeting = dominator[meeting];
        }
      }
      if (dominator[i] !== meeting) {
        dominator[i] = meeting;
        changed = true;
      }
    }
  }
  const result = new Int32Array(graph.nodes).fill(-1);
  for (let i = 0; i < order.length; i++) result[order[i]] = order[dominator[i]];
  return result;
}

/** Whether every path from the root to `below` passes `above` (a node dominates itself). `dominators` as from `immediateDominators`. */
export function isDominated(dominators: Int32Array, below: number, above: number): boolean {
  if (dominators[below] === -1) return false;
  for (let node = below; ; node = dominators[node]) {
    if (node === above) return true;
    if (dominators[node] === node) return false;
  }
}
