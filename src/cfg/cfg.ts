/**
 * What is the control-flow graph of a function, and how is it walked?
 *
 * Compressed arrays: the instructions of block b are firstInstr[b] .. firstInstr[b + 1], its edges firstEdge[b] .. firstEdge[b + 1].
 * Invariants (verify.ts checks them):
 *  1. Block 0 is the entry; blocks are numbered in reverse postorder over all edges; unreachable blocks are not in the graph.
 *     No edge leads to the entry.
 *  2. An instruction that may raise is the last of its block, and the block has a raise edge to the innermost handler or raised exit.
 *     Which instructions may raise *syntactically*: call, await, yield, assert, raise, next, enter, exit, import; and every instruction of a try
 *     body in which none of these stands (`try: return cache[k]` `except KeyError: …`), see raising.ts.
 *     How likely that is, and whether the edge is taken at all, is configuration and decided by who walks the graph.
 *  3. `finally` bodies and with-exits are copied once per way out (normal, raise, return, break, continue), memoised by target.
 *     A `return` instruction is followed by the copies on its way out, in its block or later ones.
 *  4. `exit` and `raisedExit` are blocks without instructions and without edges; -1 where nothing reaches them.
 */
import type { Instr, Operand } from '../ir/ir.ts';

export const EdgeKind = {
  /** Falls through, or jumps. */
  next: 0,
  /** The block's `test` was true; for a loop over an iterable: there was an element. */
  true: 1,
  /** The block's `test` was false; for a loop over an iterable: it is exhausted. */
  false: 2,
  /** The last instruction raised. `try: f()` → the handler dispatch. */
  raise: 3,
  /** From a handler dispatch into the handler whose types are in `edgeTypes`. */
  catch: 4,
  /** From a handler dispatch onwards: no handler matched; also from the end of a `finally` copy that was entered by raising. */
  uncaught: 5,
  /** From a with-exit that was entered by raising: the manager swallowed the exception. */
  swallow: 6,
  /** From a with-exit that was entered by raising: the exception goes on. */
  forward: 7,
} as const;
export type EdgeKind = (typeof EdgeKind)[keyof typeof EdgeKind];

/** The types a `catch` edge catches. */
export interface CatchTypes {
  /** null: a bare except. */
  readonly types: Operand | null;
  readonly isGroup: boolean;
}

export interface Cfg {
  readonly name: string;
  readonly instrs: readonly Instr[];
  readonly firstInstr: Int32Array;
  readonly firstEdge: Int32Array;
  readonly edgeTarget: Int32Array;
  readonly edgeKind: Uint8Array;
  /** For catch edges, by edge number. */
  readonly edgeTypes: ReadonlyMap<number, CatchTypes>;
  /** For blocks that end in true/false edges: the operand tested; absent for loops over an iterable (their last instruction is `next`) and for the patterns of a match. */
  readonly tests: ReadonlyMap<number, Operand>;
  readonly blocks: number;
  readonly exit: number;
  readonly raisedExit: number;
  /** True where the copies of finally bodies reached their limit and ways out were merged. */
  readonly merged: boolean;
}
