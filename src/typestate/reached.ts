/**
 * Which instructions of a function does some path reach?
 *
 * All edges count, raise edges too. Leaves out what only a project helper that always raises cuts off: such helpers are overridden.
 */
import { EdgeKind } from '../cfg/cfg.ts';
import type { ModelPattern } from '../config/model.ts';
import type { Instr } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import { lastInstr } from './block-answers.ts';
import { mayBeOneOf } from './call-names.ts';
import type { Engine } from './engine.ts';

/** Instructions on some path from the entry. Of calls, only those of the framework and of Python itself are taken never to return. */
export function reachedInstrs(scope: Scope, engine: Engine): ReadonlySet<Instr> {
  const cfg = engine.cfg(scope);
  const out = new Set<Instr>();
  const seen = new Set([0]);
  const todo = [0];
  while (todo.length > 0) {
    const b = todo.pop() as number;
    for (let i = cfg.firstInstr[b] as number; i < (cfg.firstInstr[b + 1] as number); i++) out.add(cfg.instrs[i] as Instr);
    const last = lastInstr(cfg, b);
    const stops = last !== undefined && neverGoesOn(last, scope, engine);
    for (let e = cfg.firstEdge[b] as number; e < (cfg.firstEdge[b + 1] as number); e++) {
      const kind = cfg.edgeKind[e] as EdgeKind;
      if (stops && (kind === EdgeKind.next || kind === EdgeKind.true || kind === EdgeKind.false)) continue;
      const to = cfg.edgeTarget[e] as number;
      if (seen.has(to)) continue;
      seen.add(to);
      todo.push(to);
    }
  }
  return out;
}

/** Cheap question about a callee's written name: may a call of it never return? `false` is certain. */
export const mayEnd = mayBeOneOf((pack) => pack.models.filter(isEnd));

function isEnd({ effect }: ModelPattern): boolean {
  return effect === 'raises' || effect === 'ends';
}

/** True for calls of the framework and of Python itself that never return. */
export function neverGoesOn(instr: Instr, scope: Scope, engine: Engine): boolean {
  if (instr.op !== 'call' || !mayEnd(instr.callee, scope.module, engine.patternsFor(scope))) return false; // The graph knows what follows a raise or a return.
  const info = engine.calls.info(instr, scope);
  return info.models.some((m) => isEnd(m.pattern)) && info.callee === undefined;
}
