/**
 * Which branches of a function have an assertion in one arm only?
 *
 * An arm is what lies ahead of one edge and not of the other, up to where they meet, on normal edges that lead onwards. A branch one
 * arm of which never comes to the normal exit is an assertion itself, or a skip, and is left out.
 */
import { type Cfg, EdgeKind } from '../cfg/cfg.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import { asserting } from './assertions.ts';
import type { Engine } from './engine.ts';
import { alwaysRaises } from './silent-path.ts';

export interface OneSided {
  readonly test: Operand;
  /** The outcome with which nothing is asserted. */
  readonly outcome: boolean;
  /** The first assertion that is then skipped. */
  readonly skipped: Instr;
}

/** The branches with an assertion in one arm only, in the order of blocks. */
export function oneSidedBranches(scope: Scope, engine: Engine): readonly OneSided[] {
  const cfg = engine.cfg(scope);
  if (cfg.exit < 0 || cfg.tests.size === 0) return [];
  const asserts = assertionBlocks(cfg, scope, engine);
  if (asserts.size === 0) return [];
  const out: OneSided[] = [];
  for (const [block, test] of cfg.tests) {
    const arm = silentArm(cfg, block, asserts, scope, engine);
    if (arm) out.push({ test, outcome: arm.outcome, skipped: cfg.instrs[arm.skipped] as Instr });
  }
  return out;
}

function assertionBlocks(cfg: Cfg, scope: Scope, engine: Engine): ReadonlyMap<number, number> {
  const out = new Map<number, number>();
  for (let b = 0; b < cfg.blocks; b++) {
    for (let i = cfg.firstInstr[b] as number; i < (cfg.firstInstr[b + 1] as number) && !out.has(b); i++) {
      if (asserting(cfg.instrs[i] as Instr, scope, engine) === 'yes') out.set(b, i);
    }
  }
  return out;
}

/** The arm of the branch that asserts nothing while the other one does, up to where they meet; not where either always raises. */
function silentArm(
  cfg: Cfg,
  block: number,
  asserts: ReadonlyMap<number, number>,
  scope: Scope,
  engine: Engine,
): { readonly outcome: boolean; readonly skipped: number } | undefined {
  let whenTrue = -1;
  let whenFalse = -1;
  for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++) {
    if (cfg.edgeKind[e] === EdgeKind.true) whenTrue = cfg.edgeTarget[e] as number;
    else if (cfg.edgeKind[e] === EdgeKind.false) whenFalse = cfg.edgeTarget[e] as number;
  }
  if (whenTrue < 0 || whenFalse < 0) return undefined;
  const onTrue = ahead(cfg, whenTrue, scope, engine);
  const onFalse = ahead(cfg, whenFalse, scope, engine);
  if (!onTrue.has(cfg.exit) || !onFalse.has(cfg.exit)) return undefined;
  const only = (own: ReadonlySet<number>, other: ReadonlySet<number>): number | undefined =>
    [...own].filter((b) => !other.has(b) && asserts.has(b)).sort((a, b) => a - b)[0];
  const t = only(onTrue, onFalse);
  const f = only(onFalse, onTrue);
  if (t !== undefined && f === undefined) return { outcome: false, skipped: asserts.get(t) as number };
  if (f !== undefined && t === undefined) return { outcome: true, skipped: asserts.get(f) as number };
  return undefined;
}

/** Blocks reached from `from` on normal edges that lead onwards, it included. */
function ahead(cfg: Cfg, from: number, scope: Scope, engine: Engine): ReadonlySet<number> {
  const seen = new Set([from]);
  const todo = [from];
  while (todo.length > 0) {
    const b = todo.pop() as number;
    if (b === cfg.exit || alwaysRaises(cfg, b, scope, engine)) continue;
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
