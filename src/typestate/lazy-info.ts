/**
 * Answers about one call: what do patterns say of it, and whom does it call?
 *
 * Each is found when it is first asked for, because most calls are asked one question only.
 */
import type { CallView, Patterns } from '../config/call-view.ts';
import type { Argument, Instr, Operand } from '../ir/ir.ts';
import { CallSite } from '../program/call-site.ts';
import type { Scope } from '../program/scope.ts';
import type { Values } from '../program/values.ts';
import type { CallInfo } from './calls.ts';
import type { Meaning } from './chains.ts';

export class LazyInfo implements CallInfo {
  readonly view: CallView;
  readonly #callee: Operand;
  readonly #meaning: Meaning;
  readonly #scope: Scope;
  readonly #values: Values;
  readonly #patterns: Patterns;
  #registration: CallInfo['registration'] | null = null;
  #indirection: CallInfo['indirection'] | null = null;
  #models: CallInfo['models'] | null = null;

  constructor(callee: Operand, meaning: Meaning, args: readonly Argument[], at: Instr | undefined, scope: Scope, values: Values, patterns: Patterns) {
    this.view = new CallSite({ callee, args, at }, scope, values, patterns, meaning.path(callee, scope, values));
    this.#callee = callee;
    this.#meaning = meaning;
    this.#scope = scope;
    this.#values = values;
    this.#patterns = patterns;
  }

  get registration(): CallInfo['registration'] {
    if (this.#registration === null) this.#registration = this.#patterns.registration(this.view);
    return this.#registration;
  }

  get indirection(): CallInfo['indirection'] {
    if (this.#indirection === null) this.#indirection = this.#patterns.indirection(this.view);
    return this.#indirection;
  }

  get models(): CallInfo['models'] {
    this.#models ??= this.#patterns.models(this.view);
    return this.#models;
  }

  get value(): CallInfo['value'] {
    return this.#meaning.value(this.#callee, this.#scope, this.#values);
  }

  get callee(): CallInfo['callee'] {
    return this.#meaning.callable(this.#callee, this.#scope, this.#values);
  }
}
