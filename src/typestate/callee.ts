/**
 * What does a call of a project function do to the obligation? Names are carried into the callee and back.
 *
 * Entry: the receiver becomes `@`, arguments become parameters; holders that the callee cannot see stay behind, marked by FRAME.
 * Return: `R` becomes the call's result, `@` the receiver, attributes of parameters attributes of the arguments; the callee's locals are
 * gone. The callee itself is explored once per entry state (engine.effectOf), so the cost does not grow with the number of calls.
 * This is the functional approach of Sharir and Pnueli (1981), tabulated on demand as by Reps, Horwitz and Sagiv (1995).
 */
import type { Argument, Instr, Operand, Param } from '../ir/ir.ts';
import { constantOf } from '../program/call-site.ts';
import type { Scope } from '../program/scope.ts';
import { methodScope } from '../program/values.ts';
import { constantsOf } from './branch.ts';
import type { Callable } from './chains.ts';
import type { Engine } from './engine.ts';
import { below, FRAME, isLocalOf, OWNED, type Path, pathOf, RESULT, rootOf } from './path.ts';
import { defaultPaths, freePaths, heldBelow } from './relation.ts';
import { addHolders, initialState, type State, withHolders } from './state.ts';
import { isEnd, type Out, type Post, type Tracked } from './transfer.ts';

/** A place of the caller and what it is called in the callee. `moves`: the callee decides whether it still holds. */
interface Binding {
  readonly caller: Path;
  readonly callee: Path;
  readonly moves: boolean;
}

export interface Entry {
  readonly scope: Scope;
  readonly bindings: readonly Binding[];
  /** Arguments that carry the resource in a literal or into `*args`. */
  readonly loose: readonly { readonly operand: Operand; readonly callee: Path }[];
  /** Parameters that the callee tests and the call gives a literal (or something unknown: undefined removes the default's fact). */
  readonly constants: ReadonlyMap<string, string | number | boolean | null>;
}

/** Where the callable's body is; undefined for classes without a constructor in the program. */
export function calleeScope(callee: Callable, engine: Engine): Scope | undefined {
  if (callee.kind !== 'class') return engine.values.scopeOf(callee);
  const ref = engine.values.classes.method(callee.cls, '__init__');
  return ref && methodScope(ref, callee.cls);
}

/** Where the callable's body is and how places correspond; undefined where the callable has no body in the program. */
export function enterCallee(
  callee: Callable,
  args: readonly Argument[],
  receiver: Operand | undefined,
  result: number | undefined,
  scope: Scope,
  engine: Engine,
): Entry | undefined {
  const { values } = engine;
  const bindings: Binding[] = [];
  let target: Scope;
  let skip = 0;
  if (callee.kind === 'class') {
    const ref = values.classes.method(callee.cls, '__init__');
    if (!ref) return undefined;
    target = methodScope(ref, callee.cls);
    skip = 1;
    if (result !== undefined) bindings.push({ caller: `${scope.fn.index}%${result}`, callee: '@', moves: true });
  } else {
    target = values.scopeOf(callee);
    if (callee.kind === 'method') {
      const facts = engine.facts(target);
      skip = facts.receiver ? 1 : 0;
      const unbound =
        receiver !== undefined && values.of(receiver, scope)?.kind === 'class' && facts.receiver !== undefined && !facts.receiver.isClass;
      const self = unbound ? (args[0]?.value as Operand | undefined) : receiver;
      if (unbound) skip = 0;
      const path = self && pathOf(self, scope, values);
      if (path !== undefined && facts.receiver) bindings.push({ caller: path, callee: '@', moves: true });
    } else if (callee.kind === 'nested') {
      for (const p of freePaths(target, values)) bindings.push({ caller: p, callee: p, moves: true });
      bindings.push({ caller: '@', callee: '@', moves: true });
    }
  }
  const loose: { operand: Operand; callee: Path }[] = [];
  const constants = new Map<string, string | number | boolean | null>();
  const tested = testedParameters(target, engine);
  const bound = new Set<string>();
  bindArguments(args, target.fn.params.slice(skip), (operand, param, star) => {
    if (operand.op === 'star') return; // What the caller's own *args hold is not followed through a second spread.
    const own = `${target.fn.index}:${param.name}`;
    if (tested.has(param.name)) {
      bound.add(param.name);
      const constant = constantOf(operand, scope);
      if (constant !== undefined) constants.set(own, constant);
    }
    const at = star ? `${own}[*]` : own;
    const path = star ? undefined : pathOf(operand, scope, values);
    if (path === undefined) loose.push({ operand, callee: at });
    else bindings.push({ caller: path, callee: at, moves: false });
  });
  // A switch that `**options` may hold keeps its default: see given-constants.ts.
  if (!args.some((a) => a.kind === 'star')) {
    for (const { param, path } of callee.kind === 'nested' && args.length === 0 ? defaultPaths(target, values) : [])
      bindings.push({ caller: path, callee: `${target.fn.index}:${param}`, moves: false });
    for (const p of target.fn.params)
      if (tested.has(p.name) && !bound.has(p.name) && p.default?.op === 'const') constants.set(`${target.fn.index}:${p.name}`, p.default.value);
  }
  return { scope: target, bindings, loose, constants };
}

const testedCache = new WeakMap<Scope['fn'], ReadonlySet<string>>();

/** Parameters that the function tests in a branch: `if cleanup:`; their literal values decide which way it goes. */
export function testedParameters(scope: Scope, engine: Engine): ReadonlySet<string> {
  const known = testedCache.get(scope.fn);
  if (known) return known;
  const names = new Set(scope.fn.params.map((p) => p.name));
  const out = new Set<string>();
  const visit = (o: Operand): void => {
    if (o.op === 'name' && o.scope === 'local' && names.has(o.name)) out.add(o.name);
    else if (o.op === 'unary') visit(o.of);
    else if (o.op === 'boolean') o.items.forEach(visit);
    else if (o.op === 'compare') visit(o.left);
  };
  for (const test of engine.cfg(scope).tests.values()) visit(test);
  testedCache.set(scope.fn, out);
  return out;
}

function bindArguments(args: readonly Argument[], params: readonly Param[], bind: (operand: Operand, param: Param, star: boolean) => void): void {
  let next = 0;
  for (const a of args) {
    if (a.kind === 'positional') {
      const p = params[next];
      if (!p || p.kind === 'keyword-only' || p.kind === 'double-star') continue;
      bind(a.value, p, p.kind === 'star');
      if (p.kind !== 'star') next++;
    } else if (a.kind === 'keyword') {
      const p = params.find((x) => x.name === a.name) ?? params.find((x) => x.kind === 'double-star');
      if (p) bind(a.value, p, p.kind === 'double-star');
    } else {
      const p = params.find((x) => x.kind === (a.kind === 'star' ? 'star' : 'double-star'));
      if (p && a.kind === 'double-star') bind(a.value, p, false);
    }
  }
}

/** Applies the callee's summary to the state. */
export function invoke(
  callee: Callable,
  args: readonly Argument[],
  receiver: Operand | undefined,
  result: number | undefined,
  instr: Instr,
  state: State,
  tracked: Tracked,
  scope: Scope,
  engine: Engine,
): Post {
  const entry = enterCallee(callee, args, receiver, result, scope, engine);
  if (!entry) {
    const kept = args.some((a) => heldBelow(a.value, state, tracked.kind, scope, engine.values).length > 0);
    if (!kept) return { normal: [state], raised: [state] };
    return { normal: [{ end: 'escaped', instr, scope, how: 'handed to a class whose constructor is not known' }], raised: [state] };
  }
  const inside: Path[] = [];
  const moved = new Set<Path>();
  let copied = false;
  for (const b of entry.bindings) {
    for (const h of state.holders) {
      const inner = below(b.caller, h);
      if (inner !== undefined) {
        inside.push(b.callee + inner);
        if (b.moves) moved.add(h);
        else copied = true;
      } else if (!b.moves && engine.isIdentity(b.caller, h, tracked.kind)) {
        inside.push(b.callee);
        copied = true;
      }
    }
  }
  for (const l of entry.loose) {
    for (const m of heldBelow(l.operand, state, tracked.kind, scope, engine.values)) {
      inside.push(l.callee + m);
      copied = true;
    }
  }
  for (const h of state.holders) {
    if (h.startsWith('g:') && !inside.includes(h)) {
      inside.push(h);
      moved.add(h);
    }
  }
  if (inside.length === 0) return { normal: [state], raised: [state] };
  const onlyPlaces = inside.every((p) => p.startsWith('@') || p.startsWith('g:'));
  if (onlyPlaces && !engine.mentions(entry.scope, inside)) return { normal: [state], raised: [state] };
  const hidden = state.holders.filter((h) => !moved.has(h));
  if (entry.scope.fn.isGenerator) return generatorCall(entry, inside, hidden, copied, result, instr, state, tracked, scope, engine);
  const summary = engine.effectOf(entry.scope, tracked, {
    ...initialState(copied || hidden.length > 0 ? [...inside, FRAME] : inside, false, factsInside(state, entry)),
    phase: state.phase,
    failed: state.failed,
  });
  const back = (o: Out): Out => comeBack(o, entry, hidden, result, instr, state, scope);
  return { normal: summary.normal.map(back), raised: summary.raised.map(back) };
}

/** What is known when the callee begins: literals it was given, and outcomes of tests of constants. */
function factsInside(state: State, entry: Entry): State['facts'] {
  const constants = constantsOf(state.facts);
  return constants.size === 0 ? entry.constants : new Map([...constants, ...entry.constants]);
}

/** Calling a generator runs nothing; one that is a context manager and releases in the end is an owner until its with ends. */
function generatorCall(
  entry: Entry,
  inside: readonly Path[],
  hidden: readonly Path[],
  copied: boolean,
  result: number | undefined,
  instr: Instr,
  state: State,
  tracked: Tracked,
  scope: Scope,
  engine: Engine,
): Post {
  if (!copied) return { normal: [state], raised: [state] };
  if (engine.isManagedGenerator(entry.scope) && result !== undefined) {
    const summary = engine.effectOf(entry.scope, tracked, {
      ...initialState([...inside, ...(hidden.length > 0 || copied ? [FRAME] : [])], false),
      phase: state.phase,
    });
    if (summary.normal.length > 0 && summary.normal.every((o) => isEnd(o) && o.end === 'released')) {
      return { normal: [addHolders(state, [`${scope.fn.index}%${result}${OWNED}`])], raised: [state] };
    }
    if (summary.normal.every((o) => !isEnd(o))) return { normal: [state], raised: [state] };
  }
  return { normal: [{ end: 'escaped', instr, scope, how: 'handed to a generator' }], raised: [state] };
}

function comeBack(out: Out, entry: Entry, hidden: readonly Path[], result: number | undefined, instr: Instr, before: State, scope: Scope): Out {
  if (isEnd(out)) return out.end === 'released' || out.end === 'registered' ? { ...out, how: out.how } : out;
  const holders: Path[] = [...hidden];
  for (const h of out.holders) {
    if (h === FRAME) continue;
    const outside = translate(h, entry, result, scope);
    if (outside !== undefined) holders.push(outside);
  }
  if (holders.length === 0) return { end: 'lost', instr, scope, how: 'dropped by the callee' };
  const facts = out.facts.size > 0 ? new Map([...before.facts, ...out.facts]) : before.facts;
  return { ...withHolders(before, holders), facts, phase: out.phase, inFlight: out.inFlight, failed: out.failed || before.failed };
}

/** The caller's name of a place of the callee; undefined for what ended with it. */
export function translate(h: Path, entry: Entry, result: number | undefined, scope: Scope): Path | undefined {
  if (h === RESULT || h.startsWith(`${RESULT}[`) || h.startsWith(`${RESULT}.`))
    return result === undefined ? undefined : `${scope.fn.index}%${result}${h.slice(RESULT.length)}`;
  if (h.startsWith('@')) {
    const b = entry.bindings.find((x) => x.callee === '@');
    if (!b) return undefined;
    const rest = h.startsWith('@c') && (h.length === 2 || h[2] === '.' || h[2] === '[') ? h.slice(2) : h.slice(1);
    return b.caller === '@' && h.startsWith('@c') ? `@c${rest}` : b.caller + rest;
  }
  if (h.startsWith('g:')) return h;
  if (isLocalOf(h, entry.scope.fn.index)) {
    const root = rootOf(h);
    const b = entry.bindings.find((x) => !x.moves && x.callee === root);
    return b && h !== root ? b.caller + h.slice(root.length) : undefined;
  }
  return h; // A name of an enclosing function.
}
