/**
 * Which nodes lie on a cycle together, and in which order can their groups be computed, callees first?
 *
 * Tarjan's algorithm without recursion: the recursive one of a common library overflowed the stack on a chain of 3,000 nodes.
 * Components are numbered callees first: an edge never leads to a component with a higher number.
 */
import type { Graph } from './csr.ts';

export interface Components {
  readonly count: number;
  /** The component of each node. */
  readonly of: Int32Array;
  /** The nodes of component c: members[first[c]] .. members[first[c + 1] - 1], in ascending order. */
  readonly first: Int32Array;
  readonly members: Int32Array;
}

/** The strongly connected components of the whole graph, callees first. */
export function stronglyConnected(graph: Graph): Components {
  const { nodes, first, target } = graph;
  // index 0: not yet visited. low: the smallest index on the stack that is known to be reachable.
  const index = new Int32Array(nodes);
  const low = new Int32Array(nodes);
  const of = new Int32Array(nodes).fill(-1);
  const open = new Int32Array(nodes);
  const path = new Int32Array(nodes);
  const cursor = new Int32Array(nodes);
  let openEnd = 0;
  let visited = 0;
  let count = 0;
  for (let root = 0; root < nodes; root++) {
    if (index[root] !== 0) continue;
    let depth = 0;
    path[0] = root;
    cursor[0] = first[root];
    index[root] = low[root] = ++visited;
    open[openEnd++] = root;
    while (depth >= 0) {
      const node = path[depth];
      if (cursor[depth] < first[node + 1]) {
        const successor = target[cursor[depth]++];
        if (index[successor] === 0) {
          index[successor] = low[successor] = ++visited;
          open[openEnd++] = successor;
          depth++;
          path[depth] = successor;
          cursor[depth] = first[successor];
        } else if (of[successor] === -1 && index[successor] < low[node]) {
          low[node] = index[successor];
        }
        continue;
      }
      if (low[node] === index[node]) {
        let member = -1;
        while (member !== node) {
          member = open[--openEnd];
          of[member] = count;
        }
        count++;
      }
      depth--;
      if (depth >= 0 && low[node] < low[path[depth]]) low[path[depth]] = low[node];
    }
  }
  return { count, of, ...group(of, count) };
}

/** Counting sort of the nodes by component. */
function group(of: Int32Array, count: number): { first: Int32Array; members: Int32Array } {
  const first = new Int32Array(count + 1);
  for (let node = 0; node < of.length; node++) first[of[node] + 1]++;
  for (let component = 0; component < count; component++) first[component + 1] += first[component];
  const fill = first.slice(0, count);
  const members = new Int32Array(of.length);
  for (let node = 0; node < of.length; node++) members[fill[of[node]]++] = node;
  return { first, members };
}
