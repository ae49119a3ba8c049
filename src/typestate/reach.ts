/**
 * * Cheap questions about a callable, answered from the graph without any obligation: does it ever return, does it assert, which attributes and globals does it (with all it calls) mention?
 *
 * Nothing else happens in this file.
 */
import { type Cfg, EdgeKind } from '../cfg/cfg.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import { forEachInstr } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { methodScope } from '../program/values.ts';
import { alwaysRaises } from './always-raises.ts';
import type { CallInfo } from './calls.ts';
import type { Callable } from './chains.ts';
import type { Engine } from './engine.ts';
import { below, membersOf, type Path, pathOf, rootOf } from './path.ts';
import { PROCESS, stateEvents } from './process-state.ts';
import { isParameter } from './relation.ts';

/** Functions looked at for one question; beyond it every place counts as mentioned, so the function is gone through and nothing is lost. */
const MAX_REACHED = 150;

function scopeOf(callee: Callable, engine: Engine): Scope | undefined {
  if (callee.kind !== 'class') return engine.values.scopeOf(callee);
  const ref = engine.values.classes.method(callee.cls, '__init__');
  return ref && methodScope(ref, callee.cls);
}

const returning = new WeakMap<Engine, Map<string, boolean>>();
/** Calls of calls; each level takes a dozen frames of the stack. What lies deeper is taken to return. */
const MAX_RETURN_DEPTH = 100;
let returnDepth = 0;

/** True where no path of the callee reaches its normal exit. */
export function neverReturns(callee: CallInfo['callee'], _from: Scope, engine: Engine): boolean {
  const scope = callee && callee.kind !== 'class' ? scopeOf(callee, engine) : undefined;
  if (!scope || scope.fn.isGenerator || scope.fn.isAsync) return false;
  let memo = returning.get(engine);
  if (!memo) returning.set(engine, (memo = new Map()));
  const key = `${engine.id(scope.fn)} ${engine.id(scope.cls?.body)}`;
  const known = memo.get(key);
  if (known !== undefined) return known;
  if (returnDepth >= MAX_RETURN_DEPTH) return false;
  memo.set(key, false); // A recursive call is taken to return.
  returnDepth++;
  try {
    const answer = !reachesExit(scope, engine);
    memo.set(key, answer);
    return answer;
  } finally {
    returnDepth--;
  }
}

function reachesExit(scope: Scope, engine: Engine): boolean {
  const cfg = engine.cfg(scope);
  if (cfg.exit < 0) return false;
  if (!mayAlwaysRaise(cfg, scope, engine)) return true;
  const seen = new Set([0]);
  const todo = [0];
  while (todo.length > 0) {
    const block = todo.pop() as number;
    const last = cfg.instrs[(cfg.firstInstr[block + 1] as number) - 1];
    const stops =
      last !== undefined && (cfg.firstInstr[block + 1] as number) > (cfg.firstInstr[block] as number) && alwaysRaises(last, scope, engine.calls);
    for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++) {
      const kind = cfg.edgeKind[e] as EdgeKind;
      if (stops && kind !== EdgeKind.raise) continue;
      const to = cfg.edgeTarget[e] as number;
      if (!seen.has(to)) {
        seen.add(to);
        todo.push(to);
      }
    }
  }
  return seen.has(cfg.exit);
}

/** Only functions with a raise statement or a call at their outermost level can be without a normal exit. */
function mayAlwaysRaise(cfg: Cfg, scope: Scope, engine: Engine): boolean {
  return cfg.instrs.some((i) => i.op === 'raise' || (i.op === 'call' && alwaysRaises(i, scope, engine.calls)));
}

const asserting = new WeakMap<Engine, Map<number, boolean>>();
const MAX_ASSERT_DEPTH = 3; // An assertion further down is not what a reader takes the call for.

/** True where the callee itself, or what it calls directly, asserts or waits. */
export function mayAssert(callee: CallInfo['callee'], engine: Engine, depth = 0): boolean {
  const scope = callee && callee.kind !== 'class' && depth < MAX_ASSERT_DEPTH ? scopeOf(callee, engine) : undefined;
  if (!scope) return false;
  let memo = asserting.get(engine);
  if (!memo) asserting.set(engine, (memo = new Map()));
  const key = engine.id(scope.fn) * (MAX_ASSERT_DEPTH + 1) + depth;
  const known = memo.get(key);
  if (known !== undefined) return known;
  memo.set(key, false);
  let answer = false;
  forEachInstr(scope.fn.body, (i) => {
    if (answer) return;
    if (i.op === 'assert') answer = true;
    else if (i.op === 'call') {
      const info = engine.calls.info(i, scope);
      answer =
        info.models.some((m) => m.pattern.effect === 'asserts' || m.pattern.effect === 'waits') ||
        (info.callee !== undefined && mayAssert(info.callee, engine, depth + 1));
    }
  });
  memo.set(key, answer);
  return answer;
}

interface Touched {
  /** First members of `@` that are mentioned: '.server'. */
  readonly attributes: ReadonlySet<string>;
  readonly globals: ReadonlySet<Path>;
  readonly callees: readonly Scope[];
  /** `self` itself is handed on. */
  readonly passesSelf: boolean;
}

const ownTouched = new WeakMap<Engine, Map<string, Touched>>();
const allTouched = new WeakMap<Engine, Map<string, { attributes: Set<string>; globals: Set<Path>; everything: boolean }>>();

/** True where the function, or anything it calls, mentions one of the places (`@.x…`, `g:…`). */
export function touches(scope: Scope, places: readonly Path[], engine: Engine): boolean {
  let memo = allTouched.get(engine);
  if (!memo) allTouched.set(engine, (memo = new Map()));
  const key = `${engine.id(scope.fn)} ${engine.id(scope.cls?.body)}`;
  let all = memo.get(key);
  if (!all) {
    all = { attributes: new Set(), globals: new Set(), everything: false };
    const seen = new Set<string>([key]);
    const todo = [scope];
    while (todo.length > 0) {
      const at = todo.pop() as Scope;
      const own = touchedBy(at, engine);
      for (const a of own.attributes) all.attributes.add(a);
      for (const g of own.globals) all.globals.add(g);
      if (own.passesSelf) all.everything = true;
      for (const c of own.callees) {
        const k = `${engine.id(c.fn)} ${engine.id(c.cls?.body)}`;
        if (seen.has(k)) continue;
        seen.add(k);
        todo.push(c);
      }
      if (seen.size > MAX_REACHED) {
        all.everything = true;
        break;
      }
    }
    memo.set(key, all);
  }
  if (all.everything) return true;
  for (const p of places) {
    if (p.startsWith('g:literal:')) return true;
    if (p.startsWith('g:')) {
      for (const g of all.globals) if (below(g, p) !== undefined || below(p, g) !== undefined) return true;
      continue;
    }
    const first = membersOf(p.slice(rootOf(p).length))[0];
    if (first === undefined || all.attributes.has(first)) return true;
  }
  return false;
}

function touchedBy(scope: Scope, engine: Engine): Touched {
  let memo = ownTouched.get(engine);
  if (!memo) ownTouched.set(engine, (memo = new Map()));
  const key = `${engine.id(scope.fn)} ${engine.id(scope.cls?.body)}`;
  const known = memo.get(key);
  if (known) return known;
  const attributes = new Set<string>();
  const globals = new Set<Path>();
  const callees: Scope[] = [];
  let passesSelf = false;
  const visit = (o: unknown): void => {
    if (o === null || typeof o !== 'object') return;
    if (Array.isArray(o)) {
      for (const x of o) visit(x);
      return;
    }
    const operand = o as Operand;
    if (operand.op === 'attr' || operand.op === 'index') {
      const path = pathOf(operand, scope, engine.values);
      // A parameter may be the object itself: `close_log(self)`.
      if (path !== undefined && (path.startsWith('@') || isParameter(rootOf(path), scope))) {
        const first = membersOf(path.slice(rootOf(path).length))[0];
        if (first !== undefined) attributes.add(first);
      } else if (path?.startsWith('g:')) globals.add(path);
    } else if (operand.op === 'name' && operand.scope === 'global') {
      const path = pathOf(operand, scope, engine.values);
      if (path?.startsWith('g:')) globals.add(path);
    } else if (operand.op === 'function') callees.push({ ...scope, fn: scope.module.ir.functions[operand.index] as Scope['fn'] });
    for (const v of Object.values(operand)) if (typeof v === 'object') visit(v);
  };
  forEachInstr(scope.fn.body, (instr: Instr) => {
    visit(instr);
    if (instr.op === 'call') {
      const callee = engine.calls.info(instr, scope).callee;
      const target = callee && scopeOf(callee, engine);
      if (target && callee?.kind !== 'class') callees.push(target);
      if (instr.callee.op === 'name' && instr.callee.name === 'getattr') passesSelf = true;
      // What sweeps a collection names it in the configuration, not here.
      if (
        engine
          .patternsFor(scope)
          .sweepers(engine.calls.info(instr, scope).view)
          .some((m) => m.pattern.collection !== null)
      )
        passesSelf = true;
    } else if (instr.op === 'define') callees.push({ ...scope, fn: scope.module.ir.functions[instr.index] as Scope['fn'] });
  });
  for (const e of stateEvents(scope, engine)) if (e.role === 'restores') globals.add(`${PROCESS}${e.state.kind}`);
  const out: Touched = { attributes, globals, callees, passesSelf };
  memo.set(key, out);
  return out;
}
