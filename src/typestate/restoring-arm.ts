/**
 * Which way does a test go that asks what process state was before it was changed?
 *
 * `if old: gc.enable()` where `old = gc.isenabled()`: on the other arm nothing had been changed, so there is nothing to put back, and only
 * the arm that restores is followed. Not so where the arm puts the saved value itself back (`if old: os.environ[key] = old`): without an
 * old value the change may stay. A test whether the module is there (`if resource is not None`) goes the way it went at the change.
 * `if self.timer is not None: setitimer(self.timer, 0)` asks whether there is something to put back, and what was changed is.
 * `if key in os.environ: del os.environ[key]` asks what is there now: what was changed is, so the arm that takes it away is followed.
 * `if key not in saved: del os.environ[key]`: what was there before is put back with all that was saved, so the arm without it is followed.
 * Leaves out: a question that was asked after the change. Misses: arms are asked for the state, not for its part: where two variables were changed and
 * the arm of one puts the other back as well, that one may stay on the other arm (samples/14-process-state).
 */
import { type Cfg, EdgeKind } from '../cfg/cfg.ts';
import type { ResourceKind, StatePattern } from '../config/model.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import type { Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';
import { eventsAt, stateOf } from './process-state.ts';
import { asksWhatWas, isSaved } from './saved-state.ts';

/** Blocks walked along an arm: each call ends one, and what restores stands in its first statements. */
const MAX_BLOCKS = 6;

/** The outcome of the block's test with which the state is put back; undefined where the test does not ask for it, or both arms do. */
export function restoringOutcome(block: number, kind: ResourceKind, cfg: Cfg, scope: Scope, engine: Engine): boolean | undefined {
  const state = stateOf(kind);
  const test = cfg.tests.get(block);
  if (!state || !test) return undefined;
  if (asksForModule(test, state, scope, engine)) return test.op !== 'compare' || test.rest[0]?.operator === 'is not';
  const replaced = asksForReplaced(test, state, scope, engine);
  if (replaced !== undefined) return replaced;
  const named = placeAskedFor(test);
  const stops = (i: Instr): boolean => i.op === 'call' && i.args.some((a) => isSamePlace(a.value, named)) && putsBack(i, state, scope, engine);
  if (named && armRestores(cfg, block, true, stops)) return true;
  const there = asksForKey(test, state, scope, engine);
  if (there !== undefined) return armRestores(cfg, block, there, (i) => putsBack(i, state, scope, engine)) ? there : undefined;
  const without = asksForSavedKey(test, state, scope, engine);
  if (without !== undefined && armRestores(cfg, block, without, (i) => putsBack(i, state, scope, engine))) return without;
  if (!asksWhatWas(test, state, scope, engine)) return undefined;
  const restores = (instr: Instr): boolean =>
    instr.op === 'call' && !instr.args.some((a) => isSaved(a.value, state, scope, engine)) && putsBack(instr, state, scope, engine);
  const whenTrue = armRestores(cfg, block, true, restores);
  return whenTrue === armRestores(cfg, block, false, restores) ? undefined : whenTrue;
}

const putsBack = (instr: Instr, state: StatePattern, scope: Scope, engine: Engine): boolean =>
  eventsAt(instr, scope, engine).some((e) => e.role === 'restores' && !e.byArm && e.state.kind === state.kind);

/** One of the first statements of that arm restores. */
function armRestores(cfg: Cfg, block: number, arm: boolean, restores: (instr: Instr) => boolean): boolean {
  let at = edgeOf(cfg, block, arm ? EdgeKind.true : EdgeKind.false);
  for (let n = 0; at !== undefined && n < MAX_BLOCKS; n++) {
    for (let i = cfg.firstInstr[at] as number; i < (cfg.firstInstr[at + 1] as number); i++) if (restores(cfg.instrs[i] as Instr)) return true;
    at = edgeOf(cfg, at, EdgeKind.next);
  }
  return false;
}

/** `self.timer` in `self.timer is not None`, or by itself. */
function placeAskedFor(test: Operand): Operand | undefined {
  const [only] = test.op === 'compare' && test.rest.length === 1 ? test.rest : [];
  const asked = test.op === 'compare' ? (only?.operator === 'is not' && only.value.op === 'const' ? test.left : undefined) : test;
  return asked?.op === 'attr' && asked.of.op === 'name' ? asked : undefined;
}

function isSamePlace(value: Operand, place: Operand | undefined): boolean {
  if (value.op !== 'attr' || place?.op !== 'attr' || value.of.op !== 'name' || place.of.op !== 'name') return false;
  return value.name === place.name && value.of.name === place.of.name;
}

/** `key in os.environ`, `path in sys.path`: the outcome where it is there. undefined for other tests. */
function asksForKey(test: Operand, state: StatePattern, scope: Scope, engine: Engine): boolean | undefined {
  const [only] = test.op === 'compare' && test.rest.length === 1 ? test.rest : [];
  if (!only || !/^(not )?in$/.test(only.operator) || (only.value.op !== 'attr' && only.value.op !== 'name')) return undefined;
  const target = engine.values.canonical(only.value, scope);
  return target?.includes('.') && engine.patternsFor(scope).statesOfTarget(target).includes(state) ? only.operator === 'in' : undefined;
}

/** `key in saved`, where that holds what was there before: the outcome where the key was not there. undefined for other tests. */
function asksForSavedKey(test: Operand, state: StatePattern, scope: Scope, engine: Engine): boolean | undefined {
  const [only] = test.op === 'compare' && test.rest.length === 1 ? test.rest : [];
  if (!only || !/^(not )?in$/.test(only.operator) || (only.value.op !== 'attr' && only.value.op !== 'name')) return undefined;
  return isSaved(only.value, state, scope, engine) ? only.operator === 'not in' : undefined;
}

/**
 * `self.old is not None` where `self.old = signal.signal(number, handler)`, `old = sys.modules.pop(name, None)`: what the change itself
 * replaced or took away was there, or it has changed nothing. undefined for other tests.
 */
function asksForReplaced(test: Operand, state: StatePattern, scope: Scope, engine: Engine): boolean | undefined {
  const [only] = test.op === 'compare' ? test.rest : [];
  if (test.op === 'compare' && (test.rest.length !== 1 || !/^is( not)?$/.test(only?.operator ?? '') || only?.value.op !== 'const')) return undefined;
  const asked = test.op === 'compare' ? test.left : test;
  if (asked.op === 'temp') return undefined;
  const by = (o: Operand, at: Scope): boolean => {
    const call = callBehind(o, at);
    return (
      call !== undefined &&
      engine
        .patternsFor(at)
        .stateOfCall(engine.calls.info(call, at).view)
        .some((m) => m.state === state && m.role === 'changes')
    );
  };
  const assigned = asked.op === 'attr' && scope.cls ? engine.values.assignedTo(scope.cls, asked.name).filter((a) => a.value.op !== 'const') : [];
  if (!by(asked, scope) && !(assigned.length > 0 && assigned.every((a) => by(a.value, a.scope)))) return undefined;
  return only?.operator !== 'is';
}

/** `resource` or `resource is not None` (or `is None`) where the state is changed by calls of that module: they were made, so it is there. */
function asksForModule(test: Operand, state: StatePattern, scope: Scope, engine: Engine): boolean {
  const [only] = test.op === 'compare' ? test.rest : [];
  if (test.op === 'compare' && (test.rest.length !== 1 || !/^is( not)?$/.test(only?.operator ?? '') || only?.value.op !== 'const')) return false;
  const module = engine.values.canonical(test.op === 'compare' ? test.left : test, scope);
  return module !== undefined && state.changes.some((p) => p.call?.startsWith(`${module}.`));
}

function edgeOf(cfg: Cfg, block: number, kind: EdgeKind): number | undefined {
  for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++)
    if (cfg.edgeKind[e] === kind) return cfg.edgeTarget[e] as number;
  return undefined;
}
