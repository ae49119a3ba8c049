/**
 * Along which paths of one function's graph does an obligation go, and how does it end on each?
 *
 * Breadth-first over (block, state), paths with fewer raise edges first, so the first path to an end is its shortest witness. Each
 * acquisition is followed by itself: cost is bounded by the part of the graph in which it is alive. Above `budget` states the obligation
 * escapes and that is reported; at one block at most MAX_DISJUNCTS different states are kept apart.
 */
import { type Cfg, EdgeKind } from '../cfg/cfg.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import type { Scope } from '../program/scope.ts';
import { agreedOutcome } from './agreed-flags.ts';
import { isArgumentCheck } from './argument-checks.ts';
import { assume, evaluate, rememberedTests } from './branch.ts';
import { type CallInstr, oddsOf, type Raising } from './calls.ts';
import { outcomeInChild } from './child-process.ts';
import { TAKES } from './containers.ts';
import type { Engine } from './engine.ts';
import { exceptionName, mayCatch, typeNames } from './exceptions.ts';
import { nextElement } from './loops.ts';
import { leaveWith } from './managers.ts';
import { onlyPrepares } from './must-raise.ts';
import { attributeGot } from './named-attributes.ts';
import { isSafeOnHeld, isWorthSaying, wentWellBefore } from './quiet-steps.ts';
import { heldBelow, relationOf } from './relation.ts';
import { restoringOutcome } from './restoring-arm.ts';
import { addHolders, BEGAN, CAUGHT, CAUGHT_ODDS, type InFlight, keyOf, killHolders, type Odds, RELEASED, type State, withFact } from './state.ts';
import { CLOSES_ITSELF, type End, isEnd, type Out, type Tracked, transfer } from './transfer.ts';

/** States followed for one obligation in one function; the longest honest function of the measured suites needs a tenth of it. */
export const MAX_STATES = 3000;
/** Instructions of a block, and facts of a state, that cost as much as another state: generated code has thousands of them. */
const UNITS_A_STATE = 16;
/** States kept apart at one block; more come only from unrelated flags. */
export const MAX_DISJUNCTS = 24;

export interface Node {
  readonly block: number;
  readonly index: number | undefined;
  readonly state: State;
  readonly from: Node | null;
  readonly edge: EdgeKind;
  /** The last instruction of the block the edge left; for raise edges the one that raised. */
  readonly via: Instr | null;
  /** The test of the block it left, for branch steps. */
  readonly test: Operand | null;
  readonly raises: number;
}

/** `raisedBy`: the call in which an exception ended it. */
export interface Ending {
  readonly node: Node;
  readonly end: End;
  readonly raisedBy?: Instr;
}

export interface Exploration {
  /** Ways through the normal and the raised exit with the obligation still held. */
  readonly exits: readonly { readonly kind: 'normal' | 'raised'; readonly node: Node; readonly state: State }[];
  /** Ways on which it ended before. */
  readonly ends: readonly Ending[];
  /** The budget was used up: nothing can be said. */
  readonly exhausted: boolean;
}

export interface Start {
  readonly block: number;
  /** Instruction at which to begin; the block's first where not given. */
  readonly index?: number;
  readonly state: State;
  readonly edge: EdgeKind;
  readonly via: Instr | null;
}

export function explore(starts: readonly Start[], tracked: Tracked, scope: Scope, engine: Engine, site?: Instr, budget = MAX_STATES): Exploration {
  const goesOn = site !== undefined && (tracked.kind.once || tracked.kind.invalidAfter.length > 0);
  const reach = tracked.pattern.reach ?? tracked.kind.reach;
  const isMereHandle = reach === 'object';
  const cfg = engine.cfg(scope);
  const remembered = rememberedTests(cfg, scope, engine.values);
  const seen = new Map<number, Set<string>>();
  const queues: Node[][] = [];
  const exits: { kind: 'normal' | 'raised'; node: Node; state: State }[] = [];
  const ends: Ending[] = [];
  let count = 0;
  let exhausted = false;
  const push = (block: number, state: State, from: Node | null, edge: EdgeKind, via: Instr | null, test: Operand | null, raises: number): void => {
    let keys = seen.get(block);
    if (!keys) seen.set(block, (keys = new Set()));
    const key = keyOf(state);
    if (keys.has(key)) return;
    if (keys.size >= MAX_DISJUNCTS || count >= budget) {
      exhausted = true;
      return;
    }
    keys.add(key);
    count += 1 + Math.floor(state.facts.size / UNITS_A_STATE);
    const queue = (queues[raises] ??= []);
    queue.push({ block, index: undefined, state, from, edge, via, test, raises });
  };
  for (const s of starts) {
    if (s.index !== undefined)
      (queues[0] ??= []).push({ block: s.block, index: s.index, state: s.state, from: null, edge: s.edge, via: s.via, test: null, raises: 0 });
    else push(s.block, s.state, null, s.edge, s.via, null, s.edge === EdgeKind.raise ? 1 : 0);
  }
  for (let level = 0; level < queues.length; level++) {
    const queue = queues[level] ?? [];
    for (let i = 0; i < queue.length; i++) step(queue[i] as Node);
  }
  return { exits, ends, exhausted };

  function step(node: Node): void {
    if (node.block === cfg.exit || node.block === cfg.raisedExit) {
      const end = engine.runPending(node.state, tracked, scope);
      if (end) ends.push({ node, end });
      else exits.push({ kind: node.block === cfg.exit ? 'normal' : 'raised', node, state: node.state });
      return;
    }
    let states: State[] = [node.state];
    const first = node.index ?? (cfg.firstInstr[node.block] as number);
    const last = (cfg.firstInstr[node.block + 1] as number) - 1;
    count += Math.floor((last - first) / UNITS_A_STATE);
    if (count > budget) {
      exhausted = true;
      return;
    }
    for (let i = first; i <= last; i++) {
      const instr = cfg.instrs[i] as Instr;
      if (i === last && hasRaiseEdge(cfg, node.block)) {
        for (const s of states) leave(node, instr, s);
        return;
      }
      const after: State[] = [];
      for (const s of states) {
        for (const out of transfer(instr, s, tracked, scope, engine).normal) {
          if (isEnd(out)) ends.push({ node, end: out });
          else after.push(out);
        }
      }
      states = after;
      if (states.length === 0) return;
    }
    const via = last >= first ? (cfg.instrs[last] as Instr) : null;
    for (const s of states) follow(node, via, s);
  }

  /** The block's last instruction may raise: its normal and its raised edges. */
  function leave(node: Node, instr: Instr, state: State): void {
    if (instr.op === 'exit' && instr.raising) {
      const outs = transfer(instr, state, tracked, scope, engine).normal;
      for (const out of outs) {
        if (isEnd(out)) {
          ends.push({ node, end: out });
          continue;
        }
        for (const way of leaveWith(instr, out, scope, engine))
          edges(node, way.edge === 'swallow' ? EdgeKind.swallow : EdgeKind.forward, instr, way.state, 0);
      }
      return;
    }
    let raising = engine.calls.raising(instr, scope);
    if (instr.op === 'next') {
      const isRead = tracked.kind.closesAtEnd && isHeldPlace(walked(instr.iterable), state); // What cannot be read on has ended as well.
      // Back from the body: what was made in there has had its turn.
      const isBack = node.from !== null && node.from.block > node.block;
      for (const s of nextElement(instr, isBack, state, tracked, scope, engine)) {
        if (s.edge === 'false' && tracked.kind.closesAtEnd && isHeldPlace(walked(instr.iterable), s.state))
          ends.push({ node, end: { end: 'released', instr, scope, how: 'the loop comes to its end' } });
        else edges(node, s.edge === 'true' ? EdgeKind.true : EdgeKind.false, instr, s.state, 0);
      }
      if (raising.likelihood !== 'never' && !isRead && !isCollection(instr.iterable, state))
        edges(node, EdgeKind.raise, instr, { ...state, inFlight: { type: raising.type, odds: 'unlikely' } }, 1);
      return;
    }
    const post = transfer(instr, state, tracked, scope, engine);
    if ((instr.op === 'enter' && isHeldPlace(instr.manager, state)) || (instr.op === 'await' && isHeldPlace(instr.value, state))) {
      for (const out of post.normal) {
        if (isEnd(out)) ends.push({ node, end: out });
        else follow(node, instr, out);
      }
      return;
    }
    const mustRaiseHere = instr.op === 'exit' && raising.likelihood === 'always';
    if (raising.likelihood !== 'always') {
      for (const out of post.normal) {
        if (!isEnd(out)) follow(node, instr, out);
        else {
          ends.push({ node, end: out });
          if (goesOn && out.end === 'released' && out.scope.fn === scope.fn && (state.phase & RELEASED) === 0) afterRelease(node, instr, state);
        }
      }
    }
    if (site !== undefined && isArgumentCheck(instr, scope)) return;
    if (raising.type === 'ends' || isQuiet(raising, instr, state) || (raising.likelihood === 'rare' && takesFrom(instr, state))) return;
    // A step of a finally clause that fails as well, when it was entered by raising: without the first failure it is looked at anyway.
    if (raising.likelihood !== 'always' && state.inFlight !== null) return;
    if (raising.likelihood === 'unlikely' && instr.op === 'call') {
      if (
        engine.isHandleForHandle(instr, tracked, scope) ||
        isPartOfRelease(instr, state) ||
        takesFrom(instr, state) ||
        attributeGot(instr, state, scope, engine.values) !== undefined ||
        isSafeOnHeld(instr, state, tracked.kind, scope, engine)
      )
        return;
      // `other.close()`: that closing one handle fails is no reason to worry about another, and little about more than a handle.
      if (isPlainClose(instr)) {
        if (isMereHandle) return;
        raising = { ...raising, likelihood: 'rare' };
      } else if (reach !== 'remote' && wentWellBefore(instr, site, state, scope, engine)) raising = { ...raising, likelihood: 'rare' };
      else if (engine.looksClosely) raising = engine.calls.closely(instr, scope);
      if (isQuiet(raising, instr, state)) return;
    }
    if (closedByFailing(instr, state)) {
      ends.push({ node, end: { end: 'released', instr, scope, how: CLOSES_ITSELF } });
      return;
    }
    if (mustRaiseHere && (site ? engine.isInside(site, instr, scope) || beganInside(instr, state) : false)) return; // The acquisition was expected to fail.
    for (const out of post.raised) {
      if (isEnd(out)) {
        if (out.end !== 'released' || post.normal.length === 0) ends.push({ node, end: out, raisedBy: instr });
        continue;
      }
      // A callee's own exception, or a new one; the one that a finally was entered with is replaced.
      const flight: InFlight =
        out.inFlight && out.inFlight !== state.inFlight
          ? out.inFlight
          : { type: unexpected(raising, instr), odds: againWith(instr, state) ?? oddsOf(raising.likelihood), at: { scope, instr } };
      edges(node, EdgeKind.raise, instr, { ...out, inFlight: flight }, 1);
      if (raising.other && flight.type !== '')
        edges(node, EdgeKind.raise, instr, { ...out, inFlight: { type: '', odds: 'unlikely', at: { scope, instr } } }, 1);
    }
  }

  /** It does not raise, or only where the machine fails, and that is nothing to a mere handle. */
  function isQuiet({ likelihood }: Raising, instr: Instr, state: State): boolean {
    return likelihood === 'never' || (likelihood === 'rare' && isMereHandle && !isWorthSaying(instr, state, tracked.kind, scope, engine));
  }

  /** The class of what it raises; what only leads up to the step that has to raise is not what the test expects. */
  function unexpected({ type }: Raising, instr: Instr): string {
    return type === '' && onlyPrepares(instr, scope, engine) ? 'AssertionError' : type;
  }

  /** `except: …; raise` is as likely as what was caught. */
  function againWith(instr: Instr, { facts }: State): Odds | undefined {
    const odds = instr.op === 'raise' && instr.value === null ? facts.get(CAUGHT_ODDS) : undefined;
    return odds === 'likely' || odds === 'unlikely' || odds === 'rare' ? odds : undefined;
  }

  /** The thing was started, or the coroutine run, in the body of the with statement. */
  function beganInside(exit: Extract<Instr, { op: 'exit' }>, state: State): boolean {
    const at = state.facts.get(BEGAN);
    return typeof at === 'number' && cfg.instrs.some((i) => i.start === at && engine.isInside(i, exit, scope));
  }

  /** Goes on behind a release, by the names that certainly mean this one resource: elements of collections are left out. */
  function afterRelease(node: Node, instr: Instr, state: State): void {
    const holders = state.holders.filter((h) => !h.includes('[*]'));
    if (holders.length > 0) follow(node, instr, { ...state, holders, phase: state.phase | RELEASED });
  }

  /** Entering or awaiting what is held: the acquisition is done when they are; what could raise was the call before. */
  function isHeldPlace(operand: Operand, state: State): boolean {
    const path = engine.path(operand, scope);
    const rel = path === undefined ? undefined : relationOf(path, state, tracked.kind);
    return rel?.kind === 'exact' || rel?.kind === 'owner';
  }

  /** `for sock in sockets` while what is held is one of them: what a name has elements of is there, all of it. */
  function isCollection(iterable: Operand, state: State): boolean {
    return iterable.op !== 'temp' && heldBelow(iterable, state, tracked.kind, scope, engine.values).some((m) => m.startsWith('['));
  }

  /** `xs.pop()` while what is held is one of `xs`: there is something to take. */
  function takesFrom(instr: Instr, state: State): boolean {
    if (instr.op !== 'call' || instr.callee.op !== 'attr' || instr.args.length > 0 || !TAKES.has(instr.callee.name)) return false;
    const path = engine.path(instr.callee.of, scope);
    const rel = path === undefined ? undefined : relationOf(path, state, tracked.kind);
    return rel?.kind === 'owner' && rel.members.some((m) => m.startsWith('['));
  }

  /** `child.kill()` before `child.wait()`: steps of a release do not raise on what is held. */
  function isPartOfRelease(instr: Instr, state: State): boolean {
    if (instr.op !== 'call' || instr.callee.op !== 'attr') return false;
    const { name } = instr.callee;
    if (!tracked.kind.notRelease.includes(name) && !tracked.kind.releaseAll.some((set) => set.includes(name))) return false;
    const path = engine.path(instr.callee.of, scope);
    return path !== undefined && relationOf(path, state, tracked.kind)?.kind === 'exact';
  }

  /** What a loop over `enumerate(reader)` walks. */
  function walked(iterable: Operand): Operand {
    const call = callBehind(iterable, scope);
    const first = call?.callee.op === 'name' && /^(enumerate|iter)$/.test(call.callee.name) ? call.args[0] : undefined;
    return first?.kind === 'positional' ? first.value : iterable;
  }

  /** `await stream.connect(address)`: what cannot be done has closed the stream. */
  function closedByFailing(instr: Instr, state: State): boolean {
    if (tracked.kind.closesOnError.length === 0) return false;
    const call = instr.op === 'await' ? callBehind(instr.value, scope) : instr;
    if (call?.op !== 'call' || call.callee.op !== 'attr' || !tracked.kind.closesOnError.includes(call.callee.name)) return false;
    const path = engine.path(call.callee.of, scope);
    return path !== undefined && relationOf(path, state, tracked.kind)?.kind === 'exact';
  }

  /** All edges of the block that are neither raising nor special. */
  function follow(node: Node, via: Instr | null, state: State): void {
    const test = cfg.tests.get(node.block) ?? null;
    const outcome = test
      ? (evaluate(test, state, tracked.kind, scope, engine.values) ??
        restoringOutcome(node.block, tracked.kind, cfg, scope, engine) ??
        agreedOutcome(test, state, scope, engine))
      : undefined;
    const inChild = test && outcome === undefined ? outcomeInChild(test, scope, engine) : undefined;
    for (let e = cfg.firstEdge[node.block] as number; e < (cfg.firstEdge[node.block + 1] as number); e++) {
      const kind = cfg.edgeKind[e] as EdgeKind;
      const target = cfg.edgeTarget[e] as number;
      switch (kind) {
        case EdgeKind.next:
          push(target, state, node, kind, via, null, node.raises);
          break;
        case EdgeKind.true:
        case EdgeKind.false:
          if ((outcome === undefined || outcome === (kind === EdgeKind.true)) && inChild !== (kind === EdgeKind.true)) {
            const s = test ? assume(test, kind === EdgeKind.true, state, remembered, scope, engine.values) : state;
            push(target, s, node, kind, via, outcome === undefined ? test : null, node.raises);
          }
          break;
        default:
      }
    }
    if (via === null || hasDispatch(cfg, node.block)) dispatch(node, state);
  }

  function edges(node: Node, kind: EdgeKind, via: Instr, state: State, cost: number): void {
    for (let e = cfg.firstEdge[node.block] as number; e < (cfg.firstEdge[node.block + 1] as number); e++) {
      if (cfg.edgeKind[e] === kind) push(cfg.edgeTarget[e] as number, state, node, kind, via, null, node.raises + cost);
    }
  }

  /** catch and uncaught edges: of a handler dispatch, or at the end of a finally that was entered by raising. */
  function dispatch(node: Node, state: State): void {
    const flight = state.inFlight;
    let caught = false;
    for (let e = cfg.firstEdge[node.block] as number; e < (cfg.firstEdge[node.block + 1] as number); e++) {
      const kind = cfg.edgeKind[e] as EdgeKind;
      const target = cfg.edgeTarget[e] as number;
      if (kind === EdgeKind.catch && !caught) {
        const names = typeNames(cfg.edgeTypes.get(e)?.types ?? null)?.map(exceptionName);
        const answer = mayCatch(names, flight?.type ?? '');
        if (answer === 'no') continue;
        if (answer === 'yes') caught = true;
        // A handler for everything catches what nobody expected; one for a named exception catches what the test provokes.
        const broad = names === undefined || names.includes('Exception') || names.includes('BaseException');
        const handled = withFact({ ...state, inFlight: null }, CAUGHT, broad ? true : state.facts.get(CAUGHT));
        push(target, flight && raisesAgain(cfg) ? withFact(handled, CAUGHT_ODDS, flight.odds) : handled, node, kind, node.via, null, node.raises);
      } else if (kind === EdgeKind.uncaught && !caught)
        push(target, flight ? state : { ...state, inFlight: { type: '', odds: 'unlikely' } }, node, kind, node.via, null, node.raises);
    }
  }
}

function isPlainClose(instr: CallInstr): boolean {
  return instr.callee.op === 'attr' && /^(close|shutdown|server_close)$/.test(instr.callee.name) && instr.args.length === 0;
}

const again = new WeakMap<Cfg, boolean>();

/** There is a bare `raise`; asked once a graph, for many obligations may live in it. */
function raisesAgain(cfg: Cfg): boolean {
  let known = again.get(cfg);
  if (known === undefined) again.set(cfg, (known = cfg.instrs.some((i) => i.op === 'raise' && i.value === null)));
  return known;
}

function hasRaiseEdge(cfg: Cfg, block: number): boolean {
  for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++) {
    const k = cfg.edgeKind[e];
    if (k === EdgeKind.raise || k === EdgeKind.swallow || k === EdgeKind.forward) return true;
  }
  return false;
}

function hasDispatch(cfg: Cfg, block: number): boolean {
  for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++) {
    if (cfg.edgeKind[e] === EdgeKind.catch || cfg.edgeKind[e] === EdgeKind.uncaught) return true;
  }
  return false;
}

export type { Out };
export { addHolders, killHolders };
