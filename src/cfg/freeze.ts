/**
 * How does a draft become the compact graph that is kept?
 *
 *  1. Edges are sorted by their source (their order kept); edges to an empty block that only goes on are led past it, and so are edges to an
 *     empty block that tests what they have decided (short-circuit.ts).
 *  2. Blocks that cannot be reached are left behind.
 *  3. A block takes in the block it falls through to where that has no other predecessor, so that runs of instructions are maximal; after an
 *     instruction that may raise it does so only if the other is empty (`next` of a for loop and the true and false edges that follow it).
 *  4. Blocks are numbered in reverse postorder.
 * The entry keeps a block of its own and never has a predecessor. Scratch memory is reused from function to function.
 */

import { fillReversePostorder } from '../graph/order.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import { type CatchTypes, type Cfg, EdgeKind } from './cfg.ts';
import { type Draft, ENTRY, EXIT, RAISED_EXIT } from './draft.ts';
import { skipDecidedTests, testedValue } from './short-circuit.ts';

interface Scratch {
  readonly blocks: number;
  readonly edges: number;
  /** Draft edges by source: block → first, then the edge numbers. */
  readonly first: Int32Array;
  readonly edge: Int32Array;
  /** Where an edge to this block really leads. */
  readonly threaded: Int32Array;
  /** Number of edges from reachable blocks; -1 for blocks that were taken in by another. */
  readonly incoming: Int32Array;
  readonly stack: Int32Array;
  readonly cursor: Int32Array;
  readonly order: Int32Array;
  readonly seen: Uint8Array;
  /** Edges after step 3, and the draft edge each is. */
  readonly outFirst: Int32Array;
  readonly outTarget: Int32Array;
  readonly outEdge: Int32Array;
  /** The draft blocks whose instructions a block has: parts[partFirst[b]] .. parts[partFirst[b + 1] - 1]. */
  readonly partFirst: Int32Array;
  readonly parts: Int32Array;
}

function newScratch(blocks: number, edges: number): Scratch {
  const perBlock = (): Int32Array => new Int32Array(blocks + 1);
  return {
    blocks,
    edges,
    first: perBlock(),
    edge: new Int32Array(edges),
    threaded: perBlock(),
    incoming: perBlock(),
    stack: perBlock(),
    cursor: perBlock(),
    order: perBlock(),
    seen: new Uint8Array(blocks),
    outFirst: perBlock(),
    outTarget: new Int32Array(edges),
    outEdge: new Int32Array(edges),
    partFirst: perBlock(),
    parts: perBlock(),
  };
}

// Starts big enough for nearly all functions and doubles when one needs more.
let scratch = newScratch(1 << 10, 1 << 11);

const NO_TESTS: ReadonlyMap<number, Operand> = new Map();
const NO_TYPES: ReadonlyMap<number, CatchTypes> = new Map();

/** The finished graph of what is in `draft`; the draft may be reused afterwards. */
export function freeze(draft: Draft, name: string): Cfg {
  if (draft.blocks >= scratch.blocks || draft.edges >= scratch.edges) {
    scratch = newScratch(2 * Math.max(draft.blocks, scratch.blocks), 2 * Math.max(draft.edges, scratch.edges));
  }
  sortEdges(draft, scratch);
  thread(draft, scratch);
  if (draft.tests.size > 1) skipDecidedTests(draft, scratch.first, scratch.edge, scratch.threaded);
  countIncoming(draft, scratch);
  const tests = joinBlocks(draft, scratch);
  scratch.seen.fill(0, 0, draft.blocks);
  const start = fillReversePostorder(
    scratch.outFirst,
    scratch.outTarget,
    ENTRY,
    scratch.order,
    draft.blocks,
    scratch.seen,
    scratch.stack,
    scratch.cursor,
  );
  return compress(draft, scratch, name, start, tests);
}

function sortEdges(draft: Draft, { first, edge, cursor }: Scratch): void {
  const { blocks, edges, source } = draft;
  first.fill(0, 0, blocks + 1);
  for (let i = 0; i < edges; i++) first[source[i] + 1]++;
  for (let block = 0; block < blocks; block++) {
    first[block + 1] += first[block];
    cursor[block] = first[block];
  }
  for (let i = 0; i < edges; i++) edge[cursor[source[i]]++] = i;
}

/** Finds for every block where an edge to it really leads. A ring of empty blocks (`while True: pass`) leads to one of its members. */
function thread(draft: Draft, { first, edge, threaded, stack }: Scratch): void {
  const { blocks, from, to, target, kind } = draft;
  threaded.fill(-1, 0, blocks);
  for (let block = 0; block < blocks; block++) {
    let depth = 0;
    let at = block;
    while (threaded[at] === -1) {
      // Provisionally itself, so that a ring stops here.
      threaded[at] = at;
      if (from[at] !== to[at] || first[at + 1] - first[at] !== 1 || kind[edge[first[at]]] !== EdgeKind.next) break;
      stack[depth++] = at;
      at = target[edge[first[at]]];
    }
    const end = threaded[at];
    while (depth > 0) threaded[stack[--depth]] = end;
  }
}

function countIncoming(draft: Draft, { first, edge, threaded, incoming, stack, seen }: Scratch): void {
  const { blocks, target } = draft;
  incoming.fill(0, 0, blocks);
  seen.fill(0, 0, blocks);
  let depth = 1;
  stack[0] = ENTRY;
  seen[ENTRY] = 1;
  while (depth > 0) {
    const block = stack[--depth];
    for (let i = first[block]; i < first[block + 1]; i++) {
      const to = threaded[target[edge[i]]];
      incoming[to]++;
      if (seen[to] === 0) {
        seen[to] = 1;
        stack[depth++] = to;
      }
    }
  }
}

/** Step 3. Returns the tests by (draft) block after joining. */
function joinBlocks(draft: Draft, scratch: Scratch): Map<number, Operand> | null {
  const { blocks, target, kind, from, to } = draft;
  const { first, edge, threaded, incoming, stack, cursor, seen, outFirst, outTarget, outEdge, partFirst, parts } = scratch;
  const takes = (block: number, next: number, by: number): boolean =>
    by === EdgeKind.next &&
    next > RAISED_EXIT &&
    incoming[next] === 1 &&
    next !== block &&
    (first[block + 1] - first[block] === 1 || from[next] === to[next]);
  for (let block = 0; block < blocks; block++) {
    if (seen[block] === 0) continue;
    for (let i = first[block]; i < first[block + 1]; i++) {
      const next = threaded[target[edge[i]]];
      if (takes(block, next, kind[edge[i]])) incoming[next] = -1;
    }
  }
  let tests: Map<number, Operand> | null = null;
  let edges = 0;
  let partCount = 0;
  for (let block = 0; block < blocks; block++) {
    outFirst[block] = edges;
    partFirst[block] = partCount;
    if (seen[block] === 0 || incoming[block] === -1) continue;
    // Depth first through what the block takes in; edges come out in order.
    let depth = 0;
    stack[0] = block;
    cursor[0] = first[block];
    parts[partCount++] = block;
    while (depth >= 0) {
      const at = stack[depth];
      if (cursor[depth] === first[at + 1]) {
        const test = draft.tests.size > 0 ? draft.tests.get(at) : undefined;
        if (test) (tests ??= new Map()).set(block, test);
        depth--;
        continue;
      }
      const out = edge[cursor[depth]++];
      const next = threaded[target[out]];
      if (incoming[next] === -1 && kind[out] === EdgeKind.next) {
        parts[partCount++] = next;
        depth++;
        stack[depth] = next;
        cursor[depth] = first[next];
      } else {
        outTarget[edges] = next;
        outEdge[edges++] = out;
      }
    }
  }
  outFirst[blocks] = edges;
  partFirst[blocks] = partCount;
  return tests;
}

/** Step 4: the arrays of the result, by order[start] .. order[blocks - 1]. */
function compress(draft: Draft, scratch: Scratch, name: string, start: number, draftTests: Map<number, Operand> | null): Cfg {
  const { order, outFirst, outTarget, outEdge, partFirst, parts, threaded: rank, seen } = scratch;
  const blocks = draft.blocks - start;
  let edges = 0;
  for (let block = 0; block < blocks; block++) {
    const old = order[start + block];
    rank[old] = block;
    edges += outFirst[old + 1] - outFirst[old];
  }
  const firstInstr = new Int32Array(blocks + 1);
  const firstEdge = new Int32Array(blocks + 1);
  const edgeTarget = new Int32Array(edges);
  const edgeKind = new Uint8Array(edges);
  const instrs: Instr[] = [];
  let types: Map<number, CatchTypes> | null = null;
  let tests: Map<number, Operand> | null = null;
  let at = 0;
  for (let block = 0; block < blocks; block++) {
    const old = order[start + block];
    firstInstr[block] = instrs.length;
    firstEdge[block] = at;
    for (let part = partFirst[old]; part < partFirst[old + 1]; part++) {
      for (let i = draft.from[parts[part]]; i < draft.to[parts[part]]; i++) instrs.push(draft.instrs[i]);
    }
    for (let i = outFirst[old]; i < outFirst[old + 1]; i++) {
      const edge = outEdge[i];
      edgeTarget[at] = rank[outTarget[i]];
      edgeKind[at] = draft.kind[edge];
      if (draft.kind[edge] === EdgeKind.catch) {
        const caught = draft.types.get(edge);
        if (caught) (types ??= new Map()).set(at, caught);
      }
      at++;
    }
    const test = draftTests?.get(old);
    if (test) (tests ??= new Map()).set(block, testedValue(test, instrs, firstInstr[block], instrs.length));
  }
  firstInstr[blocks] = instrs.length;
  firstEdge[blocks] = at;
  return {
    name,
    instrs,
    firstInstr,
    firstEdge,
    edgeTarget,
    edgeKind,
    edgeTypes: types ?? NO_TYPES,
    tests: tests ?? NO_TESTS,
    blocks,
    exit: seen[EXIT] ? rank[EXIT] : -1,
    raisedExit: seen[RAISED_EXIT] ? rank[RAISED_EXIT] : -1,
    merged: draft.merged,
  };
}
