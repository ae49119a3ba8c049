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
import type { Instr, Operand, Stmt } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import { shapeOf } from '../program/shape.ts';
import { asserting, soundsLikeAssertion } from './assertions.ts';
import { type BlockAnswers, blockAnswers, lastInstr } from './block-answers.ts';
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

/** What the search asks of the function's blocks, each found when it is first needed. */
interface Blocks extends BlockAnswers {
  /** The normal exit can be reached from it. */
  leaves(block: number): boolean;
  /** Bit of a loop that is entered in any case; -1 otherwise. */
  loopBit(block: number): number;
  /** It is a branch with an arm that fails the test: an assertion in other words. */
  isCheckByBranch(block: number): boolean;
}

const isNormal = (kind: number): boolean => kind === EdgeKind.next || kind === EdgeKind.true || kind === EdgeKind.false;

function blocksOf(answers: BlockAnswers, scope: Scope, engine: Engine): Blocks {
  const { cfg } = answers;
  const bits: (number | undefined)[] = [];
  const checks: (boolean | undefined)[] = [];
  let loops = 0;
  let leaving: Uint8Array | undefined;
  const bitOf = (block: number): number => {
    const next = nextAt(cfg, block);
    return next && loops < MAX_LOOPS && mayBeEmpty(next.iterable, scope, engine) !== 'maybe' ? loops++ : -1;
  };
  const blocks: Blocks = {
    ...answers,
    leaves: (block) => (leaving ??= leavingBlocks(answers))[block] === 1,
    loopBit: (block) => (bits[block] ??= bitOf(block)),
    isCheckByBranch: (block) => (checks[block] ??= isCheckByBranch(block, blocks, scope, engine)),
  };
  return blocks;
}

/** The `next` instruction of the loop whose head the block ends. */
function nextAt(cfg: Cfg, block: number): Extract<Instr, { op: 'next' }> | undefined {
  const last = lastInstr(cfg, block);
  return last?.op === 'next' ? last : undefined;
}

/** Marks the blocks from which the normal exit can be reached. */
function leavingBlocks({ cfg, alwaysRaises }: BlockAnswers): Uint8Array {
  const leaves = new Uint8Array(cfg.blocks);
  for (let changed = cfg.exit >= 0; changed; ) {
    changed = false;
    leaves[cfg.exit] = 1;
    for (let b = cfg.blocks - 1; b >= 0; b--) {
      if (leaves[b] === 1 || alwaysRaises(b)) continue;
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
  return leaves;
}

/** True where the block is a branch with an arm that fails the test: an assertion in other words. A skip is none. */
function isCheckByBranch(block: number, blocks: Blocks, scope: Scope, engine: Engine): boolean {
  const { cfg } = blocks;
  if (!cfg.tests.has(block)) return false;
  for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++) {
    const to = cfg.edgeTarget[e] as number;
    if (isNormal(cfg.edgeKind[e] as number) && !blocks.leaves(to) && !skips(to, blocks, scope, engine)) return true;
  }
  return false;
}

/** True where the straight way on from the block ends in a skip. */
function skips(from: number, { cfg, alwaysRaises }: BlockAnswers, scope: Scope, engine: Engine): boolean {
  let block = from;
  for (let steps = 0; steps < cfg.blocks; steps++) {
    const last = lastInstr(cfg, block);
    if (last && alwaysRaises(block)) return /skip/i.test(engine.calls.raising(last, scope).type);
    let next = -1;
    for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++)
      if (isNormal(cfg.edgeKind[e] as number)) next = cfg.edgeTarget[e] as number;
    if (next < 0 || next <= block) return false;
    block = next;
  }
  return false;
}

const memo = new WeakMap<BlockAnswers, SilentPath | null>();

/** The path on which nothing is checked, and what decides it; undefined where there is none or no single branch decides. */
export function silentPath(scope: Scope, engine: Engine): SilentPath | undefined {
  const { branches, straight } = shapeOf(scope.fn);
  if (!branches || (straight && assertsInAnyCase(scope.fn.body, scope, engine))) return undefined; // Nothing to decide.
  const answers = blockAnswers(scope, engine);
  let known = memo.get(answers);
  if (known === undefined) memo.set(answers, (known = findSilentPath(answers, scope, engine) ?? null));
  return known ?? undefined;
}

/** True where an assertion of a straight function stands outside all branches and loops. Only what is named like one is looked at. */
function assertsInAnyCase(stmt: Stmt, scope: Scope, engine: Engine): boolean {
  switch (stmt.op) {
    case 'seq':
      // From the end, for that is where tests assert.
      return stmt.items.findLast((s) => assertsInAnyCase(s, scope, engine)) !== undefined;
    case 'run':
      return stmt.instrs.some((i) => mayAssert(i) && asserting(i, scope, engine) !== 'no');
    case 'with':
      return assertsInAnyCase(stmt.body, scope, engine);
    default:
      return false;
  }
}

function mayAssert(instr: Instr): boolean {
  return instr.op === 'assert' || (instr.op === 'call' && instr.callee.op === 'attr' && soundsLikeAssertion(instr.callee.name));
}

function findSilentPath(answers: BlockAnswers, scope: Scope, engine: Engine): SilentPath | undefined {
  const { cfg } = answers;
  if (cfg.exit < 0 || cfg.blocks < 3 || !answers.assertsSomewhere()) return undefined;
  const blocks = blocksOf(answers, scope, engine);
  const step = (block: number, state: number, edge: number): number | null => {
    if (!isNormal(cfg.edgeKind[edge] as number) || blocks.asserting(block) !== 'no' || blocks.alwaysRaises(block)) return null;
    if (blocks.isCheckByBranch(block)) return null;
    const bit = blocks.loopBit(block);
    if (bit < 0) return state;
    if (cfg.edgeKind[edge] === EdgeKind.true) return state | (1 << bit);
    return (state & (1 << bit)) === 0 ? null : state;
  };
  const from = (block: number, state: number): readonly PathPoint<number>[] | null => {
    const { path, cutOff } = search(cfg, { starts: [{ block, state }], step, key: (s) => s, isGoal: (b) => b === cfg.exit });
    if (cutOff) engine.cutOff(scope, 'walks');
    return path;
  };
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
      if (after === null || !blocks.leaves(to) || from(to, after)) continue;
      if (!reachesAssertion(to, blocks)) continue;
      const next = nextAt(cfg, block);
      if (test) found = { kind: 'branch', test, outcome: kind === EdgeKind.true };
      else if (next && kind === EdgeKind.false) found = { kind: 'loop', next };
    }
  }
  return found && { decides: found, branches };
}

function reachesAssertion(from: number, { cfg, asserting }: BlockAnswers): boolean {
  const seen = new Set([from]);
  const todo = [from];
  while (todo.length > 0) {
    const b = todo.pop() as number;
    if (asserting(b) === 'yes') return true;
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
