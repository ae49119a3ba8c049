/**
 * Answers about one call: what do patterns say of it, and whom does it call?
 *
 * Each is found when it is first asked for, because most calls are asked one question only. It is the patterns' view of the call itself: one object a
 * call, of which there are a hundred thousand.
 */
import type { CallView, Patterns } from '../config/call-view.ts';
import { CallSite, type DescribedCall } from '../program/call-site.ts';
import type { Scope } from '../program/scope.ts';
import type { Values } from '../program/values.ts';
import type { CallInfo } from './calls.ts';
import type { Meaning } from './chains.ts';

const NONE: CallInfo['models'] = [];

export class LazyInfo extends CallSite implements CallInfo {
  readonly #meaning: Meaning;
  #registration: CallInfo['registration'] | null = null;
  #indirection: CallInfo['indirection'] | null = null;
  #models: CallInfo['models'] | null = null;

  constructor(call: DescribedCall, meaning: Meaning, scope: Scope, values: Values, patterns: Patterns) {
    super(call, scope, values, patterns, meaning);
    this.#meaning = meaning;
  }

  get view(): CallView {
    return this;
  }

  get registration(): CallInfo['registration'] {
    if (this.#registration === null) this.#registration = this.#meaning.mayRegister === false ? undefined : this.patterns.registration(this);
    return this.#registration;
  }

  get indirection(): CallInfo['indirection'] {
    if (this.#indirection === null) this.#indirection = this.#meaning.mayHandOn === false ? undefined : this.patterns.indirection(this);
    return this.#indirection;
  }

  get models(): CallInfo['models'] {
    this.#models ??= this.#meaning.mayModel === false ? NONE : this.patterns.models(this);
    return this.#models;
  }

  get value(): CallInfo['value'] {
    return this.#meaning.value(this.call.callee, this.scope, this.values);
  }

  get callee(): CallInfo['callee'] {
    return this.#meaning.callable(this.call.callee, this.scope, this.values);
  }
}
