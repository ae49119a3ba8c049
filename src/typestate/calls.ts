/**
 * What is known of a call before any obligation is looked at: which patterns it matches, whom it calls, how likely it raises?
 *
 * Computed once per call instruction and concrete class. How likely an instruction raises decides which raise edges are followed:
 * `never` has none, `always` has no normal edge, `likely` is an assertion or a wait, `rare` needs a failure of the machine.
 */
import type { CallView, Matched, Patterns } from '../config/call-view.ts';
import type { IndirectionPattern, ManagerPattern, ModelPattern, RegistrationPattern } from '../config/model.ts';
import type { Argument, Instr, Operand } from '../ir/ir.ts';
import { callBehind, calledName, namedView } from '../program/call-site.ts';
import { forEachInstr } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { methodScope, type Value, type Values } from '../program/values.ts';
import { neverHolds } from '../suite/assertions.ts';
import { type Callable, type Chain, Chains, callableOf, Meaning } from './chains.ts';
import { exceptionName, FOR_THE_HANDLER, isBuiltinException, raisedBy } from './exceptions.ts';
import { LazyInfo } from './lazy-info.ts';
import { PerClass } from './per-class.ts';
import { isSafeOnPlainValue, isWrittenOut } from './plain-values.ts';
import { productCallee } from './product-code.ts';
import { onlyMakes } from './quiet-steps.ts';
import { isQuietUpcall } from './quiet-upcalls.ts';
import { type BodyLikelihood, isOnlyMade } from './raising-bodies.ts';
import { SAFE_BUILTINS, SAFE_METHODS } from './safe-names.ts';
import type { Odds } from './state.ts';

export type CallInstr = Extract<Instr, { op: 'call' }>;

export interface CallInfo {
  readonly view: CallView;
  readonly registration: Matched<RegistrationPattern> | undefined;
  readonly indirection: Matched<IndirectionPattern> | undefined;
  readonly models: readonly Matched<ModelPattern>[];
  /** The project callable, where the callee resolves to one. */
  readonly callee: Callable | undefined;
  /** The callee's value, whatever it is. */
  readonly value: Value | undefined;
}

export type Likelihood = 'never' | 'rare' | 'unlikely' | 'likely' | 'always';

/** The odds of an exception that such an instruction raises. */
export const oddsOf = (likelihood: Likelihood): Odds => (likelihood === 'unlikely' || likelihood === 'rare' ? likelihood : 'likely');

export interface Raising {
  readonly likelihood: Likelihood;
  /** Last segment of the exception's class; '' for whatever an ordinary call raises. */
  readonly type: string;
  /** Whatever ordinary calls raise is possible besides (a helper that asserts). */
  readonly other?: boolean;
}

export interface ManagerInfo {
  readonly effects: readonly Matched<ManagerPattern>[];
  readonly call: CallInstr | undefined;
  readonly value: Value | undefined;
  /** The call whose arguments name the exceptions: `call`, or the one inside the generator that `call` runs. */
  readonly expects: CallInstr | undefined;
}

/** Instructions that have a raise edge of their own (cfg.ts, invariant 2). */
const RAISE_POINTS = new Set<Instr['op']>(['call', 'await', 'yield', 'assert', 'raise', 'next', 'enter']);

const NEVER: Raising = { likelihood: 'never', type: '' };
const UNLIKELY: Raising = { likelihood: 'unlikely', type: '' };
const EXPECTED: Raising = { likelihood: 'unlikely', type: FOR_THE_HANDLER };
const RARE: Raising = { likelihood: 'rare', type: '' };
const ORDINARY: Readonly<Record<BodyLikelihood, Raising>> = { never: NEVER, rare: RARE, unlikely: UNLIKELY };
const ASSERTION: Raising = { likelihood: 'likely', type: 'AssertionError' };
const FAILS: Raising = { ...ASSERTION, likelihood: 'always' };

const SWALLOWING: ReadonlySet<ManagerPattern['effect']> = new Set(['must-raise', 'swallows']);

/** What a call may be, as far as its name says. */
type Question = 'mayAcquire' | 'mayRegister' | 'mayModel' | 'mayHandOn';

export class Calls {
  readonly values: Values;
  readonly patternsOf: (scope: Scope) => Patterns;
  readonly chains = new Chains();
  readonly #infos = new PerClass<CallInfo>();
  readonly #raising = new PerClass<Raising>();
  readonly #looked = new PerClass<Raising>();
  readonly #managers = new PerClass<ManagerInfo>();
  /** Set by the suite: true for generators used by `with`. */
  yieldRaises: (scope: Scope) => boolean = () => false;
  /** Set by the summaries: true where every path of the callee raises. */
  neverReturns: (callee: CallInfo['callee'], scope: Scope) => boolean = () => false;
  /** Set by the summaries: true where the callee asserts or waits itself. */
  asserts: (callee: CallInfo['callee']) => boolean = () => false;
  /** Set by the summaries: how likely anything in the callee's body raises. */
  bodyRaises: (callee: CallInfo['callee'], args: readonly Argument[], scope: Scope, closely: boolean) => BodyLikelihood = () => 'unlikely';
  /** Set by the summaries: how likely a manager of the project raises before the body of its with statement. */
  enterRaises: (entered: Scope) => BodyLikelihood = () => 'unlikely';
  /** Set by the engine: true where the test itself has made the path that the call removes. */
  isOwnPath: (instr: CallInstr, removal: ModelPattern, scope: Scope) => boolean = () => false;

  constructor(values: Values, patternsOf: (scope: Scope) => Patterns) {
    this.values = values;
    this.patternsOf = patternsOf;
  }

  info(instr: CallInstr, scope: Scope): CallInfo {
    return this.#infos.get(instr, scope.cls) ?? this.#infos.set(instr, scope.cls, this.describe(instr.callee, instr.args, instr, scope));
  }

  /** The project callable of a call, where nothing else is asked of it: most calls on locals have none, and are worth no description. */
  callee(instr: CallInstr, scope: Scope): Callable | undefined {
    const chain = this.chains.of(instr.callee, scope);
    return chain ? chain.callable(instr.callee, scope, this.values) : this.localCallee(instr, scope);
  }

  /** The same where the callee is known to be no chain of names. */
  localCallee(instr: CallInstr, scope: Scope): Callable | undefined {
    const known = this.#infos.get(instr, scope.cls);
    return known ? known.callee : callableOf(this.values.of(instr.callee, scope));
  }

  /** What a callee stands for, found once for all that are written alike. */
  of(callee: Operand, scope: Scope): Value | undefined {
    const chain = this.chains.of(callee, scope);
    return chain ? chain.value(callee, scope, this.values) : this.values.of(callee, scope);
  }

  /** False where no pattern of a registration bears the call's name. */
  mayRegister({ callee }: CallInstr, scope: Scope): boolean {
    return this.mayBe('mayRegister', callee, this.chains.of(callee, scope), scope);
  }

  /** False where no pattern of an effect bears the call's name. */
  mayModel({ callee }: CallInstr, scope: Scope): boolean {
    return this.mayBe('mayModel', callee, this.chains.of(callee, scope), scope);
  }

  /** False where no pattern of an indirection bears the call's name. */
  mayHandOn({ callee }: CallInstr, scope: Scope): boolean {
    return this.mayBe('mayHandOn', callee, this.chains.of(callee, scope), scope);
  }

  /** False where no pattern of the kind bears the callee's name. `chain`: that of the callee; asked once for all its calls. */
  mayBe(question: Question, callee: Operand, chain: Chain | undefined, scope: Scope): boolean {
    const known = chain?.[question] ?? null;
    if (known !== null) return known;
    // An attribute of the class's own is a chain, so of anything else only the path as imported is left.
    const path = chain ? chain.path(callee, scope, this.values) : this.values.canonical(callee, scope);
    const answer = this.patternsOf(scope)[question](path, calledName(callee, path));
    if (chain) chain[question] = answer;
    return answer;
  }

  /** The same for a callable that is only handed over, with the arguments it will get. */
  describe(callee: Operand, args: readonly Argument[], at: Instr | undefined, scope: Scope): CallInfo {
    return new LazyInfo({ callee, args, at }, this.chains.of(callee, scope) ?? new Meaning(), scope, this.values, this.patternsOf(scope));
  }

  /** What the manager of an enter or exit instruction does with exceptions. */
  manager(instr: Extract<Instr, { op: 'enter' | 'exit' }>, scope: Scope): ManagerInfo {
    return this.#managers.get(instr, scope.cls) ?? this.#managers.set(instr, scope.cls, this.#manager(instr, scope));
  }

  #manager(instr: Extract<Instr, { op: 'enter' | 'exit' }>, scope: Scope): ManagerInfo {
    const call = callBehind(instr.manager, scope);
    const value = this.values.of(instr.manager, scope);
    if (!call) return { effects: [], call, value, expects: call };
    const info = this.info(call, scope);
    const effects = this.patternsOf(scope).manager(info.view);
    if (effects.length > 0) return { effects, call, value, expects: call };
    // A helper that returns a library's manager (`return closing(connection)`) is that manager.
    if (value?.kind === 'external' && value.called)
      return { effects: this.patternsOf(scope).manager(namedView(value.path)), call, value, expects: call };
    const inner = info.callee && info.callee.kind !== 'class' ? this.#aroundYield(this.values.scopeOf(info.callee)) : undefined;
    return { effects: inner?.effects ?? [], call, value, expects: inner?.call ?? call };
  }

  /** The manager around the yield of a generator that is one (`with self.assertRaises(Error): yield`), if it swallows. */
  #aroundYield(scope: Scope): { readonly effects: ManagerInfo['effects']; readonly call: CallInstr } | undefined {
    if (!scope.fn.isGenerator || !this.yieldRaises(scope)) return undefined;
    const { enclosing } = factsOf(scope.module, scope.fn);
    let found: { readonly effects: ManagerInfo['effects']; readonly call: CallInstr } | undefined;
    forEachInstr(scope.fn.body, (i) => {
      if (found || i.op !== 'yield') return;
      for (const manager of enclosing(i)) {
        const call = callBehind(manager, scope);
        const effects = call
          ? this.patternsOf(scope)
              .manager(this.info(call, scope).view)
              .filter((m) => SWALLOWING.has(m.pattern.effect))
          : [];
        if (call && effects.length > 0) found ??= { effects, call };
      }
    });
    return found;
  }

  /**
   * The same as `raising`, and where that knows nothing of an ordinary call, what the product's own code says: its module is read. Asked where a
   * finding depends on it. A product's object that is made of nothing but literals is made in every run of the tests: that it cannot be is rare.
   */
  closely(instr: Instr, scope: Scope): Raising {
    const known = this.raising(instr, scope);
    if (instr.op !== 'call' || known !== UNLIKELY) return known;
    return this.#looked.get(instr, scope.cls) ?? this.#looked.set(instr, scope.cls, this.#lookInto(instr, scope));
  }

  #lookInto(instr: CallInstr, scope: Scope): Raising {
    const info = this.info(instr, scope);
    if (info.callee) return ORDINARY[this.bodyRaises(info.callee, instr.args, scope, true)];
    const found = productCallee(instr, info.value, scope, this.values);
    if (typeof found === 'string') return this.isSafeName(found, scope) ? NEVER : UNLIKELY;
    if (!found) return UNLIKELY;
    const answer = ORDINARY[this.bodyRaises(found, instr.args, scope, true)];
    return answer === UNLIKELY && found.kind === 'class' && instr.args.every((a) => isWrittenOut(a.value)) ? RARE : answer;
  }

  /** How likely the instruction raises, and what. */
  raising(instr: Instr, scope: Scope): Raising {
    switch (instr.op) {
      case 'assert':
        return neverHolds(instr, scope, this) ? FAILS : ASSERTION;
      case 'raise':
        return this.#raised(instr, scope);
      case 'call':
        return this.#raising.get(instr, scope.cls) ?? this.#raising.set(instr, scope.cls, this.#call(instr, scope));
      case 'await': {
        const call = instr.value.op === 'temp' ? callBehind(instr.value, scope) : undefined;
        return call && (this.#onlySleeps(call, scope) || this.#isSafe(call, scope) || this.#waitsForSafe(call, scope)) ? NEVER : UNLIKELY;
      }
      // What the with body raises arrives at the yield of a context manager; a fixture is never thrown into.
      case 'yield':
        return this.yieldRaises(scope) ? { likelihood: 'likely', type: '' } : instr.from ? UNLIKELY : NEVER;
      case 'next':
        return this.#iterates(instr, scope);
      case 'enter': {
        const m = this.manager(instr, scope);
        if (m.effects.length > 0 && m.expects === m.call) return NEVER;
        if (m.call && this.patternsOf(scope).acquisitions(this.info(m.call, scope).view).length > 0) return NEVER; // The call before it may have raised; entering what it made does not.
        return m.value?.kind === 'external' && m.value.called ? NEVER : this.#enters(m, scope);
      }
      case 'exit':
        if (instr.raising) return NEVER;
        if (!this.manager(instr, scope).effects.some((e) => e.pattern.effect === 'must-raise'))
          return this.#assertsAtTheEnd(instr, scope) ? { ...ASSERTION, other: true } : NEVER;
        // Where nothing in the body is known to raise (an assignment, list(x)), it raised all the same: the test goes on after the with.
        return (
          this.#raising.get(instr, scope.cls) ??
          this.#raising.set(instr, scope.cls, this.raisesInside(instr.manager, scope) ? { likelihood: 'always', type: 'AssertionError' } : ASSERTION)
        );
      case 'import':
        return NEVER;
      // A plain instruction has a raise edge only in a try body without any other raise point (cfg.ts): it raises what the handler is for.
      default:
        return EXPECTED;
    }
  }

  /** A generator of the project that asserts: what it releases before, at its yield, is released. */
  #assertsAtTheEnd(instr: Extract<Instr, { op: 'exit' }>, scope: Scope): boolean {
    const { call } = this.manager(instr, scope);
    const callee = call && this.info(call, scope).callee;
    return callee !== undefined && callee.kind !== 'class' && this.yieldRaises(this.values.scopeOf(callee)) && this.asserts(callee);
  }

  /** Entering a manager of the project: a generator as far as its yield, or the class's `__enter__`. */
  #enters({ call, value }: ManagerInfo, scope: Scope): Raising {
    const callee = call && this.info(call, scope).callee;
    const generator = callee && callee.kind !== 'class' ? this.values.scopeOf(callee) : undefined;
    if (generator && this.yieldRaises(generator)) return ORDINARY[this.enterRaises(generator)];
    const ref = value?.kind === 'instance' ? this.values.classes.method(value.cls, '__enter__') : undefined;
    if (!ref || value?.kind !== 'instance') return call || value ? UNLIKELY : RARE; // `with lock:`, what was made before.
    return ORDINARY[this.enterRaises(methodScope(ref, value.cls))];
  }

  /** A class outside the program whose construction raises nothing, or a method of one under its full name. */
  isSafeName(path: string, scope: Scope): boolean {
    const models = path === 'object' ? [] : this.patternsOf(scope).models(namedView(path));
    return path === 'object' || models.some((m) => m.pattern.effect === 'safe' || m.pattern.effect === 'in-memory');
  }

  /** False for what never raises, and for what cannot. */
  mayRaise(instr: Instr, scope: Scope): boolean {
    return RAISE_POINTS.has(instr.op) && this.raising(instr, scope).likelihood !== 'never';
  }

  /** `threading.Thread.__init__(self)`, or the same through `super()`: the class is one whose construction raises nothing. */
  #isSafeConstructor(info: CallInfo, { callee }: CallInstr, scope: Scope): boolean {
    if (callee.op !== 'attr' || callee.name !== '__init__') return false;
    const isSuper = this.values.of(callee.of, scope)?.kind === 'super';
    const path = info.view.importPath;
    const classes = isSuper ? (scope.cls?.externalBases ?? []) : path === undefined ? [] : [path.slice(0, -'.__init__'.length)];
    if (classes.length === 0) return isSuper && scope.cls?.hasUnknownBase === false;
    return classes.every((c) => this.isSafeName(c, scope));
  }

  /** Something in the body of the manager's with statement may raise. */
  raisesInside(manager: Operand, scope: Scope): boolean {
    const { enclosing } = factsOf(scope.module, scope.fn);
    let found = false;
    forEachInstr(scope.fn.body, (i) => {
      if (!found && i.start >= manager.end && enclosing(i).includes(manager) && this.mayRaise(i, scope)) found = true;
    });
    return found;
  }

  #raised(instr: Extract<Instr, { op: 'raise' }>, scope: Scope): Raising {
    if (instr.value === null) return { likelihood: 'always', type: '' };
    const call = callBehind(instr.value, scope);
    const named = call ? call.callee : instr.value;
    const canonical = this.values.canonical(named, scope);
    const type = canonical ? exceptionName(canonical) : '';
    return { likelihood: 'always', type: /^[A-Z]/.test(type) ? type : '' };
  }

  #iterates(instr: Extract<Instr, { op: 'next' }>, scope: Scope): Raising {
    if (instr.isAsync) return UNLIKELY;
    const call = callBehind(instr.iterable, scope);
    if (!call) return NEVER; // A loop over a name, an attribute or a literal.
    const { view } = this.info(call, scope);
    if (view.importPath === undefined && SAFE_METHODS.has(view.method)) return NEVER;
    if (this.#isSafe(call, scope) || isSafeOnPlainValue(call, scope, this.values)) return NEVER; // `text.split(',')` is walked without raising, too.
    return view.importPath !== undefined && SAFE_BUILTINS.has(view.importPath) ? NEVER : UNLIKELY;
  }

  /** What the configuration says of it is that it does not raise in practice. */
  #isSafe(call: CallInstr, scope: Scope): boolean {
    return this.info(call, scope).models.some((m) => m.pattern.effect === 'safe' || m.pattern.effect === 'rarely-raises');
  }

  /** `to_thread.run_sync(thread.join)`: what the called callable raises. */
  #handedOn({ args }: CallInstr, { callable }: IndirectionPattern, scope: Scope): Raising {
    const called = callable.position.at === 'argument' && callable.members.length === 0 ? args[callable.position.index ?? 0]?.value : undefined;
    const models = called ? this.describe(called, [], undefined, scope).models : [];
    return models.some((m) => m.pattern.effect === 'safe') ? NEVER : UNLIKELY;
  }

  #waitsForSafe(call: CallInstr, scope: Scope): boolean {
    const { indirection } = this.info(call, scope);
    return indirection !== undefined && this.#handedOn(call, indirection.pattern, scope) === NEVER;
  }

  /** `await asyncio.sleep(1)`: time goes by. */
  #onlySleeps(call: CallInstr, scope: Scope): boolean {
    return this.patternsOf(scope)
      .waits(this.info(call, scope).view)
      .some((m) => m.pattern.sleep);
  }

  #call(instr: CallInstr, scope: Scope): Raising {
    const info = this.info(instr, scope);
    const type = info.view.importPath;
    if (type === 'getattr' && instr.args.length > 2) return NEVER; // It has a default.
    if ((type === 'min' || type === 'max') && instr.args.length > 1) return NEVER; // Only of an empty collection there is none.
    // `with assertRaises(X):` only makes the manager; `assertRaises(X, f)` is an assertion.
    if (factsOf(scope.module, scope.fn).tempUses(instr.result) > 0 && this.patternsOf(scope).manager(info.view).length > 0) return NEVER;
    const error = info.models.find((m) => m.pattern.effect === 'fails-with')?.pattern.error;
    const fails: Raising | undefined = error === undefined ? undefined : { ...UNLIKELY, type: exceptionName(error) };
    for (const m of info.models) {
      switch (m.pattern.effect) {
        case 'raises':
          return { likelihood: 'always', type: raisedBy(type ?? info.view.method) };
        case 'ends':
          return { likelihood: 'always', type: 'ends' };
        case 'asserts':
          return neverHolds(instr, scope, this) ? FAILS : ASSERTION;
        case 'waits':
          return { likelihood: 'likely', type: '' };
        case 'safe':
        case 'in-memory':
          return NEVER;
        case 'rarely-raises':
          return fails ? { ...RARE, type: fails.type } : RARE;
        case 'creates-path':
        case 'removes-path':
          return { likelihood: this.isOwnPath(instr, m.pattern, scope) ? 'rare' : 'unlikely', type: 'OSError' };
        default:
      }
    }
    if (fails) return fails;
    if (info.registration) return NEVER;
    if (info.indirection) return info.indirection.pattern.deferred ? NEVER : this.#handedOn(instr, info.indirection.pattern, scope);
    if (
      type !== undefined &&
      (SAFE_BUILTINS.has(type) ||
        isBuiltinException(type) ||
        (/^(int|float|complex|abs|round)$/.test(type) && instr.args.every((a) => a.value.op === 'const' && typeof a.value.value === 'number')))
    )
      return NEVER;
    if (info.callee === undefined && type === undefined && SAFE_METHODS.has(info.view.method)) return NEVER;
    if (isQuietUpcall(instr, info, scope, this) || (info.callee === undefined && this.#isSafeConstructor(info, instr, scope))) return NEVER;
    if (info.callee === undefined && isSafeOnPlainValue(instr, scope, this.values)) return NEVER;
    if (info.callee && info.callee.kind !== 'class' && isOnlyMade(instr, this.values.scopeOf(info.callee), scope, this)) return NEVER;
    if (info.callee && this.neverReturns(info.callee, scope)) return { likelihood: 'always', type: 'AssertionError' };
    if (info.callee && this.asserts(info.callee)) return { ...ASSERTION, other: true };
    if (info.callee) return ORDINARY[this.bodyRaises(info.callee, instr.args, scope, false)];
    if (onlyMakes(info, this.patternsOf(scope))) return RARE;
    // Of a coroutine: where the call itself waits (greenlets), others may throw something into it meanwhile.
    if (factsOf(scope.module, scope.fn).tempUses(instr.result) > 0 && this.#onlySleeps(instr, scope)) return NEVER;
    const run = info.models.some((m) => m.pattern.effect === 'wraps') ? instr.args[0] && callBehind(instr.args[0].value, scope) : undefined;
    return run && this.#onlySleeps(run, scope) ? NEVER : UNLIKELY; // `loop.run_until_complete(asyncio.sleep(1))`
  }
}
