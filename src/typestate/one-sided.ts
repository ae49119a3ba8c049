/**
 * Which branches of a function have an assertion in one arm only?
 *
 * An arm is what lies ahead of one edge and not of the other, up to where they meet, on normal edges that lead onwards. A branch one
 * arm of which never comes to the normal exit is an assertion itself, or a skip, and is left out.
 */
import { EdgeKind } from '../cfg/cfg.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import { shapeOf } from '../program/shape.ts';
import { type BlockAnswers, blockAnswers } from './block-answers.ts';
import type { Engine } from './engine.ts';

export interface OneSided {
  readonly test: Operand;
  /** The outcome with which nothing is asserted. */
  readonly outcome: boolean;
  /** The first assertion that is then skipped. */
  readonly skipped: Instr;
}

/**
 * Blocks that the arms of one function's branches may have together: a branch looks at all that lies behind it, so two thousand of them, one after
 * the other, at two million. Takes about a third of a second; functions that people write need a few thousand.
 */
const MAX_STEPS = 1_000_000;

interface Walk {
  left: number;
}

/** The branches with an assertion in one arm only, in the order of blocks; of those, the ones whose test `isAsked` takes. */
export function oneSidedBranches(scope: Scope, engine: Engine, isAsked: (test: Operand) => boolean): readonly OneSided[] {
  if (!shapeOf(scope.fn).branches) return [];
  const blocks = blockAnswers(scope, engine);
  const { cfg } = blocks;
  if (cfg.exit < 0) return [];
  const asked: [number, Operand][] = [];
  for (const [block, test] of cfg.tests) if (isAsked(test)) asked.push([block, test]);
  if (asked.length === 0 || !blocks.assertsSomewhere()) return [];
  const out: OneSided[] = [];
  const walk: Walk = { left: MAX_STEPS };
  for (const [block, test] of asked) {
    const arm = silentArm(block, blocks, walk);
    if (walk.left < 0) {
      engine.cutOff(scope, 'walks');
      break;
    }
    if (arm) out.push({ test, outcome: arm.outcome, skipped: cfg.instrs[arm.skipped] as Instr });
  }
  return out;
}

/** The arm of the branch that asserts nothing while the other one does, up to where they meet; not where either always raises. */
function silentArm(block: number, blocks: BlockAnswers, walk: Walk): { readonly outcome: boolean; readonly skipped: number } | undefined {
  const { cfg } = blocks;
  let whenTrue = -1;
  let whenFalse = -1;
  for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++) {
    if (cfg.edgeKind[e] === EdgeKind.true) whenTrue = cfg.edgeTarget[e] as number;
    else if (cfg.edgeKind[e] === EdgeKind.false) whenFalse = cfg.edgeTarget[e] as number;
  }
  if (whenTrue < 0 || whenFalse < 0) return undefined;
  const onTrue = ahead(whenTrue, blocks, walk);
  const onFalse = ahead(whenFalse, blocks, walk);
  if (!onTrue.has(cfg.exit) || !onFalse.has(cfg.exit)) return undefined;
  const only = (own: ReadonlySet<number>, other: ReadonlySet<number>): number | undefined =>
    [...own]
      .filter((b) => !other.has(b))
      .sort((a, b) => a - b)
      .find((b) => blocks.asserting(b) === 'yes');
  const t = only(onTrue, onFalse);
  const f = only(onFalse, onTrue);
  if (t !== undefined && f === undefined) return { outcome: false, skipped: blocks.firstAssertion(t) as number };
  if (f !== undefined && t === undefined) return { outcome: true, skipped: blocks.firstAssertion(f) as number };
  return undefined;
}

/** Blocks reached from `from` on normal edges that lead onwards, it included. */
function ahead(from: number, { cfg, alwaysRaises }: BlockAnswers, walk: Walk): ReadonlySet<number> {
  const seen = new Set([from]);
  const todo = [from];
  while (todo.length > 0 && walk.left-- > 0) {
    const b = todo.pop() as number;
    if (b === cfg.exit || alwaysRaises(b)) continue;
    for (let e = cfg.firstEdge[b] as number; e < (cfg.firstEdge[b + 1] as number); e++) {
      const kind = cfg.edgeKind[e] as number;
      const to = cfg.edgeTarget[e] as number;
      if (to <= b || seen.has(to) || (kind !== EdgeKind.next && kind !== EdgeKind.true && kind !== EdgeKind.false)) continue;
      seen.add(to);
      todo.push(to);
    }
  }
  return seen;
}
