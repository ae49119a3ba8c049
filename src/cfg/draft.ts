/**
 * What does a control-flow graph look like while it is being built?
 *
 * Blocks, edges and instructions are appended to plain number arrays that are reused from function to function: graphs are built by the ten
 * thousand, and allocation would cost more than the building. `freeze` (freeze.ts) makes the compressed, numbered graph out of a draft.
 * Work that is left to do is a stack of tasks, not the call stack, so that deep nesting cannot overflow it; and a task whose first block
 * nobody leads to by then is dropped, which is how unreachable code never comes to be.
 * Invariant: the instructions of a block are appended in one go, so they are one stretch of the pool.
 */
import type { Instr, Operand, Stmt } from '../ir/ir.ts';
import type { CatchTypes, EdgeKind } from './cfg.ts';
import type { Context, Way } from './exits.ts';

/** Draft block numbers that every function has. */
export const ENTRY = 0;
export const EXIT = 1;
export const RAISED_EXIT = 2;

/** Something still to be built, starting in block `entry`. */
export interface Task {
  /** `statement`: stmt, from item `index` on if it is a seq. `copy`: the copy of a finally body or with-exit for `way`. `end`: what follows such a copy of a finally body. `dispatch`: the handlers of a try statement. */
  readonly kind: 'statement' | 'copy' | 'end' | 'dispatch';
  readonly context: Context;
  readonly entry: number;
  readonly stmt: Stmt | null;
  readonly index: number;
  /** For `statement`: the block in which its normal end continues. */
  readonly after: number;
  /** For `copy` and `end`. */
  readonly way: Way;
}

/** The growing graph. The first `blocks` (or `edges`) entries of the arrays are this function's; what lies beyond is left over from others. */
export interface Draft {
  blocks: number;
  edges: number;
  instrs: Instr[];
  /** The stretch of `instrs` of each block; equal where it has none. */
  readonly from: number[];
  readonly to: number[];
  /** 1 once an edge leads to the block. */
  readonly reached: number[];
  readonly source: number[];
  readonly target: number[];
  readonly kind: number[];
  /** The operand tested at the end of a block. */
  readonly tests: Map<number, Operand>;
  /** By edge, in draft numbering. */
  readonly types: Map<number, CatchTypes>;
  readonly tasks: Task[];
  /** Statements and instructions that were built in second and further copies of finally bodies. */
  cloned: number;
  merged: boolean;
}

/** An empty draft for `resetDraft`. */
export function newDraft(): Draft {
  return {
    blocks: 0,
    edges: 0,
    instrs: [],
    from: [],
    to: [],
    reached: [],
    source: [],
    target: [],
    kind: [],
    tests: new Map(),
    types: new Map(),
    tasks: [],
    cloned: 0,
    merged: false,
  };
}

/** Begins a function: afterwards the blocks ENTRY, EXIT and RAISED_EXIT exist, and the last function's instructions are let go. */
export function resetDraft(draft: Draft): void {
  draft.blocks = 0;
  draft.edges = 0;
  draft.instrs = [];
  draft.tests.clear();
  draft.types.clear();
  draft.tasks.length = 0;
  draft.cloned = 0;
  draft.merged = false;
  newBlock(draft);
  newBlock(draft);
  newBlock(draft);
  draft.reached[ENTRY] = 1;
}

export function newBlock(draft: Draft): number {
  const block = draft.blocks++;
  draft.from[block] = 0;
  draft.to[block] = 0;
  draft.reached[block] = 0;
  return block;
}

/** Adds an edge and returns its number. The order in which a block's edges are added is kept. */
export function addEdge(draft: Draft, source: number, target: number, kind: EdgeKind): number {
  const edge = draft.edges++;
  draft.source[edge] = source;
  draft.target[edge] = target;
  draft.kind[edge] = kind;
  draft.reached[target] = 1;
  return edge;
}

export function append(draft: Draft, block: number, instr: Instr): void {
  const end = draft.instrs.push(instr);
  if (draft.to[block] === draft.from[block]) draft.from[block] = end - 1;
  draft.to[block] = end;
}

/** Leaves `stmt` (a seq from item `index` on) to be built from block `entry` on, continuing in block `after`. */
export function pushStatement(draft: Draft, stmt: Stmt, index: number, context: Context, entry: number, after: number): void {
  draft.tasks.push({ kind: 'statement', context, entry, stmt, index, after, way: 0 });
}

export function pushExitTask(draft: Draft, kind: 'copy' | 'end' | 'dispatch', context: Context, entry: number, way: Way): void {
  draft.tasks.push({ kind, context, entry, stmt: null, index: 0, after: -1, way });
}
