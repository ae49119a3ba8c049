/**
 * Which definitions of a local reach the place where it is read?
 *
 * Walks the graph backwards from the block whose test (or instruction) reads it, over all edges, and stops at each definition. Asked for a
 * few names of a few functions, so nothing is solved in advance.
 */
import type { Cfg } from '../cfg/cfg.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import { type Definition, factsOf, type Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';

const predecessorCache = new WeakMap<Cfg, readonly (readonly number[])[]>();

/** The blocks from which an edge leads to each block. */
export function predecessorsOf(cfg: Cfg): readonly (readonly number[])[] {
  const known = predecessorCache.get(cfg);
  if (known) return known;
  const out: number[][] = Array.from({ length: cfg.blocks }, () => []);
  for (let b = 0; b < cfg.blocks; b++)
    for (let e = cfg.firstEdge[b] as number; e < (cfg.firstEdge[b + 1] as number); e++) out[cfg.edgeTarget[e] as number]?.push(b);
  predecessorCache.set(cfg, out);
  return out;
}

/** For the test of a branch: a function from a local's name to the definitions that reach the test; undefined for names that are not locals. */
export function reachingDefinitions(test: Operand, scope: Scope, engine: Engine): (name: string) => readonly Definition[] | undefined {
  const cfg = engine.cfg(scope);
  let at = -1;
  for (const [block, t] of cfg.tests) if (t === test || (t.start <= test.start && test.end <= t.end)) at = at < 0 ? block : Math.min(at, block);
  return (name) => (at < 0 ? undefined : definitionsBefore(cfg, at, cfg.firstInstr[at + 1] as number, name, scope));
}

/** The definitions of local `name` that reach instruction number `index` of `block`. The parameter's own, where the entry is reached. */
export function definitionsBefore(cfg: Cfg, block: number, index: number, name: string, scope: Scope): readonly Definition[] | undefined {
  const all = factsOf(scope.module, scope.fn).names.get(name);
  if (!all || all.length < 2) return all;
  const byInstr = new Map<Instr, Definition>();
  for (const d of all) if (d.instr) byInstr.set(d.instr, d);
  const entry = all.find((d) => d.instr === null);
  const predecessors = predecessorsOf(cfg);
  const found = new Set<Definition>();
  const seen = new Set<number>();
  const todo: { block: number; from: number }[] = [{ block, from: index }];
  while (todo.length > 0) {
    const { block: b, from } = todo.pop() as { block: number; from: number };
    let hit: Definition | undefined;
    for (let i = from - 1; i >= (cfg.firstInstr[b] as number) && !hit; i--) hit = byInstr.get(cfg.instrs[i] as Instr);
    if (hit) {
      found.add(hit);
      continue;
    }
    if (b === 0 && entry) found.add(entry);
    for (const p of predecessors[b] ?? []) {
      if (seen.has(p)) continue;
      seen.add(p);
      todo.push({ block: p, from: cfg.firstInstr[p + 1] as number });
    }
  }
  return [...found];
}
