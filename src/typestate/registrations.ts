/**
 * Which callables has a function certainly registered to run later, at each of its points?
 *
 * A cleanup registered before the acquisition counts too: `self.addCleanup(self.stop_all)` first, `self.server = …` later. A forward
 * must-analysis over the graph (sets as bits, join is intersection). Registrations made by project callees count with the callee's
 * own names. Misses: more than MAX_REGISTRATIONS of them in one function (samples/06-registration).
 */
import { EdgeKind } from '../cfg/cfg.ts';
import type { Argument, Instr, Operand } from '../ir/ir.ts';
import { argumentOf } from '../program/call-site.ts';
import { callsIn } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import type { CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';
import { asksWhatWas } from './saved-state.ts';

/** Bits of a number that JavaScript's bit operators can hold. */
const MAX_REGISTRATIONS = 30;
const MAX_NESTING = 50; // Helpers that register for helpers; deeper ones are taken to register nothing, which is reported.

export interface RegisteredCallable {
  readonly callee: Operand;
  readonly args: readonly Argument[];
  readonly scope: Scope;
  readonly lifetime: string;
}

export interface Registration {
  readonly instr: Instr;
  readonly bit: number;
  readonly how: string;
  readonly callables: readonly RegisteredCallable[];
}

export class Registrations {
  readonly #engine: Engine;
  readonly #lists = new Map<number, readonly Registration[]>();
  readonly #points = new Map<number, Int32Array>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** All registrations in the function, those of its project callees included. */
  list(scope: Scope, depth = 0): readonly Registration[] {
    const key = this.#engine.scopeKey(scope);
    const known = this.#lists.get(key);
    if (known) return known;
    if (depth > MAX_NESTING) {
      this.#engine.cutOff(scope, 'calls');
      return [];
    }
    this.#lists.set(key, []); // A recursive helper registers nothing for itself.
    const out: Registration[] = [];
    const { calls } = this.#engine;
    const add = (instr: CallInstr, callables: readonly RegisteredCallable[]): void => {
      if (callables.length === 0) return;
      if (out.length < MAX_REGISTRATIONS) out.push({ instr, bit: 2 ** out.length, how: calls.info(instr, scope).view.method, callables });
      else this.#engine.cutOff(scope, 'registrations');
    };
    for (const instr of callsIn(scope.fn.body)) {
      const registration = calls.mayRegister(instr, scope) ? calls.info(instr, scope).registration : undefined;
      if (registration) {
        const p = registration.pattern;
        if (p.scope === 'module' && this.#engine.options.runner === 'pytest') continue; // pytest runs no module cleanups.
        if (p.scope === 'receiver' || !p.callable || p.callable.position.at !== 'argument') continue;
        const callee = argumentOf(instr.args, p.callable.position.index, p.callable.position.name);
        if (callee) add(instr, [{ callee, args: instr.args.slice(Math.max(0, p.argumentsFrom)), scope, lifetime: p.scope }]);
        continue;
      }
      const callee = scope.cls && calls.callee(instr, scope);
      if (callee?.kind !== 'method' || callee.cls.body !== scope.cls?.body) continue;
      const target = this.#engine.values.scopeOf(callee);
      if (!target.fn.isGenerator) add(instr, this.certain(target, depth + 1));
    }
    this.#lists.set(key, out);
    return out;
  }

  /** The callables that the function has registered whenever it returns normally. */
  certain(scope: Scope, depth = 0): readonly RegisteredCallable[] {
    const list = this.list(scope, depth);
    if (list.length === 0) return [];
    const cfg = this.#engine.cfg(scope);
    if (cfg.exit < 0) return [];
    const bits = this.at(scope)[cfg.exit] as number;
    return list.filter((r) => (bits & r.bit) !== 0).flatMap((r) => r.callables);
  }

  /** Bits of the registrations that have certainly been made when each block is entered. */
  at(scope: Scope): Int32Array {
    const key = this.#engine.scopeKey(scope);
    const known = this.#points.get(key);
    if (known) return known;
    const cfg = this.#engine.cfg(scope);
    const list = this.list(scope);
    const ALL = -1;
    const before = new Int32Array(cfg.blocks).fill(ALL);
    if (cfg.blocks > 0) before[0] = 0;
    if (list.length === 0) before.fill(0);
    else {
      // `if gc.isenabled(): self.addCleanup(gc.enable)`: where it was off, there is nothing to switch on again.
      const { states } = this.#engine.patternsFor(scope);
      const asking = [...cfg.tests].filter(([, test]) => states.some((s) => asksWhatWas(test, s, scope, this.#engine)));
      const nothingToDo = new Map(asking.map(([b, test]) => [b, test.op === 'unary' ? EdgeKind.true : EdgeKind.false]));
      const bitOf = new Map(list.map((r) => [r.instr, r.bit]));
      for (let changed = true; changed; ) {
        changed = false;
        for (let b = 0; b < cfg.blocks; b++) {
          if (before[b] === ALL && b !== 0) continue;
          let made = 0;
          for (let i = cfg.firstInstr[b] as number; i < (cfg.firstInstr[b + 1] as number); i++) made |= bitOf.get(cfg.instrs[i] as Instr) ?? 0;
          for (let e = cfg.firstEdge[b] as number; e < (cfg.firstEdge[b + 1] as number); e++) {
            if (cfg.edgeKind[e] === nothingToDo.get(b)) continue;
            const to = cfg.edgeTarget[e] as number;
            const out = cfg.edgeKind[e] === EdgeKind.raise ? (before[b] as number) : (before[b] as number) | made;
            const joined = before[to] === ALL ? out : (before[to] as number) & out;
            if (joined !== before[to]) {
              before[to] = joined;
              changed = true;
            }
          }
        }
      }
      for (let b = 0; b < cfg.blocks; b++) if (before[b] === ALL) before[b] = 0;
    }
    this.#points.set(key, before);
    return before;
  }
}
