/**
 * What does one instruction do to the tracked obligation? Answers twice: on its normal edge and on its raised edge.
 *
 * An answer is a state (it goes on) or an `End` (released, registered, handed over, lost…). Several answers are disjuncts. Calls are in
 * call-transfer.ts; this file has everything else: assignments, with, return, yield, deletion, collections.
 */
import type { Captures } from '../config/call-view.ts';
import type { AcquirePattern, ResourceKind } from '../config/model.ts';
import type { Instr, Operand, Target } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import type { Scope } from '../program/scope.ts';
import { forget, rememberedTests } from './branch.ts';
import { callTransfer, operandAt } from './call-transfer.ts';
import { invoke } from './callee.ts';
import { isDroppedOnPurpose } from './dropped-on-purpose.ts';
import type { Engine } from './engine.ts';
import { proofOf } from './gone.ts';
import { overwritten } from './overwritten.ts';
import { below, isLocalOf, OWNED, type Path, pathOf, RESULT, RUNS, rootOf } from './path.ts';
import { eventsAt, isStateKind, restored, stateEvents } from './process-state.ts';
import { type Carried, carries, heldBelow, isParameter, relationOf } from './relation.ts';
import { settle } from './settled-flags.ts';
import { addHolders, BEGAN, begun, killHolders, RELEASED, STARTED, type State, withFact } from './state.ts';
import { tellsToStop } from './stop-flags.ts';

/** What is followed: the kind with its captures; constant during one exploration. */
export interface Tracked {
  readonly kind: ResourceKind;
  readonly captures: Captures;
  readonly pattern: AcquirePattern;
}

export type EndKind =
  | 'released'
  /** Its release was handed to something that will run it (or a manager owns it). */
  | 'registered'
  /** Given to somebody else who answers for it. */
  | 'transferred'
  /** The analysis lost sight of it. */
  | 'escaped'
  /** The last holder was given another value. */
  | 'lost'
  /** Dropped on purpose. */
  | 'intended'
  /** Released although it had been released. */
  | 'released-again'
  /** Used in a way that is invalid after its release. */
  | 'used-after';

export interface End {
  readonly end: EndKind;
  readonly instr: Instr;
  readonly scope: Scope;
  /** "close()", "addCleanup", "leaves the with statement": for owners and witnesses. */
  readonly how: string;
}

export type Out = State | End;
/** How a release is called that nobody wrote: the thing's own, when one of its methods fails. */
export const CLOSES_ITSELF = 'closes itself when it fails';

export interface Post {
  readonly normal: readonly Out[];
  readonly raised: readonly Out[];
}

/** What is followed is a coroutine yet, that will hold the resource when it is awaited or run. */
export const isOnlyCoroutine = (state: State, tracked: Tracked): boolean =>
  (state.phase & (STARTED | RELEASED)) === 0 && tracked.pattern.startedBy.length === 0;

export const isEnd = (out: Out): out is End => 'end' in out;
export const both = (out: Out): Post => ({ normal: [out], raised: [out] });

export function transfer(instr: Instr, state: State, tracked: Tracked, scope: Scope, engine: Engine): Post {
  if (instr.op !== 'call' && isStateKind(tracked.kind) && restored(eventsAt(instr, scope, engine), state, tracked)) {
    return both({ end: 'released', instr, scope, how: 'restored' });
  }
  if (state.inFlight !== null && tracked.pattern.runs !== undefined && tellsToStop(instr, tracked, scope, engine))
    return both({ end: 'released', instr, scope, how: 'told to stop' });
  const proof = (state.phase & RELEASED) === 0 ? proofOf(instr, state, tracked, scope, engine) : undefined;
  if (proof === 'gone') return both({ end: 'released', instr, scope, how: 'asserted to be gone' });
  if (proof === 'gone-where-it-fails') return { normal: [state], raised: [] };
  switch (instr.op) {
    case 'call':
      return callTransfer(instr, state, tracked, scope, engine);
    case 'assign':
      return both(assign(instr, instr.target, instr.value, state, tracked, scope, engine));
    case 'augment': {
      const held = heldBelow(instr.value, state, tracked.kind, scope, engine.values);
      const path = held.length > 0 ? targetPath(instr.target, scope, engine) : undefined;
      if (held.length === 0) {
        const grown = targetPath(instr.target, scope, engine);
        return both(grown === undefined ? state : forget(state, grown)); // `x += …` keeps what a collection holds.
      }
      return both(
        path === undefined
          ? { end: 'escaped', instr, scope, how: 'augmented assignment' }
          : addHolders(
              state,
              held.map((m) => path + m.replace(/^\[[^\]]*\]/, '[*]')),
            ),
      );
    }
    case 'enter':
      return enter(instr, state, tracked, scope, engine);
    case 'exit':
      return exit(instr, state, tracked, scope, engine);
    case 'return': {
      if (instr.value === null) return both(state);
      const held = heldBelow(instr.value, state, tracked.kind, scope, engine.values);
      if (held.length > 0)
        return both(
          addHolders(
            state,
            held.map((m) => RESULT + m),
          ),
        );
      const carried = carries(instr.value, state, tracked.kind, scope, engine.values);
      return both(carried && !isOnlyName(carried, tracked) ? { end: 'transferred', instr, scope, how: 'returned' } : state);
    }
    case 'yield': {
      if (instr.value === null || engine.isManagedGenerator(scope)) return { normal: [withFact(state, 'yielded', true)], raised: [state] };
      const carried = carries(instr.value, state, tracked.kind, scope, engine.values);
      return both(carried ? { end: 'transferred', instr, scope, how: 'yielded' } : state);
    }
    case 'collect': {
      const held = heldBelow(instr.value, state, tracked.kind, scope, engine.values);
      return both(
        held.length === 0
          ? state
          : addHolders(
              state,
              held.map((m) => `${scope.fn.index}%${instr.into}[*]${m}`),
            ),
      );
    }
    case 'delete': {
      const path = pathOf(instr.target, scope, engine.values);
      if (path === undefined) return both(state);
      const next = killHolders(forget(state, path), path);
      if (next.holders.length < state.holders.length && isDroppedOnPurpose(instr, next, scope, engine))
        return both({ end: 'intended', instr, scope, how: 'deleted' });
      return both(next.holders.length > 0 ? next : { end: 'lost', instr, scope, how: 'deleted' });
    }
    case 'await': {
      const isCoroutine = isOnlyCoroutine(state, tracked);
      const path = tracked.kind.awaitReleases || isCoroutine ? pathOf(instr.value, scope, engine.values) : undefined;
      const rel = path === undefined ? undefined : relationOf(path, state, tracked.kind);
      if (rel?.kind === 'exact' && tracked.kind.awaitReleases) return both({ end: 'released', instr, scope, how: 'await' });
      if (rel && isCoroutine) return { normal: [begun(state, instr)], raised: [state] };
      // `await client.get(key)`, the first use: where that raises, nothing had begun.
      const used = state.facts.get(BEGAN);
      const isFirstUse = used !== undefined && callBehind(instr.value, scope)?.start === used;
      return isFirstUse ? { normal: [state], raised: [{ ...state, phase: state.phase & ~STARTED }] } : both(state);
    }
    case 'caught':
      return both(instr.target ? forgetTarget(state, instr.target, scope, engine) : state);
    default:
      return both(state);
  }
}

/** `return file.name`: who gets it cannot close the file. */
function isOnlyName({ how, method }: { readonly how: Carried; readonly method?: string }, { kind, pattern }: Tracked): boolean {
  return how === 'method' && method === 'name' && (pattern.reach ?? kind.reach) === 'object';
}

/** The path of a simple target; undefined for tuples and computed ones. */
function targetPath(target: Target, scope: Scope, engine: Engine): Path | undefined {
  return target.op === 'targets' ? undefined : pathOf(target as Operand, scope, engine.values);
}

function forgetTarget(state: State, target: Target, scope: Scope, engine: Engine): State {
  const path = targetPath(target, scope, engine);
  return path === undefined ? state : killHolders(forget(state, path), path);
}

type Pair = { readonly target: Target; readonly held: readonly string[]; readonly value: Operand | null };

function assign(instr: Instr, target: Target, value: Operand, state: State, tracked: Tracked, scope: Scope, engine: Engine): Out {
  if (target.op === 'attr' && tracked.kind.exemptedBy.includes(target.name) && !(value.op === 'const' && !value.value)) {
    const path = pathOf(target.of, scope, engine.values);
    if (path !== undefined && relationOf(path, state, tracked.kind)?.kind === 'exact')
      return { end: 'intended', instr, scope, how: `${target.name} is set` };
  }
  const pairs = pairUp(target, value, state, tracked, scope, engine);
  let next = state;
  const added: Path[] = [];
  for (const pair of pairs) {
    const path = targetPath(pair.target, scope, engine);
    if (path === undefined) {
      if (pair.held.length > 0) return { end: 'escaped', instr, scope, how: 'assigned to a computed target' };
      continue;
    }
    if (pair.held.length > 0 && storesOutOfSight(pair.target, path, scope, engine))
      return { end: 'transferred', instr, scope, how: 'stored on another object' };
    if (pair.value && pathOf(pair.value, scope, engine.values) === path) continue; // The name is the temporary already.
    const held = pair.held.length === 0 && isFreshLook(pair.value, path, state, tracked, scope, engine) ? [''] : pair.held;
    next = forget(killHolders(next, path), path);
    for (const m of held) added.push(path + m);
    const flag =
      pair.value?.op === 'const' && typeof pair.value.value !== 'object'
        ? pair.value.value
        : pair.value?.op === 'const' && pair.value.kind === 'none'
          ? null
          : undefined;
    if (flag !== undefined && rememberedTests(engine.cfg(scope), scope, engine.values).has(path)) next = withFact(next, path, flag);
    if (flag !== undefined) next = settle(next, path, flag, scope, engine);
  }
  next = addHolders(next, added);
  // A temporary that only this assignment reads is gone after it; `file = open(a); file = open(b)` loses the first file.
  for (const pair of pairs) if (pair.held.length > 0 && !isTempItself(pair.target, scope, engine)) next = dropTemp(value, next, scope, engine);
  const isUnset = value.op === 'const' && value.kind === 'none' && next.holders.length < state.holders.length;
  if (isUnset && isDroppedOnPurpose(instr, next, scope, engine)) return { end: 'intended', instr, scope, how: 'overwritten' };
  return next.holders.length > 0 ? next : overwritten(instr, state, tracked, scope, engine);
}

/**
 * `server = api.get_server(server['id'])`: whoever asks about a thing on another machine by its id, and calls the answer what the thing was
 * called, looks at the same thing again.
 */
function isFreshLook(value: Operand | null, path: Path, state: State, tracked: Tracked, scope: Scope, engine: Engine): boolean {
  let answer = value;
  while (answer?.op === 'index') answer = answer.of; // The first of those that were asked for.
  if (answer?.op !== 'temp' || tracked.kind.identities.length === 0) return false;
  if (relationOf(path, state, tracked.kind)?.kind !== 'exact') return false;
  const call = callBehind(answer, scope);
  if (!call || engine.patternsFor(scope).acquisitions(engine.calls.info(call, scope).view).length > 0) return false;
  return call.args.some((a) => {
    const how = carries(a.value, state, tracked.kind, scope, engine.values)?.how;
    return how === 'exact' || how === 'identity';
  });
}

/** A name that stands for the temporary it is assigned from (path.ts). */
function isTempItself(target: Target, scope: Scope, engine: Engine): boolean {
  return targetPath(target, scope, engine)?.includes('%') ?? false;
}

function dropTemp(value: Operand, state: State, scope: Scope, engine: Engine): State {
  if (value.op === 'tuple' || value.op === 'list') return value.items.reduce((s, item) => dropTemp(item, s, scope, engine), state);
  if (value.op !== 'temp' || engine.facts(scope).tempUses(value.id) !== 1) return state;
  const path = `${scope.fn.index}%${value.id}`;
  const rest = state.holders.filter((h) => below(path, h) === undefined);
  return rest.length === 0 || rest.length === state.holders.length ? state : { ...state, holders: rest };
}

/** Splits a tuple assignment into its parts. */
function pairUp(target: Target, value: Operand, state: State, tracked: Tracked, scope: Scope, engine: Engine): readonly Pair[] {
  if (target.op !== 'targets') return [{ target, held: heldBelow(value, state, tracked.kind, scope, engine.values), value }];
  if ((value.op === 'tuple' || value.op === 'list') && value.items.length === target.items.length && !value.items.some((i) => i.op === 'star')) {
    return target.items.flatMap((t, i) => (t.op === 'starred' ? [] : pairUp(t as Target, value.items[i] as Operand, state, tracked, scope, engine)));
  }
  const held = heldBelow(value, state, tracked.kind, scope, engine.values);
  return target.items.map((t, i) => {
    const mine = held.filter((m) => m.startsWith(`[${i}]`) || m.startsWith('[*]')).map((m) => m.replace(/^\[[^\]]*\]/, ''));
    return { target: (t.op === 'starred' ? t.of : t) as Target, held: t.op === 'starred' ? mine.map((m) => `[*]${m}`) : mine, value: null };
  });
}

/** A store into an object of which nothing is known: whoever has the object may release. */
function storesOutOfSight(target: Target, path: Path, scope: Scope, engine: Engine): boolean {
  if (target.op !== 'attr' && target.op !== 'index') return false;
  const root = rootOf(path);
  if (root.startsWith('@') || isParameter(root, scope)) return root.startsWith('@') ? false : !engine.isCallee(scope);
  let base: Operand = target;
  while (base.op === 'attr' || base.op === 'index') base = base.of;
  if (root.startsWith('g:')) return target.op === 'attr'; // A module's or class's attribute; a module-level dictionary is followed.
  const value = engine.values.of(base, scope);
  if (value?.kind === 'instance') return false;
  return !(base.op === 'name' && engine.isLiteralContainer(base, scope)) && base.op !== 'temp';
}

function enter(instr: Extract<Instr, { op: 'enter' }>, state: State, tracked: Tracked, scope: Scope, engine: Engine): Post {
  const path = pathOf(instr.manager, scope, engine.values);
  const rel = path === undefined ? undefined : relationOf(path, state, tracked.kind);
  const starts = rel?.kind === 'exact' && (state.phase & STARTED) === 0 && tracked.kind.contextManager !== 'no';
  const entered: State = starts ? begun(state, instr) : state;
  if (!instr.target) return { normal: [entered], raised: [state] };
  // What `as` binds is the manager itself, or something that stands for it while the statement lasts.
  const bound: Operand = { op: 'temp', id: instr.result, start: instr.start, end: instr.end };
  return { normal: [assign(instr, instr.target, bound, entered, tracked, scope, engine)], raised: [state] };
}

function exit(instr: Extract<Instr, { op: 'exit' }>, state: State, tracked: Tracked, scope: Scope, engine: Engine): Post {
  const info = engine.calls.manager(instr, scope);
  if (info.effects.some((e) => e.pattern.effect === 'releases-nothing')) return both(state);
  const released: Out = { end: 'released', instr, scope, how: 'with' };
  if (isStateKind(tracked.kind) && restoresOnExit(info.call, state, tracked, scope, engine)) return both(released);
  for (const { pattern } of info.effects) {
    const given = pattern.effect === 'releases-argument' && pattern.of && info.call ? operandAt(pattern.of, info.call.args, undefined) : undefined;
    const path = given && pathOf(given, scope, engine.values);
    if (path !== undefined && relationOf(path, state, tracked.kind)?.kind === 'exact') return both(released);
  }
  const places: (Path | undefined)[] = [pathOf(instr.manager, scope, engine.values)];
  if (instr.target?.op === 'name') places.push(pathOf(instr.target, scope, engine.values));
  for (const path of places) {
    const rel = path === undefined ? undefined : relationOf(path, state, tracked.kind);
    if (!rel || path === undefined) continue;
    if (rel.kind === 'exact') {
      const how = tracked.kind.contextManager;
      if (how === 'both' || (how === 'sync' && !instr.isAsync) || (how === 'async' && instr.isAsync)) return both(released);
      if (info.effects.some((e) => e.pattern.effect === 'releases-argument')) return both(released);
    } else if (rel.kind === 'owner') {
      if (rel.members.some((m) => m.startsWith(OWNED))) return both(released);
      if ((path.startsWith('@') && path.length <= 2) || tracked.kind.notRelease.includes('__exit__')) continue;
      if (info.value?.kind === 'external' && rel.members.every((m) => m.startsWith(RUNS))) continue; // Closing a server does not end its loop.
      if (info.value?.kind === 'instance') {
        const ref = engine.values.classes.method(info.value.cls, instr.isAsync ? '__aexit__' : '__exit__');
        if (ref)
          return invoke(
            { kind: 'method', ref, cls: info.value.cls, isBound: true },
            [],
            instr.manager,
            undefined,
            instr,
            state,
            tracked,
            scope,
            engine,
          );
      } else if (info.value?.kind === 'external' || info.effects.some((e) => e.pattern.effect === 'releases-argument')) return both(released);
    }
  }
  return both(state);
}

/** The manager is a generator or class of the project whose code restores the state: what the body changed is put back on the way out. */
function restoresOnExit(call: Extract<Instr, { op: 'call' }> | undefined, state: State, tracked: Tracked, scope: Scope, engine: Engine): boolean {
  const callee = call && engine.calls.info(call, scope).callee;
  if (!callee) return false;
  if (callee.kind === 'class') {
    const ref = engine.values.classes.method(callee.cls, '__exit__');
    return (
      ref !== undefined &&
      restored(stateEvents(engine.values.scopeOf({ kind: 'method', ref, cls: callee.cls, isBound: false }), engine), state, tracked)
    );
  }
  const target = engine.values.scopeOf(callee);
  return engine.isManagedGenerator(target) && restored(stateEvents(target, engine), state, tracked);
}

/** Drops what ends with the function: its locals and temporaries. */
export function withoutLocals(state: State, scope: Scope): readonly Path[] {
  return state.holders.filter((h) => !isLocalOf(h, scope.fn.index) || isParameter(rootOf(h), scope));
}

export { below };
