/**
 * Where do tests give something back, and what is it?
 *
 * Walks every function once. A *use* is a call that could be a release, the value that it was given (with the call that made the value),
 * and where it stands: registered as a cleanup, in a `finally`, in a teardown, behind a fixture's `yield`, left by `with`, or simply later.
 * A callable that is handed over with its arguments (`addCleanup(delete, id)`, also through an indirection) is a call made later.
 */
import type { Patterns } from '../config/call-view.ts';
import type { Argument, Instr, Operand } from '../ir/ir.ts';
import { CallSite, expressionOf } from '../program/call-site.ts';
import type { ModuleUnit } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Values } from '../program/values.ts';
import { isContextManager, isFixture } from '../suite/discover.ts';
import { isLook, isReleaseName, mayEnd, partsOf, speaksOfRelease } from './names.ts';
import { type CallInstr, lexicalScope, type Origin, type Origins } from './origins.ts';
import { ParameterUses } from './parameter-uses.ts';
import { forEachPlaced, type Position } from './placed.ts';
import { type Placed, Places } from './places.ts';

/** How a release is made sure of; `later` and `handler` run on some ways out only. */
export type How = 'registered' | 'finally' | 'teardown' | 'fixture' | 'with' | 'handler' | 'later';

export interface Use {
  /** The callee of the release, as it stands in the code. */
  readonly callee: Operand;
  readonly how: How;
  readonly handle: 'receiver' | 'argument' | 'with';
  /** Nothing else was handed over, so it is this that is meant. */
  readonly isAlone: boolean;
  readonly scope: Scope;
  readonly instr: Instr;
}

/** What learning needs of an analysed project. */
export interface Reading {
  readonly values: Values;
  patternsOf(module: ModuleUnit): Patterns;
  /** Names of the hooks that frameworks call after a test, class or module. */
  readonly teardowns: ReadonlySet<string>;
}

/** What one walk reports. */
export interface Findings {
  /** A value that the call made is released. */
  made(origin: Origin, use: Use): void;
  /** A call that was given the same thing as the release, or was made on it: `lock(name)`, `unlock(name)`. */
  beside(call: Placed, use: Use): void;
  /** A call that takes a callable to run it later and that no pack knows. */
  registers(callee: Operand, scope: Scope, instr: Instr): void;
  /** A callable that calls the one it is given. */
  passesOn(callee: Operand, scope: Scope, instr: Instr): void;
}

/** Calls with such a name run what they are given at the end of something. */
const REGISTERS =
  /^_?(add|register|push|append|schedule|use|at|on|defer|run|call)\w*(clean_?up|finali[sz]er|tear_?down|exit|callback)|^(defer|callback|atexit)$/i;

/** What stands for a call that runs later. */
interface Deferred {
  readonly callee: Operand;
  readonly args: readonly Argument[];
}

export class Uses {
  readonly #reading: Reading;
  readonly #origins: Origins;
  readonly #places: Places;
  readonly #parameters: ParameterUses;

  constructor(reading: Reading, origins: Origins) {
    this.#reading = reading;
    this.#origins = origins;
    this.#places = new Places(origins);
    this.#parameters = new ParameterUses(origins);
  }

  /** Walks the functions of a module. */
  ofModule(module: ModuleUnit, findings: Findings): void {
    const later = new Set<number>();
    for (const fn of module.ir.functions) {
      const scope = lexicalScope(module, fn.index, this.#reading.values.classes);
      const role = this.#roleOf(scope, later);
      forEachPlaced(fn.body, (instr, position) => {
        if (instr.op === 'enter') this.#entered(instr, scope, findings);
        else if (instr.op === 'call') this.#call(instr, scope, role ?? howAt(position, scope), later, findings);
      });
    }
  }

  /** What the whole function is for: its calls are releases wherever they stand in it. */
  #roleOf({ fn, cls }: Scope, later: ReadonlySet<number>): How | undefined {
    if (later.has(fn.index)) return 'registered';
    if (fn.kind !== 'function') return undefined;
    if (this.#reading.teardowns.has(fn.name) || /^__a?exit__$/.test(fn.name)) return 'teardown';
    return cls !== undefined && isReleaseName(fn.name) && fn.params.length <= 1 ? 'teardown' : undefined;
  }

  #entered(instr: Extract<Instr, { op: 'enter' }>, scope: Scope, findings: Findings): void {
    const use: Use = { callee: instr.manager, how: 'with', handle: 'with', isAlone: true, scope, instr };
    for (const origin of this.#origins.of(instr.manager, scope)) if (origin.members === '') findings.made(origin, use);
  }

  #call(instr: CallInstr, scope: Scope, how: How, later: Set<number>, findings: Findings): void {
    const name = lastName(instr.callee);
    // `Base.tearDown(self)` is the framework's business.
    if (name === '' || this.#reading.teardowns.has(name)) return;
    const deferred = this.#registered(instr, name, scope, findings);
    if (deferred === 'manager') return;
    if (deferred) {
      for (const operand of [deferred.callee, ...deferred.args.map((a) => a.value)]) markLater(operand, scope, later);
      this.#release(deferred, 'registered', instr, scope, findings);
      return;
    }
    const isStrong = how !== 'later' && how !== 'handler';
    const isEnd = instr.callee.op === 'attr' && mayEnd(name) && !instr.args.some((a) => a.kind === 'positional');
    if (isReleaseName(name) || isEnd || (isStrong && !isLook(name))) this.#release(instr, how, instr, scope, findings);
    else if (instr.args.length > 0 && speaksOfRelease(name)) this.#throughHelper(instr, how, instr, scope, findings);
  }

  /** The callable that the call hands to something which runs it later; `manager` where a manager is entered instead. */
  #registered(instr: CallInstr, name: string, scope: Scope, findings: Findings): Deferred | 'manager' | undefined {
    if (instr.args.length === 0) return undefined;
    const patterns = this.#reading.patternsOf(scope.module);
    const view = new CallSite({ callee: instr.callee, args: instr.args, at: instr }, scope, this.#reading.values, patterns);
    const known = patterns.registration(view)?.pattern;
    if (known?.manager) {
      const first = instr.args[0] as Argument;
      const use: Use = { callee: instr.callee, how: 'with', handle: 'with', isAlone: true, scope, instr };
      for (const origin of this.#origins.of(first.value, scope)) if (origin.members === '') findings.made(origin, use);
      return 'manager';
    }
    if (!known && !REGISTERS.test(name)) return undefined;
    const positional = instr.args.filter((a) => a.kind === 'positional' || a.kind === 'keyword');
    const first = positional[0];
    if (!first || !isCallable(first.value, scope)) return undefined;
    if (!known) findings.registers(instr.callee, scope, instr);
    return this.#innermost({ callee: first.value, args: positional.slice(1) }, scope, instr, findings);
  }

  /** `cleanup(ignore_missing, delete, id)` deletes: a callable that is given another one passes on to it. */
  #innermost(outer: Deferred, scope: Scope, instr: Instr, findings: Findings): Deferred {
    let at = outer;
    const made = at.callee.op === 'temp' ? factsOf(scope.module, scope.fn).temps[at.callee.id] : undefined;
    // functools.partial(delete, id): the callable is made by a call that has it as its first argument.
    if (made?.kind === 'result' && made.instr.op === 'call' && made.instr.args[0]) {
      const [first, ...rest] = made.instr.args;
      if (isCallable((first as Argument).value, scope)) at = { callee: (first as Argument).value, args: [...rest, ...outer.args] };
    }
    const next = at.args[0];
    if (!next || !(next.value.op === 'attr' || next.value.op === 'name') || next.kind !== 'positional') return at;
    const inner = lastName(next.value);
    if (!isReleaseName(inner) || !isCallable(next.value, scope) || this.#origins.of(next.value, scope).length > 0) return at;
    findings.passesOn(at.callee, scope, instr);
    return { callee: next.value, args: at.args.slice(1) };
  }

  /** The call may give back its receiver or one of its arguments. */
  #release(call: Deferred, how: How, instr: Instr, scope: Scope, findings: Findings): void {
    const name = lastName(call.callee);
    const use = (handle: 'receiver' | 'argument'): Use => ({ callee: call.callee, how, handle, isAlone: call.args.length <= 1, scope, instr });
    let handed = false;
    for (const a of call.args) {
      const origins = this.#origins.of(a.value, scope);
      for (const origin of origins) findings.made(origin, use('argument'));
      const beside = isReleaseName(name) ? this.#places.opposites(a.value, name, 'argument', scope, instr) : [];
      for (const placed of beside) findings.beside(placed, use('argument'));
      handed ||= origins.length > 0 || beside.length > 0;
    }
    this.#throughHelper(call, how, instr, scope, findings);
    // `client.delete_server(id)` ends no client; `lock.release()` ends the lock.
    if (handed || call.callee.op !== 'attr' || (call.args.length > 0 && partsOf(name).nouns.length > 0)) return;
    // `process.stdout.close()` ends a part of the process.
    for (const origin of this.#origins.of(call.callee.of, scope)) if (!origin.members.includes('.')) findings.made(origin, use('receiver'));
    for (const placed of mayEnd(name) ? this.#places.opposites(call.callee.of, name, 'receiver', scope, instr) : [])
      findings.beside(placed, use('receiver'));
  }

  /** A project helper that releases its parameter. */
  #throughHelper(call: Deferred, how: How, instr: Instr, scope: Scope, findings: Findings): void {
    const helper = this.#origins.helperOf(call.callee, scope);
    if (!helper) return;
    const first = factsOf(helper.module, helper.fn).receiver ? 1 : 0;
    let at = first;
    for (const a of call.args) {
      const param = a.kind === 'keyword' ? a.name : a.kind === 'positional' ? helper.fn.params[at++]?.name : undefined;
      if (param === undefined) continue;
      const inside = this.#parameters.of(helper, param);
      if (inside.length === 0) continue;
      for (const origin of this.#origins.of(a.value, scope))
        for (const { callee, handle, isAlone, members, scope: inner } of inside)
          findings.made({ ...origin, members: origin.members + members }, { callee, how, handle, isAlone, scope: inner, instr });
    }
  }
}

function howAt(position: Position, scope: Scope): How {
  if (position === 'finally' || position === 'handler') return position;
  return position === 'after-yield' && (isFixture(scope.fn) || isContextManager(scope.fn)) ? 'fixture' : 'later';
}

/** The last segment of a callee; '' where it is computed. */
export function lastName(callee: Operand): string {
  return callee.op === 'attr' || callee.op === 'name' ? callee.name : '';
}

/** Could be called: a name, a member, a lambda, or what `partial` made. */
function isCallable(operand: Operand, scope: Scope): boolean {
  if (operand.op === 'attr' || operand.op === 'name' || operand.op === 'function') return true;
  const def = operand.op === 'temp' ? factsOf(scope.module, scope.fn).temps[operand.id] : undefined;
  return def?.kind === 'result' && def.instr.op === 'call' && /partial$/.test(expressionOf(def.instr.callee));
}

/** A nested function that is handed over runs later: its calls are cleanups. */
function markLater(operand: Operand, scope: Scope, later: Set<number>): void {
  if (operand.op === 'function') later.add(operand.index);
  if (operand.op !== 'name' || operand.scope === 'global') return;
  const owner = scope.module.ir.functions[operand.owner];
  for (const def of owner ? (factsOf(scope.module, owner).names.get(operand.name) ?? []) : [])
    if (def.kind === 'value' && def.value.op === 'function') later.add(def.value.index);
}
