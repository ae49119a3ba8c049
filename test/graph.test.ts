/**
 * Is the graph library right?
 *
 * Compared with @dagrejs/graphlib and with brute force on random graphs, and run on a chain no recursion survives.
 */
import { alg, Graph as LibraryGraph } from '@dagrejs/graphlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Graph, graphFromEdges, transpose } from '../src/graph/csr.ts';
import { immediateDominators, isDominated } from '../src/graph/dominators.ts';
import { reachable, reversePostorder, shortestPath } from '../src/graph/order.ts';
import { stronglyConnected } from '../src/graph/scc.ts';

interface Edges {
  readonly nodes: number;
  readonly edges: readonly (readonly [number, number])[];
}

const randomEdges: fc.Arbitrary<Edges> = fc.integer({ min: 1, max: 14 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    edges: fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { maxLength: 3 * nodes }),
  }),
);

function graphOf({ nodes, edges }: Edges): Graph {
  return graphFromEdges(
    nodes,
    edges.map(([from]) => from),
    edges.map(([, to]) => to),
  );
}

function successors(graph: Graph, node: number): number[] {
  return [...graph.target.subarray(graph.first[node], graph.first[node + 1])];
}

/** Warshall: from[i][j], whether a path of any length, also none, leads from i to j; `without` is a node that paths may not touch. */
function paths({ nodes, edges }: Edges, without = -1): boolean[][] {
  const from = Array.from({ length: nodes }, (_, i) => Array.from({ length: nodes }, (_, j) => i === j && i !== without));
  for (const [a, b] of edges) if (a !== without && b !== without) from[a][b] = true;
  for (let k = 0; k < nodes; k++) for (let i = 0; i < nodes; i++) for (let j = 0; j < nodes; j++) from[i][j] ||= from[i][k] && from[k][j];
  return from;
}

/** 0 → 1 → 2 …, deep enough to overflow a call stack that recursion would use. */
const CHAIN = 60_000;
const chain = graphFromEdges(
  CHAIN,
  Array.from({ length: CHAIN - 1 }, (_, i) => i),
  Array.from({ length: CHAIN - 1 }, (_, i) => i + 1),
);

describe('csr', () => {
  test('keeps the edges of a node in the order given, parallel ones and loops included', () => {
    const edgeOf = new Int32Array(5);
    const graph = graphFromEdges(3, [2, 0, 2, 0, 0], [1, 2, 2, 1, 1], edgeOf);
    expect([0, 1, 2].map((node) => successors(graph, node))).toEqual([[2, 1, 1], [], [1, 2]]);
    expect([...edgeOf]).toEqual([3, 0, 4, 1, 2]);
  });

  test('transposing twice gives the same edges', () => {
    fc.assert(
      fc.property(randomEdges, (edges) => {
        const graph = graphOf(edges);
        const back = transpose(transpose(graph));
        for (let node = 0; node < graph.nodes; node++) expect(successors(back, node)).toEqual(successors(graph, node).sort((a, b) => a - b));
        const turned = transpose(graph);
        for (let node = 0; node < graph.nodes; node++) {
          expect(successors(turned, node)).toEqual(
            edges.edges
              .filter(([, to]) => to === node)
              .map(([from]) => from)
              .sort((a, b) => a - b),
          );
        }
      }),
    );
  });
});

describe('order', () => {
  test('reachability agrees with Warshall', () => {
    fc.assert(
      fc.property(randomEdges, fc.nat(), (edges, seed) => {
        const root = seed % edges.nodes;
        const brute = paths(edges)[root];
        expect([...reachable(graphOf(edges), [root])].map(Boolean)).toEqual(brute);
        expect([...reversePostorder(graphOf(edges), root)].sort((a, b) => a - b)).toEqual(brute.flatMap((is, node) => (is ? [node] : [])));
      }),
    );
  });

  test('reverse postorder is a topological order of acyclic graphs', () => {
    fc.assert(
      fc.property(randomEdges, ({ nodes, edges }) => {
        const acyclic = { nodes, edges: edges.filter(([from, to]) => from < to) };
        const library = new LibraryGraph();
        for (let node = 0; node < nodes; node++) library.setNode(String(node));
        for (const [from, to] of acyclic.edges) library.setEdge(String(from), String(to));
        expect(alg.isAcyclic(library)).toBe(true);
        const order = reversePostorder(graphOf(acyclic), 0);
        const rank = new Map([...order].map((node, i) => [node, i]));
        expect(order[0]).toBe(0);
        for (const [from, to] of acyclic.edges) {
          if (rank.has(from)) expect(rank.get(from)).toBeLessThan(rank.get(to) ?? -1);
        }
      }),
    );
  });

  test('the part behind the first successor comes first', () => {
    expect([...reversePostorder(graphFromEdges(4, [0, 0, 1, 2], [1, 2, 3, 3]), 0)]).toEqual([0, 1, 2, 3]);
  });

  test('shortest paths are as long as the library says', () => {
    fc.assert(
      fc.property(randomEdges, fc.nat(), fc.nat(), (edges, a, b) => {
        const from = a % edges.nodes;
        const to = b % edges.nodes;
        const library = new LibraryGraph();
        for (let node = 0; node < edges.nodes; node++) library.setNode(String(node));
        for (const [source, target] of edges.edges) library.setEdge(String(source), String(target));
        const { distance } = alg.dijkstra(library, String(from))[String(to)];
        const path = shortestPath(graphOf(edges), from, to);
        if (path === null) {
          expect(distance).toBe(Number.POSITIVE_INFINITY);
          return;
        }
        expect(path.length - 1).toBe(distance);
        expect([path[0], path[path.length - 1]]).toEqual([from, to]);
        for (let i = 1; i < path.length; i++) expect(edges.edges.some(([x, y]) => x === path[i - 1] && y === path[i])).toBe(true);
      }),
    );
  });
});

describe('scc', () => {
  test('agrees with the library, and no edge leads to a later component', () => {
    fc.assert(
      fc.property(randomEdges, (edges) => {
        const graph = graphOf(edges);
        const { count, of, first, members } = stronglyConnected(graph);
        const library = new LibraryGraph();
        for (let node = 0; node < edges.nodes; node++) library.setNode(String(node));
        for (const [from, to] of edges.edges) {
          library.setEdge(String(from), String(to));
          expect(of[to]).toBeLessThanOrEqual(of[from]);
        }
        const own = Array.from({ length: count }, (_, component) => [...members.subarray(first[component], first[component + 1])].join());
        const theirs = alg.tarjan(library).map((component) =>
          component
            .map(Number)
            .sort((a, b) => a - b)
            .join(),
        );
        expect(own.sort()).toEqual(theirs.sort());
      }),
    );
  });
});

describe('dominators', () => {
  test('agree with the definition: without the dominator there is no path', () => {
    fc.assert(
      fc.property(randomEdges, (edges) => {
        const dominators = immediateDominators(graphOf(edges), 0);
        const all = paths(edges)[0];
        for (let above = 0; above < edges.nodes; above++) {
          const without = paths(edges, above)[0];
          for (let below = 0; below < edges.nodes; below++) {
            const expected = all[below] && all[above] && (below === above || above === 0 || !without[below]);
            expect(isDominated(dominators, below, above)).toBe(expected);
          }
        }
      }),
    );
  });
});

describe(`a chain of ${CHAIN} nodes`, () => {
  test('has its order, components and dominators', () => {
    const order = reversePostorder(chain, 0);
    expect(order.length).toBe(CHAIN);
    expect(order.every((node, rank) => node === rank)).toBe(true);
    const { count, of } = stronglyConnected(chain);
    expect(count).toBe(CHAIN);
    expect([of[0], of[CHAIN - 1]]).toEqual([CHAIN - 1, 0]);
    const dominators = immediateDominators(chain, 0);
    expect(dominators[CHAIN - 1]).toBe(CHAIN - 2);
    expect(shortestPath(chain, 0, CHAIN - 1)?.length).toBe(CHAIN);
  });

  test('closed to a ring is one component', () => {
    const ring = graphFromEdges(
      CHAIN,
      Array.from({ length: CHAIN }, (_, i) => i),
      Array.from({ length: CHAIN }, (_, i) => (i + 1) % CHAIN),
    );
    expect(stronglyConnected(ring).count).toBe(1);
  });
});
