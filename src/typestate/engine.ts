/**
 * The analysis of one program: everything that is computed once and asked for often.
 *
 * Holds the memo tables: control-flow graphs, effects of callables on entry states (`effectOf`), what functions touch. Effects are
 * computed on demand; a recursive call contributes no path of its own (the least fixpoint's first step), and results that depended on
 * such a cut are not kept, so that answers do not depend on who asked first.
 */

import type { Cfg } from '../cfg/cfg.ts';
import { EdgeKind } from '../cfg/cfg.ts';
import type { Patterns } from '../config/call-view.ts';
import type { FrameworkHooks, ResourceKind } from '../config/model.ts';
import type { Argument, Instr, IrFunction, Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import type { ClassUnit } from '../program/classes.ts';
import { forEachInstr } from '../program/module.ts';
import { type FunctionFacts, factsOf, type Scope } from '../program/scope.ts';
import type { Value, Values } from '../program/values.ts';
import { Alike } from './alike.ts';
import { constantsOf } from './branch.ts';
import type { Budget } from './budgets.ts';
import { apply, runLater, UNAWAITED } from './call-transfer.ts';
import { type CallInfo, type CallInstr, Calls } from './calls.ts';
import { explore, type Start } from './explore.ts';
import { isOwnPath } from './own-paths.ts';
import { below, FRAME, type Path, pathOf } from './path.ts';
import { bodyRaises, enterRaises } from './raising-bodies.ts';
import { mayAssert, neverReturns, touches } from './reach.ts';
import { Registrations } from './registrations.ts';
import { isParameter, membersText } from './relation.ts';
import { BORROWING_BUILTINS } from './safe-names.ts';
import { keyOf, type State, withHolders } from './state.ts';
import { type End, isEnd, type Out, type Tracked, withoutLocals } from './transfer.ts';

/** Calls followed into calls for one obligation. Helpers of tests are shallow; deeper chains make the obligation escape. */
const MAX_CALL_DEPTH = 24;
/** What was cut is computed anew by everyone who asks, without end where many helpers call each other; after this many it is kept as it is. */
const MAX_EFFECT_WORK = 1_000;

export interface Effect {
  readonly normal: readonly Out[];
  readonly raised: readonly Out[];
}

/** What the suite layer tells the engine. */
export interface EngineOptions {
  /** Which runner runs the tests; with `auto` only what leaks under every one is reported. */
  readonly runner: 'auto' | 'unittest' | 'pytest';
  readonly frameworks: readonly FrameworkHooks[];
  readonly isKnownMethod: (name: string) => boolean;
  readonly isKnownBase: (canonical: string) => boolean;
  /** The patterns' conditions on base classes that a class of that name meets. */
  readonly asked: (canonical: string) => ReadonlySet<string>;
  /** Fixtures and context manager functions: what follows their yield belongs to them. */
  readonly isManagedGenerator: (scope: Scope) => boolean;
  /** Fixtures that end after the function, which is a test, a fixture or a hook. */
  readonly fixturesAround: (scope: Scope) => readonly Scope[];
  /** Tests and fixtures: their parameters are fixtures, not arguments. */
  readonly isEntry: (scope: Scope) => boolean;
}

const SOUNDS_LIKE_RELEASE =
  /delete|remove|clean|destroy|terminate|release|close|kill|stop|shutdown|unlink|rmtree|drop|purge|dispose|free|tear_?down|quit|reset|restore/i;

/** Objects that one session numbers; two numbers below it fit into one that JavaScript keeps exactly (2 ** 52). */
const MAX_IDS = 2 ** 26;

export class Engine {
  readonly values: Values;
  readonly calls: Calls;
  readonly patternsFor: (scope: Scope) => Patterns;
  readonly registrations: Registrations;
  readonly alike: Alike;
  readonly options: EngineOptions;
  /** Names of the functions that run before each test of a class. */
  readonly setupNames: ReadonlySet<string>;
  /** By class body: hundreds of subclasses ask for those of their common base. */
  readonly #hooksOf = new Map<IrFunction, readonly IrFunction[]>();
  readonly #effects = new Map<string, Effect>();
  readonly #stack: string[] = [];
  /** The lowest stack index that the running computation was cut at. */
  #cut = Number.POSITIVE_INFINITY;
  /** Effects that were computed since the outermost question. */
  #work = 0;
  readonly #ids = new Map<object, number>();
  #nextId = 1;
  /** Functions whose budgets were used up: reported as problems by app. */
  readonly cutOffs = new Map<IrFunction, { readonly scope: Scope; readonly budgets: Set<Budget> }>();

  /** Set while `closely` runs. */
  looksClosely = false;

  constructor(values: Values, patternsFor: (scope: Scope) => Patterns, options: EngineOptions) {
    this.values = values;
    this.patternsFor = patternsFor;
    this.options = options;
    this.setupNames = new Set(options.frameworks.flatMap((f) => [...f.setup, ...f.classSetup]));
    this.calls = new Calls(values, patternsFor);
    this.calls.neverReturns = (callee, scope) => neverReturns(callee, scope, this);
    this.calls.asserts = (callee) => mayAssert(callee, this);
    this.calls.bodyRaises = (callee, args, scope, closely) => bodyRaises(callee, args, scope, this, closely);
    this.calls.enterRaises = (entered) => enterRaises(entered, this);
    this.calls.isOwnPath = (instr, removal, scope) => isOwnPath(instr, removal, scope, this);
    this.registrations = new Registrations(this);
    this.alike = new Alike(options.asked, (cls, name) => values.assignedTo(cls, name));
  }

  /** The members of the class itself that run before each test, in source order. */
  hooksOf({ module, body, members }: ClassUnit): readonly IrFunction[] {
    let found = this.#hooksOf.get(body);
    if (!found) {
      const named = [...members].filter(([name]) => this.setupNames.has(name));
      this.#hooksOf.set(body, (found = named.map(([, index]) => module.ir.functions[index] as IrFunction)));
    }
    return found;
  }

  /** Follows obligations with the product's own code read for what its calls raise (product-code.ts). */
  closely(follow: () => void): void {
    this.looksClosely = true;
    try {
      follow();
    } finally {
      this.looksClosely = false;
    }
  }

  cfg(scope: Scope): Cfg {
    const cfg = scope.module.cfg(scope.fn.index);
    if (cfg.merged) this.cutOff(scope, 'copies');
    return cfg;
  }

  /** Notes that a budget was used up by a function, so that something on which a finding could depend was not looked at. */
  cutOff(scope: Scope, budget: Budget): void {
    const known = this.cutOffs.get(scope.fn);
    if (known) known.budgets.add(budget);
    else this.cutOffs.set(scope.fn, { scope, budgets: new Set([budget]) });
  }

  facts(scope: Scope): FunctionFacts {
    return factsOf(scope.module, scope.fn);
  }

  id(object: object | undefined): number {
    if (!object) return 0;
    let n = this.#ids.get(object);
    if (n === undefined) this.#ids.set(object, (n = this.#nextId++));
    return n;
  }

  /** One number for a function looked at for a concrete class. */
  scopeKey(scope: Scope): number {
    return this.id(scope.fn) * MAX_IDS + this.id(scope.cls?.body);
  }

  /** What the function does to an obligation that enters it in `entry`. */
  effectOf(scope: Scope, tracked: Tracked, entry: State): Effect {
    const key = `${this.looksClosely ? 'closely ' : ''}${this.scopeKey(scope)} ${this.id(tracked.pattern)} ${JSON.stringify(tracked.captures)} ${keyOf(entry)}`;
    const known = this.#effects.get(key);
    if (known) return known;
    const at = this.#stack.indexOf(key);
    if (at >= 0) {
      this.#cut = Math.min(this.#cut, at);
      return { normal: [], raised: [] };
    }
    if (this.#stack.length >= MAX_CALL_DEPTH) {
      this.#cut = Math.min(this.#cut, 0);
      this.cutOff(scope, 'calls');
      const end: End = {
        end: 'escaped',
        instr: { op: 'evaluate', value: { op: 'unknown', start: 0, end: 0 }, start: 0, end: 0 },
        scope,
        how: 'calls nested too deep',
      };
      return { normal: [end], raised: [end] };
    }
    if (this.#stack.length === 0) this.#work = 0;
    this.#work++;
    this.#stack.push(key);
    const depth = this.#stack.length - 1;
    const effect = this.#compute(scope, tracked, entry);
    this.#stack.pop();
    if (this.#cut >= depth) {
      this.#cut = Number.POSITIVE_INFINITY;
      this.#effects.set(key, effect);
    } else if (this.#work > MAX_EFFECT_WORK) {
      this.cutOff(scope, 'calls');
      this.#effects.set(key, effect);
    }
    return effect;
  }

  /** What a fixture does, after its yield, to an obligation that is held then. */
  effectAfterYield(scope: Scope, tracked: Tracked, entry: State): Effect {
    const cfg = this.cfg(scope);
    const starts: Start[] = [];
    for (let b = 0; b < cfg.blocks; b++) {
      const behind = cfg.firstInstr[b + 1] as number;
      const last = cfg.instrs[behind - 1];
      if (last?.op === 'yield') starts.push({ block: b, index: behind, state: entry, edge: EdgeKind.next, via: last });
    }
    return this.#compute(scope, tracked, entry, starts);
  }

  #compute(
    scope: Scope,
    tracked: Tracked,
    entry: State,
    starts: readonly Start[] = [{ block: 0, state: entry, edge: EdgeKind.next, via: null }],
  ): Effect {
    const run = explore(starts, tracked, scope, this);
    const normal = new Map<string, Out>();
    const raised = new Map<string, Out>();
    const put = (map: Map<string, Out>, out: Out): void => {
      const k = isEnd(out) ? `end ${out.end}` : keyOf(out);
      if (!map.has(k)) map.set(k, out);
    };
    for (const e of run.ends) {
      // Released before a raise is released all the same; other ends are judged on the way on which they happened.
      put(normal, e.end);
      if (e.end.end === 'released' || e.end.end === 'registered') put(raised, e.end);
    }
    for (const e of run.exits) {
      const holders = withoutLocals(e.state, scope);
      const state = { ...withHolders(e.state, holders), facts: lasting(e.state), pending: 0 };
      const out: Out = holders.length === 0 ? { end: 'lost', instr: e.node.via ?? EMPTY, scope, how: 'dropped' } : state;
      put(e.kind === 'normal' ? normal : raised, out);
    }
    if (run.exhausted) {
      this.cutOff(scope, 'paths');
      put(normal, { end: 'escaped', instr: EMPTY, scope, how: 'budget' });
    }
    return { normal: [...normal.values()], raised: [...raised.values()] };
  }

  /** Runs what was registered on the way, those that `isAsked`: the end of the obligation if one of the callables releases it. */
  runPending(state: State, tracked: Tracked, scope: Scope, isAsked: (callee: Operand, at: Scope) => boolean = () => true): End | undefined {
    if (state.pending === 0) return undefined;
    for (const r of this.registrations.list(scope)) {
      if ((state.pending & r.bit) === 0) continue;
      for (const c of r.callables) {
        const at = c.scope.fn === scope.fn ? scope : c.scope;
        const answer = isAsked(c.callee, at) ? runLater(c.callee, c.args, r.instr, state, tracked, at, this) : 'none';
        if (answer !== 'none') return { end: answer === 'released' ? 'registered' : 'escaped', instr: r.instr, scope, how: r.how };
      }
    }
    return undefined;
  }

  registrationBit(instr: Instr, scope: Scope): number {
    return this.registrations.list(scope).find((r) => r.instr === instr)?.bit ?? 0;
  }

  isManagedGenerator(scope: Scope): boolean {
    return this.options.isManagedGenerator(scope);
  }

  isCallee(scope: Scope): boolean {
    return !this.options.isEntry(scope);
  }

  isKnownMethod(name: string, _scope: Scope): boolean {
    return this.options.isKnownMethod(name);
  }

  hasUnreadBase(scope: Scope): boolean {
    return scope.cls?.externalBases.some((b) => !this.options.isKnownBase(b)) ?? false;
  }

  /** The name is only ever bound to list, dict, set or tuple displays, or to calls that make one. */
  isLiteralContainer(operand: Operand, scope: Scope): boolean {
    return this.isContainer(operand, scope);
  }

  isContainer(operand: Operand, scope: Scope): boolean {
    if (operand.op === 'list' || operand.op === 'dict' || operand.op === 'set' || operand.op === 'tuple') return true;
    if (operand.op === 'temp') {
      const def = this.facts(scope).temps[operand.id];
      if (def?.kind === 'value') return this.isContainer(def.value, scope);
      const call = callBehind(operand, scope);
      const path = call && this.calls.info(call, scope).view.importPath;
      return path !== undefined && /^(list|dict|set|tuple|collections\.(deque|defaultdict|OrderedDict)|queue\..*Queue)$/.test(path);
    }
    if (operand.op !== 'name' || operand.scope === 'global') return false;
    const fn = scope.module.ir.functions[operand.owner] as IrFunction;
    const defs = factsOf(scope.module, fn).names.get(operand.name) ?? [];
    return defs.length > 0 && defs.every((d) => d.kind === 'value' && this.isContainer(d.value, { ...scope, fn }));
  }

  /** A stack that belongs to somebody outside the function: what is registered there is theirs. */
  ownedElsewhere(stack: Path, scope: Scope): boolean {
    return stack.startsWith('g:') || (isParameter(stack, scope) && !this.isCallee(scope));
  }

  isIdentity(caller: Path, holder: Path, kind: ResourceKind): boolean {
    const member = below(holder, caller);
    return member !== undefined && member !== '' && kind.identities.some((i) => membersText(i) === member);
  }

  partialBehind(operand: Operand, scope: Scope): { readonly callee: Operand; readonly args: readonly Argument[] } | undefined {
    const call = callBehind(operand, scope);
    const info = call && this.calls.info(call, scope);
    const p = info?.indirection?.pattern;
    if (!call || !p?.deferred) return undefined;
    const callee = p.callable.position.at === 'argument' ? call.args[p.callable.position.index ?? 0]?.value : undefined;
    return callee && { callee, args: call.args.slice(p.argumentsFrom) };
  }

  looksLikeRelease(method: string, how: string, kind: ResourceKind): boolean {
    if (kind.release.some((r) => r.method === method)) return true;
    return how !== 'captured' && SOUNDS_LIKE_RELEASE.test(method);
  }

  /** The builtin functions that look at their arguments and forget them. Another unknown name may mean anything: a star import's function. */
  borrowsByDefault(info: CallInfo): boolean {
    return info.value?.kind === 'external' && BORROWING_BUILTINS.has(info.view.importPath ?? '');
  }

  mayManagerSwallow(value: Value | undefined): boolean {
    if (value?.kind !== 'instance') return false;
    const ref = this.values.classes.method(value.cls, '__exit__') ?? this.values.classes.method(value.cls, '__aexit__');
    if (!ref) return false;
    let swallows = false;
    forEachInstr((ref.module.ir.functions[ref.index] as IrFunction).body, (i) => {
      if (i.op === 'return' && i.value !== null && !(i.value.op === 'const' && (i.value.value === false || i.value.value === null))) swallows = true;
    });
    return swallows;
  }

  /** The instruction stands in the body of the with statement that `exit` leaves. */
  isInside(instr: Instr, exit: Extract<Instr, { op: 'exit' }>, scope: Scope): boolean {
    return this.facts(scope).enclosing(instr).includes(exit.manager);
  }

  /** Some configured sweeper takes everything of the kind, whatever its name, or all of it is stopped together, or nothing names it where it goes. */
  isSwept(tracked: Tracked, scope: Scope): boolean {
    if (this.isStoppedTogether(tracked) || isNamedInLine(tracked)) return true;
    return this.patternsFor(scope).packs.some((p) =>
      p.sweepers.some((s) => s.collection === null && s.kinds.some((k) => k === tracked.kind.kind || k === '*')),
    );
  }

  /**
   * A release such as `patch.stopall` ends everything of the kind. What reaps children, lets others run or closes a range of descriptors
   * ends some of them only, and says nothing of the one at hand.
   */
  isStoppedTogether({ kind }: Tracked): boolean {
    const isAtRest = !kind.asynchronous && !kind.acquire.some((a) => a.runs);
    return kind.reach === 'process' && isAtRest && !kind.once && kind.release.some((r) => r.sweeps);
  }

  /** The call's result is awaited, returned or handed to a call (gather, wait_for, run) that may await it. */
  isAwaited(result: number | undefined, scope: Scope): boolean {
    if (result === undefined) return false;
    return this.facts(scope).tempUses(result) > 0;
  }

  /** The result is awaited on the spot: `await asyncio.wait_for(coroutine, 1)`. */
  isAwaitExpression(result: number, scope: Scope): boolean {
    return this.cfg(scope).instrs.some((i) => i.op === 'await' && i.value.op === 'temp' && i.value.id === result);
  }

  /**
   * The call acquires a mere handle while a mere handle is held: two sockets made one after the other. That the second one fails is a
   * failure of the machine, not of the test. Misses: a leak of the first handle when the second cannot be had (samples/07-setup-teardown).
   */
  isHandleForHandle(instr: CallInstr, tracked: Tracked, scope: Scope): boolean {
    if ((tracked.pattern.reach ?? tracked.kind.reach) !== 'object') return false;
    const found = this.patternsFor(scope).acquisitions(this.calls.info(instr, scope).view);
    return found.length > 0 && found.every((m) => (m.pattern.reach ?? m.kind.reach) === 'object');
  }

  /** False where the callee (with all it calls) mentions none of the places. */
  mentions(scope: Scope, places: readonly Path[]): boolean {
    return touches(scope, places, this);
  }

  path(operand: Operand, scope: Scope): Path | undefined {
    return pathOf(operand, scope, this.values);
  }
}

/** What a line of a command makes is named inside the line: nothing holds it, and another line removes it, whoever runs that. */
export function isNamedInLine({ kind, pattern }: Tracked): boolean {
  return pattern.command !== undefined && kind.release.length > 0 && kind.release.every((r) => r.sweeps);
}

/** Facts that outlive the function: that a release was called and not awaited, and the outcomes of tests of constants. */
export function lasting(state: State): State['facts'] {
  const constants = constantsOf(state.facts);
  const at = state.facts.get(UNAWAITED);
  return at === undefined ? constants : new Map([...constants, [UNAWAITED, at]]);
}

export const EMPTY: Instr = { op: 'evaluate', value: { op: 'unknown', start: 0, end: 0 }, start: 0, end: 0 };
export { apply, FRAME };
