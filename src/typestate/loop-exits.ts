/**
 * Which tests end a loop?
 *
 * Those with an arm that does not lead back to them inside the loop. Reads the graph, so `break`, `return` and the loop's own condition
 * are all the same. Leaves out exceptions.
 */
import { EdgeKind } from '../cfg/cfg.ts';
import type { Operand } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';
import { predecessorsOf } from './reaching.ts';

/** Tests inside the loop one arm of which leads out of it; read from the graph. */
export function exitTests(loop: { readonly start: number; readonly end: number }, scope: Scope, engine: Engine): readonly Operand[] {
  const cfg = engine.cfg(scope);
  const inside = new Set<number>();
  for (let b = 0; b < cfg.blocks; b++) {
    const first = cfg.instrs[cfg.firstInstr[b] as number];
    const test = cfg.tests.get(b);
    const own = (cfg.firstInstr[b + 1] as number) > (cfg.firstInstr[b] as number) ? first : test;
    if (own && own.start >= loop.start && own.end <= loop.end) inside.add(b);
  }
  const predecessors = predecessorsOf(cfg);
  const out: Operand[] = [];
  for (const b of inside) {
    const test = cfg.tests.get(b);
    if (!test || test.op === 'const') continue;
    for (let e = cfg.firstEdge[b] as number; e < (cfg.firstEdge[b + 1] as number); e++) {
      const kind = cfg.edgeKind[e] as EdgeKind;
      if (kind !== EdgeKind.true && kind !== EdgeKind.false) continue;
      if (!comesBack(cfg.edgeTarget[e] as number, b, inside, predecessors)) out.push(test);
    }
  }
  return out;
}

/** True where `block` leads back to `from` inside the loop. */
function comesBack(block: number, from: number, inside: ReadonlySet<number>, predecessors: readonly (readonly number[])[]): boolean {
  const seen = new Set([from]);
  const todo = [from];
  while (todo.length > 0) {
    const b = todo.pop() as number;
    for (const p of predecessors[b] ?? []) {
      if (p === block) return true;
      if (seen.has(p) || !inside.has(p)) continue;
      seen.add(p);
      todo.push(p);
    }
  }
  return block === from;
}
