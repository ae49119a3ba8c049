/**
 * Where does a function change process state (environment, current folder, sys.path, signal handlers…), and where does it restore it?
 *
 * What counts is configuration (`state:` of the packs). A change with a value that was saved before is a restore: `os.chdir(self.old)`
 * where `self.old = os.getcwd()`. The state is a resource whose place is `g:process:<kind>`, below it the target that is changed and the
 * key where it is constant, so that changing acquires and restoring releases like everything else, and restoring all restores each key.
 * Misses: a deletion of what the environment had before (samples/14-process-state).
 */
import type { AcquireMatch, CallView } from '../config/call-view.ts';
import { compileGlob, lastSegments } from '../config/globs.ts';
import type { AcquirePattern, ResourceKind, StatePattern } from '../config/model.ts';
import type { Argument, Instr, Operand, Target } from '../ir/ir.ts';
import { argumentOf } from '../program/call-site.ts';
import { callsAndStoresIn } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { byPatterns } from './by-patterns.ts';
import type { Engine } from './engine.ts';
import { below, type Path } from './path.ts';
import { putBackByArms } from './restoring-changes.ts';
import { copiesNow, isSaved } from './saved-state.ts';
import type { State } from './state.ts';
import type { Tracked } from './transfer.ts';

export const PROCESS = 'g:process:';

export interface StateEvent {
  readonly instr: Instr;
  readonly state: StatePattern;
  /** `g:process:environment["os.environ"]["HOME"]`. */
  readonly place: Path;
  readonly role: 'changes' | 'restores';
  /** It sets it to what it is otherwise changed to, where it was so before: that undoes the opposite change, not this one. */
  readonly byArm?: true;
}

const kinds = new WeakMap<StatePattern, ResourceKind>();
const patterns = new WeakMap<StatePattern, AcquirePattern>();
const stateKinds = new WeakMap<ResourceKind, StatePattern>();

/** The state as a resource kind, for obligations. */
export function kindOf(state: StatePattern): ResourceKind {
  let kind = kinds.get(state);
  if (!kind) {
    kind = {
      kind: state.kind,
      title: state.title,
      reach: state.reach,
      pack: state.pack,
      acquire: [],
      release: [],
      releaseAll: [],
      notRelease: [],
      contextManager: 'no',
      once: false,
      invalidAfter: [],
      identities: [],
      fluent: [],
      transferredBy: [],
      awaitReleases: false,
      exemptedBy: [],
      ownedBy: [],
      asynchronous: false,
      settledBy: [],
      endsWithLoop: false,
      closesItself: false,
      closesOnError: [],
      safe: [],
      closesAtEnd: false,
      fakedBy: [],
      cure: state.cure,
    };
    kinds.set(state, kind);
    stateKinds.set(kind, state);
  }
  return kind;
}

export const isStateKind = (kind: ResourceKind): boolean => stateKinds.has(kind);

/** The state that the kind stands for; undefined for resources. */
export const stateOf = (kind: ResourceKind): StatePattern | undefined => stateKinds.get(kind);

/** A match for a change of the state, as for any acquisition. */
export function matchOf(state: StatePattern): AcquireMatch {
  let pattern = patterns.get(state);
  if (!pattern) {
    pattern = {
      when: [],
      unlessInside: [],
      except: [],
      inClasses: [],
      handles: [],
      aliases: [],
      startedBy: [],
      awaited: false,
      mayFailAfter: null,
      borrowed: false,
    };
    patterns.set(state, pattern);
  }
  return { kind: kindOf(state), pattern, captures: {} };
}

/** All changes and restores in the function, in source order. */
export function stateEvents(scope: Scope, engine: Engine): readonly StateEvent[] {
  const { body, memo } = scope.fn;
  const known = memo?.stateEvents as readonly StateEvent[] | undefined;
  if (known) return known;
  const out: StateEvent[] = [];
  if (memo) memo.stateEvents = out;
  const names = namesOn(engine.patternsFor(scope));
  for (const instr of callsAndStoresIn(body)) {
    if (instr.op === 'call') {
      const { callee } = instr;
      if (callee.op === 'attr' && names.calls !== undefined && !names.calls.has(callee.name)) continue;
      if (callee.op === 'name' && callee.name !== 'setattr' && !scope.module.imports.has(callee.name)) continue;
      out.push(...ofCall(engine.calls.info(instr, scope).view, callee, instr.args, instr, scope, engine));
    } else if (instr.op === 'assign' || instr.op === 'augment') {
      const { target, value } = instr;
      if (target.op === 'targets') changedTogether(out, target, instr, names, scope, engine);
      else if (mayBeState(target, names)) changed(out, target, value, instr, scope, engine);
    } else if (instr.op === 'delete')
      for (const t of targetOf(instr.target, scope, engine)) out.push({ instr, state: t.state, place: t.place, role: 'restores' });
  }
  if (out.length > 1) for (const e of putBackByArms(out, scope, engine)) out[out.indexOf(e)] = { ...e, role: 'restores', byArm: true };
  return out;
}

/** `sys.modules['json'] = json`: what was imported under that name is put where the import had put it. */
function isItself(target: Operand, value: Operand, scope: Scope, engine: Engine): boolean {
  if (target.op !== 'index' || target.key.op !== 'const' || (value.op !== 'name' && value.op !== 'attr')) return false;
  return engine.values.canonical(value, scope) === target.key.value;
}

/** Each part of `sys.stdout, sys.stderr = out, err` by itself, or all to parts of one value. */
function changedTogether(
  out: StateEvent[],
  { items }: Extract<Target, { op: 'targets' }>,
  instr: Extract<Instr, { op: 'assign' | 'augment' }>,
  names: StateNames,
  scope: Scope,
  engine: Engine,
): void {
  const { value } = instr;
  items.forEach((item, at) => {
    if (mayBeState(item, names)) changed(out, item, value.op === 'tuple' ? (value.items[at] ?? value) : value, instr, scope, engine);
  });
}

/** Adds what setting the target to the value does. */
function changed(
  out: StateEvent[],
  target: Operand,
  value: Operand,
  instr: Extract<Instr, { op: 'assign' | 'augment' }>,
  scope: Scope,
  engine: Engine,
): void {
  for (const t of targetOf(target, scope, engine)) {
    const saved = isSaved(value, t.state, scope, engine) && !copiesNow(value, t.state, scope, engine);
    const restores = instr.op === 'assign' && (saved || isItself(target, value, scope, engine));
    out.push({ instr, state: t.state, place: t.place, role: restores ? 'restores' : 'changes' });
  }
}

/** False where no state has the target's name, an attribute's own or that of what it is an item of. */
function mayBeState(target: Target | { readonly op: 'starred' }, { targets }: StateNames): target is Extract<Operand, { op: 'attr' | 'index' }> {
  if (target.op !== 'attr' && target.op !== 'index') return false;
  const base = target.op === 'index' ? target.of : target;
  return base.op === 'name' || (base.op === 'attr' && (targets === undefined || targets.has(base.name)));
}

/** Last segments of the calls that change or restore state, and of its targets; undefined where a pattern leaves them open. */
interface StateNames {
  readonly calls: ReadonlySet<string> | undefined;
  readonly targets: ReadonlySet<string> | undefined;
}

const namesOn = byPatterns(({ states }): StateNames => {
  const calls = states.flatMap((s) => [...s.changes, ...s.restores]).map((p) => p.call ?? p.expression ?? p.method);
  return { calls: lastNames(calls), targets: lastNames(states.flatMap((s) => s.targets)) };
});

function lastNames(sources: readonly (string | undefined)[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const source of sources) {
    if (source === undefined) continue;
    const { exact, open } = lastSegments(compileGlob(source));
    if (open) return undefined;
    for (const n of exact) names.add(n);
  }
  return names;
}

/** Events by instruction, for the transfer. */
export function eventsAt(instr: Instr, scope: Scope, engine: Engine): readonly StateEvent[] {
  const all = stateEvents(scope, engine);
  if (all.length === 0) return all;
  let known = byInstr.get(all);
  if (!known) {
    byInstr.set(all, (known = new Map()));
    for (const e of all) {
      const list = known.get(e.instr);
      if (list) list.push(e);
      else known.set(e.instr, [e]);
    }
  }
  return known.get(instr) ?? NONE;
}

const NONE: readonly StateEvent[] = [];
const byInstr = new WeakMap<readonly StateEvent[], Map<Instr, StateEvent[]>>();

/** Methods of lists: what they get is an element, no key. */
const OF_LISTS = /^(append|insert|extend|remove|sort|reverse)$/;

/** What a call, or a callable run later with these arguments, does to process state. */
export function ofCall(
  view: CallView,
  callee: Operand,
  args: readonly Argument[],
  instr: Instr,
  scope: Scope,
  engine: Engine,
): readonly StateEvent[] {
  const out: StateEvent[] = [];
  for (const m of engine.patternsFor(scope).stateOfCall(view)) {
    if (m.role === 'saves') continue;
    const first = argumentOf(args, 0, null);
    const isKeyed = callee.op === 'attr' && !OF_LISTS.test(callee.name) && first?.op === 'const' && typeof first.value === 'string';
    const key = isKeyed ? `[${JSON.stringify(first.value)}]` : '';
    const below =
      m.state.targets.length > 0 && key !== ''
        ? `${targetKey(callee, m.state, scope, engine)}${key}`
        : first && engine.patternsFor(scope).matches(view, m.state.parts)
          ? partKey(first, scope, engine)
          : '';
    const place = `${PROCESS}${m.state.kind}${below}`;
    const takesBack =
      callee.op === 'attr' &&
      /^(pop|remove|discard|clear)$/.test(callee.name) &&
      (instr.op !== 'call' || engine.facts(scope).tempUses(instr.result) === 0);
    const saved = args.some((a) => isSaved(a.value, m.state, scope, engine));
    out.push({ instr, state: m.state, place, role: m.role === 'restores' || takesBack || saved ? 'restores' : 'changes' });
  }
  if (view.importPath === 'setattr') {
    const [object, name, value] = [argumentOf(args, 0, null), argumentOf(args, 1, null), argumentOf(args, 2, null)];
    // `for name, value in saved.items(): setattr(sys, name, value)`: all that was kept of it.
    if (object && value && name && name.op !== 'const' && (object.op === 'name' || object.op === 'attr')) {
      const of = engine.values.canonical(object, scope);
      for (const state of engine.patternsFor(scope).states)
        if (of !== undefined && state.targets.some((t) => t.startsWith(`${of}.`)))
          out.push({ instr, state, place: `${PROCESS}${state.kind}`, role: 'restores' });
    }
    if (object && value && name?.op === 'const') {
      for (const t of targetOf({ op: 'attr', of: object, name: String(name.value), start: 0, end: 0 }, scope, engine))
        out.push({ instr, state: t.state, place: t.place, role: isSaved(value, t.state, scope, engine) ? 'restores' : 'changes' });
    }
  }
  return out;
}

function targetOf(target: Operand, scope: Scope, engine: Engine): readonly { state: StatePattern; place: Path }[] {
  const base = target.op === 'index' ? target.of : target;
  if (base.op !== 'attr' && base.op !== 'name') return [];
  const canonical = engine.values.canonical(base, scope);
  if (canonical === undefined || !canonical.includes('.')) return [];
  const found = engine.patternsFor(scope).statesOfTarget(canonical);
  const key =
    target.op !== 'index' ? '' : target.key.op === 'const' && typeof target.key.value === 'string' ? `[${JSON.stringify(target.key.value)}]` : '[*]';
  return found.map((state) => ({ state, place: `${PROCESS}${state.kind}["${canonical}"]${key}` }));
}

/** The target that a method is called on (`os.environ.pop`); any target where the call is a function of its own (`os.putenv`). */
function targetKey(callee: Operand, state: StatePattern, scope: Scope, engine: Engine): string {
  const of = callee.op === 'attr' && (callee.of.op === 'attr' || callee.of.op === 'name') ? engine.values.canonical(callee.of, scope) : undefined;
  return of !== undefined && engine.patternsFor(scope).statesOfTarget(of).includes(state) ? `["${of}"]` : '[*]';
}

/** The part that the argument names, `["signal.SIGALRM"]`; all of the state where it cannot be told. */
function partKey(part: Operand, scope: Scope, engine: Engine): string {
  if (part.op === 'const') return typeof part.value === 'number' ? `["${part.value}"]` : '';
  const canonical = part.op === 'attr' || part.op === 'name' ? engine.values.canonical(part, scope) : undefined;
  return canonical !== undefined && /\.[A-Z][A-Z0-9_]*$/.test(canonical) ? `["${canonical}"]` : '';
}

/** True where the events restore what the obligation changed. */
export function restored(events: readonly StateEvent[], state: State, tracked: Tracked): boolean {
  return events.some(
    (e) =>
      e.role === 'restores' &&
      e.state.kind === tracked.kind.kind &&
      state.holders.some((h) => below(e.place, h) !== undefined || below(h, e.place) !== undefined),
  );
}

/** The call puts back what the obligation changed; a cleanup does where it sets it to anything, for that is what its author wants it to be. */
export function isPutBack(
  view: CallView,
  callee: Operand,
  args: readonly Argument[],
  instr: Instr,
  state: State,
  tracked: Tracked,
  scope: Scope,
  engine: Engine,
): boolean {
  const events = ofCall(view, callee, args, instr, scope, engine);
  const isDirect = instr.op === 'call' && instr.callee === callee;
  if (isDirect) return restored(events, state, tracked) || restored(eventsAt(instr, scope, engine), state, tracked);
  const wanted = events.map((e): StateEvent => ({ ...e, role: 'restores' }));
  return restored(wanted, state, tracked);
}
