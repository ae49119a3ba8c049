/**
 * What does a call do to the tracked obligation?
 *
 * In this order: it begins, it is released, its release is registered, a callable is run for it, the result stands for it, a project
 * function takes it (callee.ts), or an unknown callee gets it, who could keep it: then it escapes. A release counts on both edges:
 * a `close()` that raises has still tried.
 */
import type { HandlePath, RegistrationPattern } from '../config/model.ts';
import type { Argument, Instr, Operand } from '../ir/ir.ts';
import { argumentOf, spread } from '../program/call-site.ts';
import type { Scope } from '../program/scope.ts';
import { invoke } from './callee.ts';
import type { CallInfo, CallInstr } from './calls.ts';
import { isOpenedInside } from './code-texts.ts';
import { builtinResult, containerCall } from './containers.ts';
import { isLeakExpected } from './dropped-on-purpose.ts';
import type { Engine } from './engine.ts';
import { isHandle, mayBeElement, mayBeListed } from './handles.ts';
import { asksToRaise } from './must-raise.ts';
import { overwritten } from './overwritten.ts';
import { handsItselfOn } from './own-objects.ts';
import { endsParent, isOwner, isParentOfNew, leavesRunning } from './parents.ts';
import { below, OWNED, type Path, pathOf } from './path.ts';
import { isPutBack, isStateKind } from './process-state.ts';
import { carries, defaultPaths, freePaths, relationOf } from './relation.ts';
import { returnsOneOf } from './returns.ts';
import { keptByItsOwner } from './self-releasing.ts';
import { addHolders, begun, killHolders, RELEASED, STARTED, type State, withFact } from './state.ts';
import { sweeps } from './sweeping.ts';
import { both, type End, isEnd, isOnlyCoroutine, type Out, type Post, type Tracked } from './transfer.ts';

/** Methods by which an object of an unknown class gives back what it holds. */
const OWNER_RELEASES = new Set([
  'close',
  'aclose',
  'stop',
  'shutdown',
  'cleanup',
  'terminate',
  'quit',
  'disconnect',
  'dispose',
  'tearDown',
  'teardown',
  'cleanUp',
  'server_close',
  '__exit__',
  '__aexit__',
  'kill',
  'join',
  'stop_server',
  'close_all',
  'closeall',
]);
/** An id handed to an unknown callee with such a name may well delete the thing. */
const SOUNDS_LIKE_RELEASE = /delete|remove|clean|destroy|terminate|release|close|kill|stop|shutdown|unlink|drop|purge|dispose|free/i;

/** Fact: the release that was called and not awaited, by its offset. */
export const UNAWAITED = 'unawaited';

/** A call, or a callable with the arguments it will be run with. */
export interface Application {
  readonly callee: Operand;
  readonly args: readonly Argument[];
  /** The temporary of the result; undefined for callables run by others. */
  readonly result: number | undefined;
  readonly instr: Instr;
  readonly info: CallInfo;
  /** Whoever runs the callable awaits its result. */
  readonly awaited?: boolean;
}

export function callTransfer(instr: CallInstr, before: State, tracked: Tracked, scope: Scope, engine: Engine): Post {
  const temp = `${scope.fn.index}%${instr.result}`;
  const state = killHolders(before, temp);
  if (state.holders.length === 0) return both(overwritten(instr, before, tracked, scope, engine));
  return apply(
    { callee: instr.callee, args: spread(instr.args, scope), result: instr.result, instr, info: engine.calls.info(instr, scope) },
    state,
    tracked,
    scope,
    engine,
  );
}

/** Applies a callable now. Returns the states after it, or how the obligation ended. */
export function apply(call: Application, state: State, tracked: Tracked, scope: Scope, engine: Engine): Post {
  const post = applied(call, state, tracked, scope, engine);
  if (!isOnlyCoroutine(state, tracked)) return post;
  // Handed to what runs it (`loop.run_until_complete(coroutine)`): where that does not raise, the obligation has begun.
  const isRun = call.args.some((a) => carries(a.value, state, tracked.kind, scope, engine.values) !== undefined);
  if (!isRun || call.info.indirection || (call.result !== undefined && engine.isAwaitExpression(call.result, scope))) return post;
  return { ...post, normal: post.normal.map((o) => (isEnd(o) ? o : begun(o, call.instr))) };
}

function applied(call: Application, state: State, tracked: Tracked, scope: Scope, engine: Engine): Post {
  const { info, instr } = call;
  const receiver = call.callee.op === 'attr' ? call.callee.of : undefined;
  const method = call.callee.op === 'attr' ? call.callee.name : '';
  const receiverPath = receiver && pathOf(receiver, scope, engine.values);
  const rel = receiverPath === undefined ? undefined : relationOf(receiverPath, state, tracked.kind);
  const end = (kind: End['end'], how: string): End => ({ end: kind, instr, scope, how });

  if (rel?.kind === 'exact' && (state.phase & STARTED) === 0 && isStart(method, tracked)) {
    const started = begun(state, instr);
    return { normal: [aliasResult(call, started, tracked, scope, method)], raised: [state] };
  }
  if ((state.phase & RELEASED) !== 0 && rel?.kind === 'exact' && tracked.kind.invalidAfter.some((m) => m === method))
    return both(end('used-after', `${method}()`));
  const released = release(call, state, tracked, scope, engine, receiverPath);
  if (released) {
    if ((state.phase & RELEASED) === 0) return released;
    return both(isEnd(released.normal[0] as Out) ? end('released-again', `${info.view.expression()}()`) : state);
  }

  if (info.registration) return register(call, info.registration.pattern, state, tracked, scope, engine);
  if (info.indirection) {
    const p = info.indirection.pattern;
    const callee = operandAt(p.callable, call.args, receiver);
    if (callee && !p.deferred) {
      const args = call.args.slice(Math.max(0, p.argumentsFrom));
      const post = apply(
        { callee, args, result: undefined, instr, info: engine.calls.describe(callee, args, instr, scope) },
        state,
        tracked,
        scope,
        engine,
      );
      // assertRaises(Error, thread.start): the test goes on when the callable has raised.
      return asksToRaise(info.view, engine.patternsFor(scope)) ? { normal: post.raised, raised: post.raised } : post;
    }
    if (p.deferred) return both(state); // functools.partial: what it binds is seen where the result is registered or called.
  }
  const container = containerCall(call, receiverPath, rel, state, tracked, scope, engine);
  if (container) return both(container);
  for (const m of info.models) {
    if (m.pattern.effect === 'wraps' && m.pattern.of) {
      const wrapped = operandAt(m.pattern.of, call.args, receiver);
      const path = wrapped && pathOf(wrapped, scope, engine.values);
      const r = path === undefined ? undefined : relationOf(path, state, tracked.kind);
      const inner = r?.kind === 'exact' || r?.kind === 'identity' ? [''] : r?.kind === 'owner' ? r.members : [];
      if (inner.length > 0 && call.result !== undefined)
        return {
          normal: [
            addHolders(
              state,
              inner.map((m) => `${scope.fn.index}%${call.result}${m}`),
            ),
          ],
          raised: [state],
        };
    }
    if (m.pattern.effect === 'collects') return both(state);
  }
  if (tracked.kind.once && isOpenedInside(call, (o) => isHeldBy(o, state, tracked, scope, engine)))
    return both(end('escaped', 'code that opens its number'));
  if (rel?.kind === 'exact') {
    if (method === '__enter__' && call.result !== undefined) return both(addHolders(begun(state, instr), [`${scope.fn.index}%${call.result}`]));
    if (tracked.kind.transferredBy.includes(method)) return { normal: [end('transferred', `${method}()`)], raised: [state] };
    if (tracked.kind.fluent.includes(method)) return both(aliasResult(call, state, tracked, scope, method));
    return argumentsKept(call, state, tracked, scope, engine) ?? both(state);
  }
  if (info.callee) {
    const post = invoke(info.callee, call.args, receiver, call.result, instr, state, tracked, scope, engine);
    const made = call.result === undefined ? undefined : `${scope.fn.index}%${call.result}`;
    return keptByItsOwner(post, info.callee, made, instr, tracked, scope, engine);
  }
  if (rel?.kind === 'owner' && receiverPath !== '@' && receiverPath !== '@c' && !tracked.kind.notRelease.includes(method)) {
    if (rel.members.some((m) => m.startsWith(OWNED))) {
      if (method === 'pop_all' && call.result !== undefined) return both({ ...state, holders: [`${scope.fn.index}%${call.result}${OWNED}`] });
      if (OWNER_RELEASES.has(method)) return both(end('released', `${method}()`));
    } else if (OWNER_RELEASES.has(method))
      return both(leavesRunning(call.callee, state, tracked, scope, engine) ? state : end('released', `${method}()`));
  }
  const builtin = builtinResult(call, state, tracked, scope, engine);
  if (builtin) return both(builtin);
  return argumentsKept(call, state, tracked, scope, engine) ?? unknownMethodOfTest(call, receiverPath, state, scope, engine) ?? both(state);
}

function isHeldBy(operand: Operand, state: State, { kind }: Tracked, scope: Scope, engine: Engine): boolean {
  const path = pathOf(operand, scope, engine.values);
  return path !== undefined && relationOf(path, state, kind)?.kind === 'exact';
}

/** The method begins the obligation; `*` is every one that does not end it. */
function isStart(method: string, { pattern, kind }: Tracked): boolean {
  return pattern.startedBy.includes(method) || (pattern.startedBy.includes('*') && !OWNER_RELEASES.has(method) && !kind.fluent.includes(method));
}

/** `self.foo()` where the class has a base of which nothing is known: it may release what `self` holds. */
function unknownMethodOfTest(call: Application, receiverPath: Path | undefined, state: State, scope: Scope, engine: Engine): Post | undefined {
  if (receiverPath !== '@' && receiverPath !== '@c') return undefined;
  if (!scope.cls?.hasUnknownBase && !engine.hasUnreadBase(scope)) return undefined;
  const method = call.info.view.method;
  if (engine.isKnownMethod(method, scope) || call.info.models.length > 0 || !state.holders.some((h) => h.startsWith('@'))) return undefined;
  return SOUNDS_LIKE_RELEASE.test(method) || /tear_?down/i.test(method)
    ? both({ end: 'escaped', instr: call.instr, scope, how: `${method}() of a base that is not known` })
    : undefined;
}

function aliasResult(call: Application, state: State, tracked: Tracked, scope: Scope, method: string): State {
  return call.result !== undefined && tracked.kind.fluent.includes(method) ? addHolders(state, [`${scope.fn.index}%${call.result}`]) : state;
}

/** The operand at a configured place of a call. */
export function operandAt(handle: HandlePath, args: readonly Argument[], receiver: Operand | undefined): Operand | undefined {
  const p = handle.position;
  const base = p.at === 'receiver' ? receiver : p.at === 'argument' ? argumentOf(args, p.index, p.name) : undefined;
  if (!base) return undefined;
  let out = base;
  for (const m of handle.members) {
    const place = { start: base.start, end: base.end };
    if (m.op === 'attribute') out = { op: 'attr', of: out, name: m.name, ...place };
    else
      out = {
        op: 'index',
        of: out,
        key:
          m.op === 'key' ? { op: 'const', kind: typeof m.key === 'number' ? 'int' : 'string', value: m.key, ...place } : { op: 'unknown', ...place },
        ...place,
      };
  }
  return out;
}

function release(call: Application, state: State, tracked: Tracked, scope: Scope, engine: Engine, receiverPath: Path | undefined): Post | undefined {
  const { kind } = tracked;
  const method = call.info.view.method;
  const how = `${call.info.view.expression()}()`;
  const ended: Out = { end: 'released', instr: call.instr, scope, how };
  if ((state.phase & STARTED) === 0 && tracked.pattern.startedBy.length > 0) return undefined;
  if (isStateKind(kind))
    return isPutBack(call.info.view, call.callee, call.args, call.instr, state, tracked, scope, engine)
      ? both({ ...ended, how: `${call.info.view.expression()}() restores it` })
      : undefined;
  for (const m of engine.patternsFor(scope).sweepers(call.info.view)) {
    if (sweeps(m.pattern, tracked, state)) return both(ended);
  }
  const receiver = call.callee.op === 'attr' ? call.callee.of : undefined;
  for (const m of engine.patternsFor(scope).releases(call.info.view, kind, tracked.captures)) {
    const p = m.pattern;
    if (p.awaited && !call.awaited && !engine.isAwaited(call.result, scope)) {
      const operand = operandAt(p.handle, call.args, receiver);
      if (operand && isHandle(operand, state, tracked, scope, engine)) return both(withFact(state, UNAWAITED, call.instr.start));
      continue;
    }
    // It passes over what is closed already.
    if (p.sweeps) return both((state.phase & RELEASED) === 0 ? ended : state);
    const position = p.handle.position;
    const candidates = position.at === 'any-argument' ? call.args.map((a) => a.value) : [operandAt(p.handle, call.args, receiver)];
    for (const operand of candidates) {
      if (!operand) continue;
      if (isHandle(operand, state, tracked, scope, engine))
        return both(method === '__del__' && isLeakExpected(call.instr, scope, engine) ? { ...ended, end: 'intended' } : ended);
      const items = operand.op === 'list' || operand.op === 'tuple' ? operand.items : [];
      if (items.some((i) => isHandle(i, state, tracked, scope, engine))) return both(ended);
      if (isOwner(operand, state, tracked, scope, engine)) return both(ended);
      if (mayBeElement(operand, state, scope, engine) || mayBeListed(operand, tracked, scope, engine))
        return both({ ...ended, end: 'escaped', how: `${how} of something that may be it` });
    }
  }
  if (endsParent(call, state, tracked, scope, engine)) return both(ended);
  if (receiverPath !== undefined && kind.releaseAll.length > 0) {
    const rel = relationOf(receiverPath, state, kind);
    if (rel?.kind !== 'exact') return undefined;
    const names = [...new Set(kind.releaseAll.flat())];
    const bit = names.indexOf(method);
    if (bit < 0) return undefined;
    const phase = state.phase | (2 << bit);
    const done = kind.releaseAll.some((set) => set.every((n) => (phase & (2 << names.indexOf(n))) !== 0));
    return done ? both(ended) : both({ ...state, phase });
  }
  return undefined;
}

function register(call: Application, pattern: RegistrationPattern, state: State, tracked: Tracked, scope: Scope, engine: Engine): Post {
  const receiver = call.callee.op === 'attr' ? call.callee.of : undefined;
  const end = (kind: End['end']): End => ({ end: kind, instr: call.instr, scope, how: call.info.view.method });
  const owned = (s: State): Out => {
    if (pattern.scope !== 'receiver') return end('registered');
    const stack = receiver && pathOf(receiver, scope, engine.values);
    if (stack === undefined || engine.ownedElsewhere(stack, scope)) return end('registered');
    return addHolders({ ...s, holders: s.holders }, [stack + OWNED]);
  };
  if (pattern.manager) {
    const manager = operandAt(pattern.manager, call.args, receiver);
    const path = manager && pathOf(manager, scope, engine.values);
    const rel = path === undefined ? undefined : relationOf(path, state, tracked.kind);
    if (rel?.kind === 'exact') {
      const next = owned({ ...state, phase: state.phase | STARTED });
      return both(isEnd(next) || call.result === undefined ? next : addHolders(next, [`${scope.fn.index}%${call.result}`]));
    }
    if (rel?.kind === 'owner') return both(owned(state));
    return both(manager && carries(manager, state, tracked.kind, scope, engine.values) ? end('escaped') : state);
  }
  if (!pattern.callable) return both(state);
  const callee = operandAt(pattern.callable, call.args, receiver);
  if (!callee) return both(state);
  const args = call.args.slice(Math.max(0, pattern.argumentsFrom));
  const answer = runLater(callee, args, call.instr, state, tracked, scope, engine, pattern.awaits);
  if (answer === 'released' && !readsLater(callee, state, scope, engine)) return both(owned(state));
  if (answer === 'escaped') return both(end('escaped'));
  const bit = engine.registrationBit(call.instr, scope);
  return both(bit === 0 ? state : { ...state, pending: state.pending | bit });
}

/** A lambda or nested function looks its names up when it runs; a name that is given another value by then means another thing. */
function readsLater(callee: Operand, state: State, scope: Scope, engine: Engine): boolean {
  const value = engine.values.of(callee, scope);
  if (value?.kind !== 'nested') return false;
  const target = engine.values.scopeOf(value);
  // `lambda p=p: p.stop()`: the default has kept the thing.
  if (defaultPaths(target, engine.values).some(({ path }) => state.holders.some((h) => below(path, h) !== undefined))) return false;
  const free = freePaths(target, engine.values);
  return !free.some((p) =>
    state.holders.some((h) => below(p, h) !== undefined && (p.includes('%') || p.startsWith('@') || isStable(p, scope, engine))),
  );
}

/** The name is given a value once in its function. */
function isStable(path: Path, scope: Scope, engine: Engine): boolean {
  const m = /^(\d+):([^.[]+)$/.exec(path);
  const fn = m ? scope.module.ir.functions[Number(m[1])] : undefined;
  return !fn || (engine.facts({ ...scope, fn }).names.get(m?.[2] as string)?.length ?? 0) <= 1;
}

/** What a callable does to the obligation when it is run later, with the names having what they have now. */
export function runLater(
  callee: Operand,
  args: readonly Argument[],
  at: Instr,
  state: State,
  tracked: Tracked,
  scope: Scope,
  engine: Engine,
  awaited = false,
): 'released' | 'escaped' | 'none' {
  if (leavesRunning(callee, state, tracked, scope, engine)) return 'none';
  const partial = engine.partialBehind(callee, scope);
  if (partial) return runLater(partial.callee, [...partial.args, ...args], at, state, tracked, scope, engine, awaited);
  const started: State = { ...state, inFlight: null };
  const info = engine.calls.describe(callee, args, at, scope);
  if (args.length === 0 && callee.op === 'temp' && !info.callee) {
    const carried = carries(callee, state, tracked.kind, scope, engine.values);
    return carried ? 'escaped' : 'none';
  }
  const post = apply({ callee, args, result: undefined, instr: at, info, awaited }, started, tracked, scope, engine);
  if (post.normal.length > 0 && post.normal.every((o) => isEnd(o) && (o.end === 'released' || o.end === 'registered'))) return 'released';
  if (post.normal.some((o) => isEnd(o) && (o.end === 'released' || o.end === 'registered'))) return 'released'; // Conditional cleanups test what the analysis cannot see.
  if (post.normal.some((o) => isEnd(o) && (o.end === 'escaped' || o.end === 'transferred'))) return 'escaped';
  const carried =
    carries(callee, state, tracked.kind, scope, engine.values) ??
    (args.length > 0 && !info.callee ? args.map((a) => carries(a.value, state, tracked.kind, scope, engine.values)).find(Boolean) : undefined);
  if (carried && info.models.length === 0 && engine.looksLikeRelease(info.view.method, carried.how, tracked.kind)) return 'escaped';
  return 'none';
}

/** A callable among the arguments (a thread's target, a callback, an opener) that releases the resource or hands it out when it is run. */
function runsRelease(operand: Operand, call: Application, state: State, tracked: Tracked, scope: Scope, engine: Engine): boolean {
  const value = engine.values.of(operand, scope);
  if (value?.kind !== 'nested' && value?.kind !== 'method' && value?.kind !== 'function') return false;
  const target = engine.values.scopeOf(value);
  if (value.kind !== 'nested' && !engine.mentions(target, state.holders)) return false;
  if (runLater(operand, [], call.instr, state, tracked, scope, engine) !== 'none') return true;
  return returnsOneOf(target, state, tracked, engine);
}

/** An unknown callee got the resource, its owner, or a method of it: it could keep it. undefined where nothing of it is handed over. */
function argumentsKept(call: Application, state: State, tracked: Tracked, scope: Scope, engine: Engine): Post | undefined {
  const { info } = call;
  let how: string | undefined;
  for (const a of call.args.flatMap((given) => engine.partialBehind(given.value, scope)?.args ?? [given])) {
    const carried = carries(a.value, state, tracked.kind, scope, engine.values);
    if (!carried || carried.how === 'captured') {
      if (runsRelease(a.value, call, state, tracked, scope, engine))
        return {
          normal: [{ end: 'escaped', instr: call.instr, scope, how: `${info.view.method || 'an unknown callee'} gets a callable that releases it` }],
          raised: [state],
        };
      continue;
    }
    if (isParentOfNew(a, call, scope, engine)) continue;
    // The id of a thing, or what stands for a thing on another machine: whoever gets it can use it, and keeps nothing by that.
    const isName = carried.how === 'identity' || (tracked.kind.reach === 'remote' && /^[a-z_]/.test(info.view.method));
    if (isName && !SOUNDS_LIKE_RELEASE.test(info.view.method)) continue;
    if (carried.how === 'method' && !engine.looksLikeRelease(carried.method ?? '', 'exact', tracked.kind) && !handsItselfOn(a.value, scope, engine))
      continue;
    how = info.view.method || 'an unknown callee';
  }
  if (how === undefined) return undefined;
  const kept: End = { end: 'escaped', instr: call.instr, scope, how: `handed to ${how}` };
  if (info.models.some((m) => m.pattern.effect === 'keeps')) return { normal: [kept], raised: [state] };
  if (info.models.some((m) => ['borrows', 'asserts', 'waits', 'raises', 'in-memory', 'collects'].includes(m.pattern.effect))) return both(state);
  if (/^[a-z_]/.test(info.view.method) && info.models.some((m) => m.pattern.effect === 'safe')) return both(state); // A class keeps what its constructor gets.
  if (engine.patternsFor(scope).manager(info.view).length > 0) return both(state);
  if (engine.borrowsByDefault(info)) return both(state);
  return { normal: [kept], raised: [state] };
}
