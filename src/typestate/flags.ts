/**
 * What is certainly known when an acquisition's block is reached: constants in flags, outcomes of tests, cleanups registered?
 *
 * A forward must-analysis of the flags that the function tests again later: the map of facts, join keeps what agrees. It is what makes
 * `owned = False … if owned: f.close()` and `if cond: f = open() … if cond: f.close()` right from the first state on.
 */
import { type Cfg, EdgeKind } from '../cfg/cfg.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import type { ClassUnit } from '../program/classes.ts';
import type { Scope } from '../program/scope.ts';
import { assume, decisiveTests, forget } from './branch.ts';
import type { Engine } from './engine.ts';
import { pathOf } from './path.ts';
import { settle, settlesFlags } from './settled-flags.ts';
import { initialState, type State, withFact } from './state.ts';

export interface Known {
  readonly facts: State['facts'];
  /** Bits of the registrations made so far, those of the block itself included. */
  readonly pending: number;
}

const solved = new WeakMap<Cfg, Map<ClassUnit | undefined, readonly (State | undefined)[]>>();

export function flagsAt(scope: Scope, block: number, engine: Engine): Known {
  const cfg = engine.cfg(scope);
  let pending = engine.registrations.at(scope)[block] as number;
  const list = engine.registrations.list(scope);
  if (list.length > 0) {
    for (let i = cfg.firstInstr[block] as number; i < (cfg.firstInstr[block + 1] as number) - 1; i++)
      pending |= list.find((r) => r.instr === cfg.instrs[i])?.bit ?? 0;
  }
  const remembered = decisiveTests(cfg, scope, engine.values);
  const settles = settlesFlags(scope, engine);
  if (remembered.size === 0 && !settles) return { facts: NONE, pending };
  let byClass = solved.get(cfg);
  if (!byClass) solved.set(cfg, (byClass = new Map()));
  const cls = settles || asksInstance(remembered) ? scope.cls : undefined; // Without such flags all classes agree.
  let states = byClass.get(cls);
  if (!states) byClass.set(cls, (states = solve(cfg, scope, remembered, engine)));
  const before = states[block];
  return { facts: before ? run(cfg, block, before, scope, remembered, engine).facts : NONE, pending };
}

/** Among the tests is one of an attribute, which other classes may be given otherwise. */
function asksInstance(tests: ReadonlySet<string>): boolean {
  for (const t of tests) if (t.includes(' @.')) return true;
  return false;
}

const NONE: State['facts'] = new Map();
/** Rounds over the graph until facts settle: they only shrink, one loop nesting a round; beyond it nothing is known. */
const MAX_ROUNDS = 12;

function solve(cfg: Cfg, scope: Scope, remembered: ReadonlySet<string>, engine: Engine): readonly (State | undefined)[] {
  const before: (State | undefined)[] = new Array(cfg.blocks).fill(undefined);
  before[0] = initialState([], false);
  let changed = true;
  for (let round = 0; changed; round++) {
    changed = false;
    if (round >= MAX_ROUNDS) return before.map(() => initialState([], false));
    for (let b = 0; b < cfg.blocks; b++) {
      const state = before[b];
      if (!state) continue;
      const after = run(cfg, b, state, scope, remembered, engine);
      const test = cfg.tests.get(b);
      for (let e = cfg.firstEdge[b] as number; e < (cfg.firstEdge[b + 1] as number); e++) {
        const kind = cfg.edgeKind[e];
        const to = cfg.edgeTarget[e] as number;
        const out =
          test && (kind === EdgeKind.true || kind === EdgeKind.false)
            ? assume(test, kind === EdgeKind.true, after, remembered, scope, engine.values)
            : kind === EdgeKind.raise
              ? meet(state, after)
              : after;
        const old = before[to];
        const joined = old ? meet(old, out) : out;
        if (!old || joined.facts.size !== old.facts.size) {
          before[to] = joined;
          changed = true;
        }
      }
    }
  }
  return before;
}

function meet(a: State, b: State): State {
  if (a.facts.size === 0) return a;
  let out = a;
  for (const [k, v] of a.facts) if (b.facts.get(k) !== v) out = withFact(out, k, undefined);
  return out;
}

function run(cfg: Cfg, block: number, state: State, scope: Scope, remembered: ReadonlySet<string>, engine: Engine): State {
  let out = state;
  for (let i = cfg.firstInstr[block] as number; i < (cfg.firstInstr[block + 1] as number); i++) {
    const instr = cfg.instrs[i] as Instr;
    if (instr.op !== 'assign' && instr.op !== 'augment' && instr.op !== 'next') continue;
    if (instr.target.op === 'targets') {
      for (const t of instr.target.items) {
        const p = t.op === 'starred' ? undefined : pathOf(t as Operand, scope, engine.values);
        if (p !== undefined) out = forget(out, p);
      }
      continue;
    }
    const path = pathOf(instr.target as Operand, scope, engine.values);
    if (path === undefined) continue;
    out = forget(out, path);
    if (instr.op !== 'assign' || instr.value.op !== 'const') continue;
    if (remembered.has(path)) out = withFact(out, path, instr.value.value);
    out = settle(out, path, instr.value.value, scope, engine);
  }
  return out;
}
