/**
 * Is a value what process state was before, so that setting it again restores?
 *
 * It was read from the state, by a call or a target that the configuration lists, or its name says so. A tuple is, where each of its items is
 * the same part of what was read: `(min(self.saved[0], hard), hard)` restores a limit, `(hard, hard)` and `(10, hard)` change it.
 * Misses: arithmetic with a saved value (samples/14-process-state).
 */
import type { StatePattern } from '../config/model.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import { CallSite, callBehind } from '../program/call-site.ts';
import { type Definition, factsOf, type Scope } from '../program/scope.ts';
import { stepCounter } from './budgets.ts';
import type { Engine } from './engine.ts';

/** Values with such a name are what was there before. */
const SOUNDS_SAVED = /old|orig|saved|save$|prev|backup|before|real|default/i;
const MAX_DEPTH = 5; // Copies of copies of a saved value.
const goesOn = stepCounter();

/** The value was read from the state before (or has a name that says so): putting it back restores. */
export function isSaved(value: Operand, state: StatePattern, scope: Scope, engine: Engine, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false;
  if (!goesOn(depth, scope, engine)) return true; // Nothing is reported of what may be saved.
  if (value.op === 'const') return false;
  const canonical = value.op === 'attr' || value.op === 'name' ? engine.values.canonical(value, scope) : undefined;
  if (
    canonical !== undefined &&
    canonical.includes('.') &&
    (canonical.startsWith('sys.__') || engine.patternsFor(scope).statesOfTarget(canonical).includes(state))
  )
    return true;
  if (value.op === 'index') return isSaved(value.of, state, scope, engine, depth + 1);
  if (value.op === 'star') return isSaved(value.of, state, scope, engine, depth + 1);
  if (value.op === 'tuple') return value.items.length > 0 && value.items.every((item, i) => isSavedPart(item, i, state, scope, engine, depth + 1));
  if (value.op === 'name' || value.op === 'attr') {
    if (SOUNDS_SAVED.test(value.name) && !isForeignConstant(value, scope, engine)) return true;
    const call = callBehind(value, scope);
    if (call) return savesState(call, state, scope, engine, depth);
    if (value.op === 'name' && value.scope !== 'global') {
      const fn = scope.module.ir.functions[value.owner] as Scope['fn'];
      const defs = factsOf(scope.module, fn).names.get(value.name) ?? [];
      return defs.some((d: Definition) =>
        d.kind === 'value'
          ? isSaved(d.value, state, { ...scope, fn }, engine, depth + 1)
          : d.instr === null || d.instr.op === 'next' || isSavedInTuple(d.instr, value.name, state, { ...scope, fn }, engine, depth + 1),
      );
    }
    if (value.op === 'name') return isSavedInGlobal(value.name, state, scope, engine, depth + 1);
    if (scope.cls) return engine.values.assignedTo(scope.cls, value.name).some((a) => isSaved(a.value, state, a.scope, engine, depth + 1));
    return false;
  }
  if (value.op === 'temp') {
    const call = callBehind(value, scope);
    return call !== undefined && savesState(call, state, scope, engine, depth);
  }
  return false;
}

/** `global debug` and `debug = gc.get_debug()`: a setup of the module keeps it for the teardown. */
function isSavedInGlobal(name: string, state: StatePattern, scope: Scope, engine: Engine, depth: number): boolean {
  if (scope.module.imports.has(name)) return false;
  return scope.module.ir.functions.some((fn) =>
    (factsOf(scope.module, fn).names.get(name) ?? []).some(
      ({ instr, ...d }) =>
        d.kind === 'value' &&
        instr?.op === 'assign' &&
        instr.target.op === 'name' &&
        instr.target.scope === 'global' &&
        isSaved(d.value, state, { ...scope, fn }, engine, depth),
    ),
  );
}

/** `signal.ITIMER_REAL`: a constant of a library is no value that was saved, whatever it sounds like. */
function isForeignConstant(value: Operand, scope: Scope, engine: Engine): boolean {
  return value.op === 'attr' && /^[A-Z][A-Z0-9_]*$/.test(value.name) && engine.values.of(value, scope)?.kind === 'external';
}

/** `out, err = sys.stdout, sys.stderr` and `*_, hook = saved`: the name stands for a part of what was there before. */
function isSavedInTuple(instr: Instr, name: string, state: StatePattern, scope: Scope, engine: Engine, depth: number): boolean {
  if (instr.op !== 'assign' || instr.target.op !== 'targets') return false;
  const at = instr.target.items.findIndex((t) => t.op === 'name' && t.name === name);
  const part = instr.value.op === 'tuple' ? instr.value.items[at] : instr.value;
  return at >= 0 && part !== undefined && isSaved(part, state, scope, engine, depth);
}

/** `os.environ = os.environ.copy()`: a copy made for the assignment is no value that was there before. */
export function copiesNow(value: Operand, state: StatePattern, scope: Scope, engine: Engine): boolean {
  const call = value.op === 'temp' ? callBehind(value, scope) : undefined;
  const of = value.op === 'index' ? value.of : call?.callee.op === 'attr' ? call.callee.of : undefined;
  return [of, ...(call?.args.map((a) => a.value) ?? [])].some((o) => {
    const canonical = o && (o.op === 'attr' || o.op === 'name') ? engine.values.canonical(o, scope) : undefined;
    return canonical?.includes('.') === true && engine.patternsFor(scope).statesOfTarget(canonical).includes(state);
  });
}

function savesState(call: Extract<Instr, { op: 'call' }>, state: StatePattern, scope: Scope, engine: Engine, depth: number): boolean {
  const view = new CallSite({ callee: call.callee, args: call.args, at: call }, scope, engine.values, engine.patternsFor(scope));
  if (
    engine
      .patternsFor(scope)
      .stateOfCall(view)
      .some((m) => m.state === state && (m.role === 'saves' || m.role === 'changes'))
  )
    return true;
  if (namesGetter(call, state)) return true;
  // os.path.abspath(os.getcwd()): what stands for a saved value is one.
  const wrapped = engine.calls.info(call, scope).models.some((m) => m.pattern.effect === 'wraps') ? call.args[0]?.value : undefined;
  if (wrapped && (isSaved(wrapped, state, scope, engine, depth + 1) || isSavingName(wrapped, state, scope, engine))) return true;
  const about = call.callee.op === 'attr' ? call.callee.of : call.args[0]?.value;
  const canonical =
    about && (about.op === 'attr' || about.op === 'name' || about.op === 'index')
      ? engine.values.canonical(about.op === 'index' ? about.of : about, scope)
      : undefined;
  return canonical !== undefined && canonical.includes('.') && engine.patternsFor(scope).statesOfTarget(canonical).includes(state);
}

/** `maybe_get_event_loop_policy()`, where `set_event_loop_policy()` changes the state: somebody's own way to ask for it. */
function namesGetter({ callee }: Extract<Instr, { op: 'call' }>, state: StatePattern): boolean {
  if (callee.op !== 'attr' && callee.op !== 'name') return false;
  if (!/get/i.test(callee.name)) return false;
  return state.changes.some((p) => {
    const words = (p.call ?? '').match(/set_?[a-z]\w+/gi) ?? [];
    return words.some((w) => callee.name.toLowerCase().includes(w.toLowerCase().replace(/^set/, 'get')));
  });
}

/** A name that the configuration lists among what saves: `os.curdir`. */
function isSavingName(value: Operand, state: StatePattern, scope: Scope, engine: Engine): boolean {
  if (value.op !== 'attr' && value.op !== 'name') return false;
  const view = new CallSite({ callee: value, args: [], at: undefined }, scope, engine.values, engine.patternsFor(scope));
  return engine
    .patternsFor(scope)
    .stateOfCall(view)
    .some((m) => m.state === state && m.role === 'saves');
}

/** Of one saved value and another the smaller, or the same as another type: still what was there. */
const KEEPS = /^(min|max|int|float|str)$/;

/** The item at this position of a tuple is that part of a saved tuple, or the smaller or larger of it and other saved values. */
function isSavedPart(item: Operand, position: number, state: StatePattern, scope: Scope, engine: Engine, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (item.op === 'index' && item.key.op === 'const') return item.key.value === position && isSaved(item.of, state, scope, engine, depth + 1);
  const call = item.op === 'temp' || item.op === 'name' ? callBehind(item, scope) : undefined;
  if (call?.callee.op === 'name' && KEEPS.test(call.callee.name)) {
    const parts = call.args.map((a) => a.value);
    return (
      parts.every((v) => isSaved(v, state, scope, engine, depth + 1)) && parts.some((v) => isSavedPart(v, position, state, scope, engine, depth + 1))
    );
  }
  if (item.op !== 'name' || item.scope === 'global') return false;
  const fn = scope.module.ir.functions[item.owner] as Scope['fn'];
  const defs = factsOf(scope.module, fn).names.get(item.name) ?? [];
  return defs.some((d) => {
    if (d.kind === 'value') return isSavedPart(d.value, position, state, { ...scope, fn }, engine, depth + 1);
    // `soft, hard = resource.getrlimit(limit)`
    if (d.instr?.op !== 'assign' || d.instr.target.op !== 'targets') return false;
    const at = d.instr.target.items.findIndex((t) => t.op === 'name' && t.name === item.name);
    return at === position && isSaved(d.instr.value, state, { ...scope, fn }, engine, depth + 1);
  });
}

/**
 * `if old: gc.enable()` where `old = gc.isenabled()`: what was asked for before the change decides whether there is anything to put back.
 * Not so where the saved value itself is put back (`if old: os.environ[key] = old`): without one, the change stays.
 */
export function asksWhatWas(test: Operand, state: StatePattern, scope: Scope, engine: Engine): boolean {
  if (test.op === 'unary' && test.operator === 'not') return asksWhatWas(test.of, state, scope, engine);
  const by = (o: Operand, at: Scope): boolean => {
    const call = callBehind(o, at);
    return call !== undefined && saves(call, state, at, engine);
  };
  if (by(test, scope)) return true;
  return test.op === 'attr' && scope.cls !== undefined && engine.values.assignedTo(scope.cls, test.name).some((a) => by(a.value, a.scope));
}

/** The call is one that the configuration lists as reading the state. */
function saves(call: Extract<Instr, { op: 'call' }>, state: StatePattern, scope: Scope, engine: Engine): boolean {
  const view = new CallSite({ callee: call.callee, args: call.args, at: call }, scope, engine.values, engine.patternsFor(scope));
  return engine
    .patternsFor(scope)
    .stateOfCall(view)
    .some((m) => m.state === state && m.role === 'saves');
}
