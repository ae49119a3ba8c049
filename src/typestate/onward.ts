/**
 * What does code meet on its way through a function from one instruction on, as long as nothing goes wrong?
 *
 * Breadth-first over (block, state) along normal edges; the visitor turns states into states and may end a way. The first way to a place is
 * the shortest, and its branches are what a witness shows. Calls that never return end a way.
 * Leaves out: raise edges and handlers. Who asks here asks about tests that pass.
 */
import { type Cfg, EdgeKind } from '../cfg/cfg.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import { alwaysRaises } from './always-raises.ts';
import type { Engine } from './engine.ts';

/** Pairs of block and state that one walk looks at; the longest tests of the measured suites stay below a fiftieth of it. */
const MAX_PAIRS = 20_000;

export interface Branch {
  readonly test: Operand;
  readonly outcome: boolean;
}

export interface Visitor<S> {
  /** The state after the instruction; null ends this way. `branches` are those on the way here. */
  visit(instr: Instr, state: S, branches: () => readonly Branch[]): S | null;
  /** The state after a loop over an iterable has come to its end. */
  exhausted?(next: Extract<Instr, { op: 'next' }>, state: S): S;
  /** The normal end of the function. */
  end?(state: S, branches: () => readonly Branch[]): void;
  key(state: S): string | number;
}

interface Node<S> {
  readonly block: number;
  readonly index: number;
  readonly state: S;
  readonly from: Node<S> | null;
  readonly branch: Branch | null;
}

/** Where an instruction stands: its block and number; undefined where the graph does not have it. */
export function placeOf(cfg: Cfg, instr: Instr): { readonly block: number; readonly index: number } | undefined {
  const index = cfg.instrs.indexOf(instr);
  if (index < 0) return undefined;
  let block = 0;
  while ((cfg.firstInstr[block + 1] as number) <= index) block++;
  return { block, index };
}

/** Walks on from the instruction after `after` (from the entry where null), with `state`. */
export function walkFrom<S>(after: Instr | null, state: S, scope: Scope, engine: Engine, visitor: Visitor<S>): void {
  const cfg = engine.cfg(scope);
  const place = after === null ? { block: 0, index: -1 } : placeOf(cfg, after);
  if (!place) return;
  const seen = new Set<string>();
  const queue: Node<S>[] = [{ block: place.block, index: place.index + 1, state, from: null, branch: null }];
  for (let q = 0; q < queue.length; q++) {
    if (q >= MAX_PAIRS) {
      engine.cutOff(scope, 'walks');
      return;
    }
    const node = queue[q] as Node<S>;
    const branches = (): readonly Branch[] => trail(node);
    if (node.block === cfg.exit) {
      visitor.end?.(node.state, branches);
      continue;
    }
    let now: S | null = node.state;
    let last: Instr | undefined;
    for (let i = Math.max(node.index, cfg.firstInstr[node.block] as number); i < (cfg.firstInstr[node.block + 1] as number) && now !== null; i++) {
      last = cfg.instrs[i] as Instr;
      now = visitor.visit(last, now, branches);
    }
    if (now === null || (last && alwaysRaises(last, scope, engine.calls))) continue;
    if ((cfg.firstInstr[node.block + 1] as number) > (cfg.firstInstr[node.block] as number))
      last ??= cfg.instrs[(cfg.firstInstr[node.block + 1] as number) - 1];
    const test = cfg.tests.get(node.block);
    for (let e = cfg.firstEdge[node.block] as number; e < (cfg.firstEdge[node.block + 1] as number); e++) {
      const kind = cfg.edgeKind[e] as EdgeKind;
      if (kind !== EdgeKind.next && kind !== EdgeKind.true && kind !== EdgeKind.false) continue;
      const next: S = visitor.exhausted && kind === EdgeKind.false && last?.op === 'next' ? visitor.exhausted(last, now) : now;
      const to = cfg.edgeTarget[e] as number;
      const key = `${to} ${visitor.key(next)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push({
        block: to,
        index: 0,
        state: next,
        from: node,
        branch: test && kind !== EdgeKind.next ? { test, outcome: kind === EdgeKind.true } : null,
      });
    }
  }
}

function trail<S>(node: Node<S>): readonly Branch[] {
  const out: Branch[] = [];
  for (let n: Node<S> | null = node; n !== null; n = n.from) if (n.branch) out.push(n.branch);
  return out.reverse();
}

/** True where all that the body of a loop over an iterable does is to fail: it shows that there is nothing left. */
export function bodyOnlyFails(next: Instr, scope: Scope, engine: Engine): boolean {
  const cfg = engine.cfg(scope);
  const place = placeOf(cfg, next);
  if (!place) return false;
  for (let e = cfg.firstEdge[place.block] as number; e < (cfg.firstEdge[place.block + 1] as number); e++) {
    if (cfg.edgeKind[e] !== EdgeKind.true) continue;
    const to = cfg.edgeTarget[e] as number;
    const last = cfg.instrs[(cfg.firstInstr[to + 1] as number) - 1];
    return last !== undefined && alwaysRaises(last, scope, engine.calls);
  }
  return false;
}
