/**
 * Which lines of the configuration decide what becomes of an acquisition?
 *
 * Asks the patterns again at the places that the report names: the call that acquires, each release (also one that is handed over to run
 * later, through indirections and nested functions), the managers and scopes that take care of it, the call that made the analysis let go.
 */
import type { AcquireMatch, CallView, Patterns } from '../config/call-view.ts';
import type { CallPattern, ManagedScope } from '../config/model.ts';
import type { Argument, Instr, Operand } from '../ir/ir.ts';
import { argumentOf, CallSite, callBehind } from '../program/call-site.ts';
import { forEachInstr } from '../program/module.ts';
import { factsOf, nestedScope, type Scope } from '../program/scope.ts';
import { neverRuns } from '../suite/marks.ts';
import type { Release } from '../typestate/report.ts';
import type { ConfigurationLines } from './configuration-lines.ts';
import type { Session } from './session.ts';

/** A callable with what it is called with; the callables of indirections are looked into this deep. */
interface Application {
  readonly callee: Operand;
  readonly args: readonly Argument[];
}
const MAX_INDIRECTIONS = 4; // A cleanup that calls a cleanup that calls the release; nobody writes more.

/** A pattern in the words of the configuration: `{open,io.open}`, `.close`, `**.api.create`. */
export function patternWords(pattern: CallPattern): string {
  const { call, method, expression, command } = pattern;
  const text = call ?? expression ?? (method === undefined ? undefined : `.${method}`);
  return `${text ?? 'a change of process state'}${command === undefined ? '' : ` "${command}"`}`;
}

export class Responsible {
  readonly #session: Session;
  readonly #lines: ConfigurationLines;

  constructor(session: Session, lines: ConfigurationLines) {
    this.#session = session;
    this.#lines = lines;
  }

  #with(words: string, place: string | undefined): string {
    return place === undefined ? words : `${words} (${place})`;
  }

  /** The pattern that matched. */
  acquire(match: AcquireMatch): string {
    const place = this.#lines.ofPattern(match.pattern) ?? this.#lines.ofKind(match.kind);
    const captures = Object.entries(match.captures).map(([name, value]) => `${name} = ${value}`);
    return `${this.#with(patternWords(match.pattern), place)}, kind ${match.kind.kind}${captures.length > 0 ? `, ${captures.join(', ')}` : ''}`;
  }

  /** What made the release one: the patterns on the way from the statement to the call that releases. */
  release(release: Release, match: AcquireMatch): readonly string[] {
    const { instr, scope } = release;
    const { kind } = match;
    if (instr.op === 'exit' || instr.op === 'enter') return this.#manager(instr.manager, scope, match);
    if (instr.op !== 'call') return instr.op === 'await' ? this.#key(kind, 'await-releases') : this.#key(kind, 'restores');
    return this.#call({ callee: instr.callee, args: instr.args }, instr, scope, match, 0);
  }

  #key(kind: AcquireMatch['kind'], key: string): readonly string[] {
    const place = this.#lines.ofKind(kind, key);
    return place === undefined ? [] : [`${key} (${place})`];
  }

  #call(call: Application, at: Instr, scope: Scope, match: AcquireMatch, depth: number): readonly string[] {
    if (depth > MAX_INDIRECTIONS) return [];
    const { callee, args } = call;
    if (callee.op === 'function') return this.#inside(nestedScope(scope, callee.index), match, depth + 1);
    const patterns = this.#session.patternsOf(scope.module);
    const view = this.#view(call, at, scope, patterns);
    const own = this.#own(view, patterns, match);
    if (own) return [own];
    const registration = patterns.registration(view)?.pattern;
    if (registration) {
      const line = this.#with(patternWords(registration), this.#lines.ofPattern(registration));
      const callable = registration.callable?.position;
      const inner = callable?.at === 'argument' ? argumentOf(args, callable.index, callable.name) : undefined;
      if (registration.manager) return [line, ...this.#manager((args[0] as Argument).value, scope, match)];
      return inner ? [line, ...this.#call({ callee: inner, args: args.slice(registration.argumentsFrom) }, at, scope, match, depth + 1)] : [line];
    }
    const indirection = patterns.indirection(view)?.pattern;
    if (indirection) {
      const line = this.#with(patternWords(indirection), this.#lines.ofPattern(indirection));
      const position = indirection.callable.position;
      const inner = position.at === 'argument' ? argumentOf(args, position.index, position.name) : undefined;
      return inner ? [line, ...this.#call({ callee: inner, args: args.slice(indirection.argumentsFrom) }, at, scope, match, depth + 1)] : [line];
    }
    const made = callBehind(callee, scope); // partial(release, it): the callable is made by a call.
    if (made && made !== at) return this.#call({ callee: made.callee, args: made.args }, made, scope, match, depth + 1);
    const target = this.#session.values.of(callee, scope);
    if (target?.kind === 'nested' || target?.kind === 'function' || target?.kind === 'method')
      return this.#inside(this.#session.values.scopeOf(target), match, depth + 1);
    return [];
  }

  /** The first release of the kind in a function of the project. */
  #inside(scope: Scope, match: AcquireMatch, depth: number): readonly string[] {
    let found: readonly string[] = [];
    forEachInstr(scope.fn.body, (instr) => {
      if (found.length === 0 && instr.op === 'call') found = this.#call({ callee: instr.callee, args: instr.args }, instr, scope, match, depth);
    });
    return found;
  }

  /** The pattern by which the call itself is a release of the kind. */
  #own(view: CallView, patterns: Patterns, { kind, captures }: AcquireMatch): string | undefined {
    const pattern = patterns.releases(view, kind, captures)[0]?.pattern;
    if (pattern) return this.#with(patternWords(pattern), this.#lines.ofPattern(pattern));
    const set = kind.releaseAll.find((methods) => methods.includes(view.method));
    if (set) return this.#with(`all of ${set.map((m) => `.${m}`).join(' and ')}`, this.#lines.ofKind(kind, 'release-all'));
    const sweeper = patterns.sweepers(view).find(({ pattern: p }) => p.kinds.includes('*') || p.kinds.includes(kind.kind))?.pattern;
    if (sweeper) return this.#with(`sweeper ${patternWords(sweeper)}`, this.#lines.ofPattern(sweeper));
    const state = patterns.stateOfCall(view).find((s) => s.role !== 'saves' && s.state.kind === kind.kind)?.state;
    if (state) return this.#with('restores', this.#lines.ofKind(state, 'restores'));
    if (kind.fluent.includes(view.method) || kind.transferredBy.includes(view.method)) return this.#key(kind, 'transferred-by')[0];
    return undefined;
  }

  #manager(manager: Operand, scope: Scope, match: AcquireMatch): readonly string[] {
    const call = callBehind(manager, scope);
    const patterns = this.#session.patternsOf(scope.module);
    const effect = call && patterns.manager(this.#view(call, call, scope, patterns)).find((m) => m.pattern.effect === 'releases-argument')?.pattern;
    if (effect) return [this.#with(`${effect.effect} ${patternWords(effect)}`, this.#lines.ofPattern(effect))];
    return match.kind.contextManager === 'no' ? [] : this.#key(match.kind, 'context-manager');
  }

  /** What takes care of the acquisition, or of all of its kind here: a managed scope, a manager under which a leak is intended. */
  managed(kind: string, scope: Scope, instr: Instr): readonly string[] {
    const name = (m: ManagedScope): string => this.#with(m.because, this.#lines.ofManaged(m));
    const whole = this.#session.managedBy(kind, scope);
    if (whole) return [name(whole)];
    if (neverRuns(scope, this.#session.values)) return ['the test is skipped wherever it runs'];
    const patterns = this.#session.patternsOf(scope.module);
    return factsOf(scope.module, scope.fn)
      .enclosing(instr)
      .flatMap((manager) => {
        const call = callBehind(manager, scope);
        const intended = call && patterns.manager(this.#view(call, call, scope, patterns)).find((m) => m.pattern.effect === 'intended')?.pattern;
        return intended ? [this.#with(`a leak under ${patternWords(intended)} is intended`, this.#lines.ofPattern(intended))] : [];
      });
  }

  /** Why the call could keep what it was given; undefined where a pattern says that it keeps nothing. */
  kept(instr: Instr, scope: Scope): string | undefined {
    if (instr.op !== 'call') return undefined;
    const patterns = this.#session.patternsOf(scope.module);
    const view = this.#view(instr, instr, scope, patterns);
    const keeps = patterns.models(view).find((m) => m.pattern.effect === 'keeps')?.pattern;
    if (keeps) return this.#with(`models.${keeps.effect} ${patternWords(keeps)}`, this.#lines.ofPattern(keeps));
    const name = view.importPath ?? (view.hasReceiver ? `.${view.method}` : view.method);
    return name === '' ? undefined : `no pattern says what it does with it; \`models: {borrows: [${name}]}\` would say that it keeps nothing`;
  }

  #view(call: Application, at: Instr, scope: Scope, patterns: Patterns): CallView {
    return new CallSite({ callee: call.callee, args: call.args, at }, scope, this.#session.values, patterns);
  }
}
