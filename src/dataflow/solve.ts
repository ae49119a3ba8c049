/**
 * Which abstract state holds before each block of a function, whatever path led there?
 *
 * A forward worklist. Blocks are numbered in reverse postorder, so the worklist is a byte a block and a cursor that moves back where a lower
 * block becomes dirty. The one idea that matters: `transfer` answers twice, because `f = open(p)` leaves a file on its normal way on only,
 * and `f.close()` has done its work even if it raises.
 * Invariant: the state before a block is the join over all edges into it; only the last instruction of a block can raise.
 * Leaves out: resources, files, and what an exception's type lets through; `follow` is where a client cuts edges.
 */

import { type Cfg, EdgeKind } from '../cfg/cfg.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import type { Lattice } from './lattice.ts';

/** The state after an instruction: on its normal way on, and where it raised. May be one object reused for every answer. */
export interface Outcome<T> {
  readonly normal: T;
  readonly raised: T;
}

/** An edge as `follow` sees it. */
export interface EdgeView {
  readonly edge: number;
  readonly kind: EdgeKind;
  readonly source: number;
  readonly target: number;
  /** The last instruction of the source block; undefined for blocks without. */
  readonly last: Instr | undefined;
}

export interface ForwardProblem<T> {
  readonly lattice: Lattice<T>;
  /** The state at the entry of the function. */
  readonly entry: T;
  transfer(instr: Instr, before: T): Outcome<T>;
  /** What holds in addition where `test` came out as `truth`; lattice.bottom where it cannot. Called on true and false edges that have a test. */
  refine?(state: T, test: Operand, truth: boolean): T;
  /** The state that an edge hands on; lattice.bottom if the edge is never taken. Called last, on every edge. */
  follow?(state: T, edge: EdgeView): T;
}

export interface Solution<T> {
  /** The state before each block; bottom where no path leads. */
  readonly before: readonly T[];
  /** False where MAX_VISITS_PER_BLOCK was passed: the states are then too low to be relied on. */
  readonly complete: boolean;
}

/**
 * How often a block may be visited on average before the solver gives up. A block is visited again only if its state has risen; states in use
 * rise some dozen times at most, so this is reached by a broken lattice or a function of extraordinary size, not by slow convergence.
 */
export const MAX_VISITS_PER_BLOCK = 200;

/** How often a loop's head may rise before `widen` takes over, where the lattice has one. */
export const VISITS_BEFORE_WIDENING = 4;

/** Solves `problem` on `cfg`. Never fails; a solution that had to be cut short says so. */
export function solveForward<T>(cfg: Cfg, problem: ForwardProblem<T>): Solution<T> {
  const { lattice } = problem;
  const before: T[] = new Array<T>(cfg.blocks).fill(lattice.bottom);
  const dirty = new Uint8Array(cfg.blocks);
  const rises = lattice.widen ? new Int32Array(cfg.blocks) : null;
  before[0] = problem.entry;
  dirty[0] = 1;
  let budget = MAX_VISITS_PER_BLOCK * cfg.blocks;
  for (let block = 0; block < cfg.blocks; block++) {
    if (dirty[block] === 0) continue;
    dirty[block] = 0;
    if (budget-- === 0) return { before, complete: false };
    let lowest = block;
    forEachOut(cfg, problem, block, before[block], (target, state) => {
      let joined = lattice.join(before[target], state);
      if (joined === before[target] || lattice.equal(joined, before[target])) return;
      if (rises && lattice.widen && target <= block && ++rises[target] > VISITS_BEFORE_WIDENING) joined = lattice.widen(before[target], joined);
      before[target] = joined;
      dirty[target] = 1;
      if (target < lowest) lowest = target;
    });
    // A block that became dirty behind the cursor, or the block itself, is next.
    if (lowest < block) block = lowest - 1;
    else if (dirty[block] === 1) block--;
  }
  return { before, complete: true };
}

/** Calls `visit` with the state that each edge of `block` hands on, if `before` holds before the block. Edges never taken are left out. */
export function forEachOut<T>(
  cfg: Cfg,
  problem: ForwardProblem<T>,
  block: number,
  before: T,
  visit: (target: number, state: T, edge: number) => void,
): void {
  const { lattice } = problem;
  let normal = before;
  let raised = before;
  let last: Instr | undefined;
  for (let i = cfg.firstInstr[block]; i < cfg.firstInstr[block + 1]; i++) {
    last = cfg.instrs[i];
    const outcome = problem.transfer(last, normal);
    normal = outcome.normal;
    raised = outcome.raised;
  }
  for (let edge = cfg.firstEdge[block]; edge < cfg.firstEdge[block + 1]; edge++) {
    const kind = cfg.edgeKind[edge] as EdgeKind;
    const target = cfg.edgeTarget[edge];
    let state = kind === EdgeKind.raise ? raised : normal;
    if (problem.refine && (kind === EdgeKind.true || kind === EdgeKind.false)) {
      const test = cfg.tests.get(block);
      if (test && state !== lattice.bottom) state = problem.refine(state, test, kind === EdgeKind.true);
    }
    if (problem.follow && state !== lattice.bottom) state = problem.follow(state, { edge, kind, source: block, target, last });
    if (state !== lattice.bottom && !lattice.equal(state, lattice.bottom)) visit(target, state, edge);
  }
}

/** The block that holds instruction `instr` (an index into cfg.instrs). */
export function blockOfInstr(cfg: Cfg, instr: number): number {
  let low = 0;
  let high = cfg.blocks - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (cfg.firstInstr[middle] <= instr) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The state right before instruction `instr` (an index into cfg.instrs). */
export function stateBefore<T>(cfg: Cfg, problem: ForwardProblem<T>, solution: Solution<T>, instr: number): T {
  const block = blockOfInstr(cfg, instr);
  let state = solution.before[block];
  for (let i = cfg.firstInstr[block]; i < instr; i++) state = problem.transfer(cfg.instrs[i], state).normal;
  return state;
}

/** The states at the normal and the raised exit; bottom where there is none or no path leads there. */
export function exitStates<T>(cfg: Cfg, problem: ForwardProblem<T>, solution: Solution<T>): Outcome<T> {
  const at = (block: number): T => (block === -1 ? problem.lattice.bottom : solution.before[block]);
  return { normal: at(cfg.exit), raised: at(cfg.raisedExit) };
}
