/**
 * Can a test pass on a path on which it has checked nothing, and which branch decides that?
 *
 * A search over (block, loops entered) without raise edges: the way of a test in which nothing goes wrong. A block that asserts ends the
 * search, and so does a branch one arm of which always fails (`if x != y: self.fail()` is an assertion). Loops over what is known not to
 * be empty are entered. The branch that decides is the one whose other edge leads to no such path.
 * Leaves out: paths through handlers (the pillar of exceptions looks at those), and tests that assert nothing anywhere.
 */
import { type Cfg, EdgeKind } from '../cfg/cfg.ts';
import { type PathPoint, search } from '../dataflow/paths.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import { asserting } from './assertions.ts';
import type { Engine } from './engine.ts';
import { mayBeEmpty } from './origin.ts';

/** Loops that are kept apart in one function; more of them are followed as if they could be empty, which ends in no finding. */
const MAX_LOOPS = 30;

export interface SilentPath {
  /** What decides: a test, or the `next` instruction of a loop that is never entered. */
  readonly decides:
    | { readonly kind: 'branch'; readonly test: Operand; readonly outcome: boolean }
    | { readonly kind: 'loop'; readonly next: Extract<Instr, { op: 'next' }> };
  /** Branches on the way, in order; the deciding one among them. */
  readonly branches: readonly { readonly test: Operand; readonly outcome: boolean }[];
}

interface Blocks {
  /** Something is checked in the block. */
  readonly asserts: Uint8Array;
  /** Something is certainly checked in it. */
  readonly surely: Uint8Array;
  /** The normal exit can be reached from it. */
  readonly leaves: Uint8Array;
  /** Bit of a loop that is entered in any case; -1 otherwise. */
  readonly loopBit: Int8Array;
  readonly nexts: readonly (Extract<Instr, { op: 'next' }> | undefined)[];
}

const isNormal = (kind: number): boolean => kind === EdgeKind.next || kind === EdgeKind.true || kind === EdgeKind.false;

/** The last instruction of a block, where it has one. */
export function lastInstr(cfg: Cfg, block: number): Instr | undefined {
  const end = cfg.firstInstr[block + 1] as number;
  return end > (cfg.firstInstr[block] as number) ? cfg.instrs[end - 1] : undefined;
}

/** True where the block's last instruction never goes on normally. */
export function alwaysRaises(cfg: Cfg, block: number, scope: Scope, engine: Engine): boolean {
  const last = lastInstr(cfg, block);
  if (last?.op === 'assert' && last.test.op === 'const' && last.test.value === false) return true;
  return last !== undefined && (last.op === 'raise' || (last.op === 'call' && engine.calls.raising(last, scope).likelihood === 'always'));
}

function blocksOf(cfg: Cfg, scope: Scope, engine: Engine): Blocks {
  const asserts = new Uint8Array(cfg.blocks);
  const surely = new Uint8Array(cfg.blocks);
  const leaves = new Uint8Array(cfg.blocks);
  const loopBit = new Int8Array(cfg.blocks).fill(-1);
  const nexts: (Extract<Instr, { op: 'next' }> | undefined)[] = new Array(cfg.blocks);
  let loops = 0;
  for (let b = 0; b < cfg.blocks; b++) {
    for (let i = cfg.firstInstr[b] as number; i < (cfg.firstInstr[b + 1] as number); i++) {
      const answer = asserting(cfg.instrs[i] as Instr, scope, engine);
      if (answer !== 'no') asserts[b] = 1;
      if (answer === 'yes') surely[b] = 1;
    }
    const last = lastInstr(cfg, b);
    if (last?.op === 'next') {
      nexts[b] = last;
      if (loops < MAX_LOOPS && mayBeEmpty(last.iterable, scope, engine) !== 'maybe') loopBit[b] = loops++;
    }
  }
  for (let changed = cfg.exit >= 0; changed; ) {
    changed = false;
    leaves[cfg.exit] = 1;
    for (let b = cfg.blocks - 1; b >= 0; b--) {
      if (leaves[b] === 1 || alwaysRaises(cfg, b, scope, engine)) continue;
      for (let e = cfg.firstEdge[b] as number; e < (cfg.firstEdge[b + 1] as number); e++) {
        // A failure that a handler turns into a normal end is a way out of the arm it happens in.
        if (leaves[cfg.edgeTarget[e] as number] === 1) {
          leaves[b] = 1;
          changed = true;
          break;
        }
      }
    }
  }
  return { asserts, surely, leaves, loopBit, nexts };
}

/** True where the block is a branch with an arm that fails the test: an assertion in other words. A skip is none. */
function isCheckByBranch(cfg: Cfg, block: number, blocks: Blocks, scope: Scope, engine: Engine): boolean {
  if (!cfg.tests.has(block)) return false;
  for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++) {
    const to = cfg.edgeTarget[e] as number;
    if (isNormal(cfg.edgeKind[e] as number) && blocks.leaves[to] === 0 && !skips(cfg, to, scope, engine)) return true;
  }
  return false;
}

/** True where the straight way on from the block ends in a skip. */
function skips(cfg: Cfg, from: number, scope: Scope, engine: Engine): boolean {
  let block = from;
  for (let steps = 0; steps < cfg.blocks; steps++) {
    const last = lastInstr(cfg, block);
    if (last && alwaysRaises(cfg, block, scope, engine)) return /skip/i.test(engine.calls.raising(last, scope).type);
    let next = -1;
    for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++)
      if (isNormal(cfg.edgeKind[e] as number)) next = cfg.edgeTarget[e] as number;
    if (next < 0 || next <= block) return false;
    block = next;
  }
  return false;
}

/** The path on which nothing is checked, and what decides it; undefined where there is none or no single branch decides. */
export function silentPath(scope: Scope, engine: Engine): SilentPath | undefined {
  const cfg = engine.cfg(scope);
  if (cfg.exit < 0 || cfg.blocks < 3) return undefined;
  const blocks = blocksOf(cfg, scope, engine);
  if (!blocks.surely.includes(1)) return undefined;
  const step = (block: number, state: number, edge: number): number | null => {
    if (blocks.asserts[block] === 1 || !isNormal(cfg.edgeKind[edge] as number) || alwaysRaises(cfg, block, scope, engine)) return null;
    if (isCheckByBranch(cfg, block, blocks, scope, engine)) return null;
    const bit = blocks.loopBit[block] as number;
    if (bit < 0) return state;
    if (cfg.edgeKind[edge] === EdgeKind.true) return state | (1 << bit);
    return (state & (1 << bit)) === 0 ? null : state;
  };
  const from = (block: number, state: number): readonly PathPoint<number>[] | null =>
    search(cfg, { starts: [{ block, state }], step, key: (s) => s, isGoal: (b) => b === cfg.exit }).path;
  const path = from(0, 0);
  if (!path) return undefined;
  const branches: { test: Operand; outcome: boolean }[] = [];
  let found: SilentPath['decides'] | undefined;
  for (let i = 0; i + 1 < path.length; i++) {
    const { block, state } = path[i] as PathPoint<number>;
    const taken = (path[i + 1] as PathPoint<number>).edge;
    const kind = cfg.edgeKind[taken] as number;
    if (kind !== EdgeKind.true && kind !== EdgeKind.false) continue;
    const test = cfg.tests.get(block);
    if (test) branches.push({ test, outcome: kind === EdgeKind.true });
    if (found) continue;
    for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++) {
      if (e === taken || !isNormal(cfg.edgeKind[e] as number)) continue;
      const after = step(block, state, e);
      const to = cfg.edgeTarget[e] as number;
      if (after === null || blocks.leaves[to] === 0 || from(to, after)) continue;
      if (!reachesAssertion(cfg, to, blocks)) continue;
      const next = blocks.nexts[block];
      if (test) found = { kind: 'branch', test, outcome: kind === EdgeKind.true };
      else if (next && kind === EdgeKind.false) found = { kind: 'loop', next };
    }
  }
  return found && { decides: found, branches };
}

function reachesAssertion(cfg: Cfg, from: number, blocks: Blocks): boolean {
  const seen = new Set([from]);
  const todo = [from];
  while (todo.length > 0) {
    const b = todo.pop() as number;
    if (blocks.surely[b] === 1) return true;
    for (let e = cfg.firstEdge[b] as number; e < (cfg.firstEdge[b + 1] as number); e++) {
      const to = cfg.edgeTarget[e] as number;
      if (isNormal(cfg.edgeKind[e] as number) && !seen.has(to)) {
        seen.add(to);
        todo.push(to);
      }
    }
  }
  return false;
}
