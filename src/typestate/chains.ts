/**
 * What does a callee stand for that is written as names behind `self` or behind a global name?
 *
 * Most calls have such a callee, and what it stands for is the same in all methods of a concrete class that stand in one module, in all functions
 * of a module: so it is found once for all of them, not once a call. What it brings is noted beside it, where that is certain whatever a call
 * hands over (sites.ts). Facts about names alone, so that answers do not depend on what was asked before.
 */
import type { StubPattern } from '../config/model.ts';
import type { IrFunction, Operand } from '../ir/ir.ts';
import { isAbstractBody } from '../program/abstract-body.ts';
import { calledPath } from '../program/call-site.ts';
import type { ClassUnit } from '../program/classes.ts';
import type { ModuleUnit } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Value, Values } from '../program/values.ts';
import { PerClass } from './per-class.ts';

/** The project's callables among the values. */
export type Callable = Extract<Value, { kind: 'function' | 'method' | 'nested' | 'class' }>;

/** What a callee stands for, each part found when it is first asked for: null before. */
export class Meaning {
  #path: string | undefined | null = null;
  #value: Value | undefined | null = null;
  #callee: Callable | undefined | null = null;
  /** A pattern of an acquisition bears its name; null before that was asked, which is only noted for chains of names. */
  mayAcquire: boolean | null = null;
  /** The same for registrations. */
  mayRegister: boolean | null = null;
  /** The same for effects of calls. */
  mayModel: boolean | null = null;
  /** The same for indirections. */
  mayHandOn: boolean | null = null;

  /** Its canonical path, as patterns name it. */
  path(callee: Operand, scope: Scope, values: Values): string | undefined {
    if (this.#path === null) this.#path = calledPath(callee, scope, values);
    return this.#path;
  }

  value(callee: Operand, scope: Scope, values: Values): Value | undefined {
    if (this.#value === null) this.#value = values.of(callee, scope);
    return this.#value;
  }

  callable(callee: Operand, scope: Scope, values: Values): Callable | undefined {
    if (this.#callee === null) this.#callee = callableOf(this.value(callee, scope, values));
    return this.#callee;
  }
}

/** The project's callable that a value is; of a method without a body it is not known what a subclass does. */
export function callableOf(v: Value | undefined): Callable | undefined {
  const isCallable = v && (v.kind === 'function' || v.kind === 'method' || v.kind === 'nested' || v.kind === 'class');
  return !isCallable || (v.kind === 'method' && isAbstractBody(v.ref.module.ir.functions[v.ref.index] as IrFunction)) ? undefined : v;
}

/** The meaning of a chain of names. */
export class Chain extends Meaning {
  /** No call of it brings a resource: no acquisition bears its name, and its body in the program, if it has one, leaves none. */
  isIdle = false;
  /** The chains with one name more that somebody has asked for. */
  below: Map<string, Chain> | undefined;
  /** The pattern of a stub that every call of it matches, undefined for none; null before that was asked, and where more than the names counts. */
  stub: StubPattern | undefined | null = null;

  /** Makes the one with that name, which is not there yet. */
  add(name: string): Chain {
    const chain = new Chain();
    this.below ??= new Map();
    this.below.set(name, chain);
    return chain;
  }
}

export class Chains {
  readonly #globals = new Map<ModuleUnit, Chain>();
  /** By concrete class and by the module that the method stands in: what `self` stands for, and what `cls`. */
  readonly #ofInstances = new PerClass<Chain, ModuleUnit>();
  readonly #ofClasses = new PerClass<Chain, ModuleUnit>();
  /** Where the chains of the function begin that was asked about last. */
  #fn: IrFunction | undefined;
  #cls: ClassUnit | undefined;
  #receiver: string | undefined;
  /** What they begin with: kept from one function of a module and class to the next. */
  #module: ModuleUnit | undefined;
  #global: Chain = new Chain();
  #ownClass: ClassUnit | undefined;
  #isClass = false;
  #own: Chain | undefined;

  /** The chain that an operand of the scope's function is; undefined where it begins with anything else. */
  of(operand: Operand, scope: Scope): Chain | undefined {
    // Most are one name, or two: those that are longer are few enough to be asked from within.
    const isAttribute = operand.op === 'attr';
    const root = isAttribute ? operand.of : operand;
    let chain: Chain | undefined;
    if (root.op === 'name') {
      if (root.scope === 'closure') return undefined;
      if (scope.fn !== this.#fn || scope.cls !== this.#cls) this.#enter(scope);
      if (root.scope === 'global') chain = this.#global.below?.get(root.name) ?? this.#global.add(root.name);
      else if (root.name === this.#receiver) chain = this.#own;
    } else if (isAttribute && root.op === 'attr') chain = this.of(root, scope);
    if (!isAttribute || chain === undefined) return chain;
    return chain.below?.get(operand.name) ?? chain.add(operand.name);
  }

  #enter({ module, fn, cls }: Scope): void {
    this.#fn = fn;
    this.#cls = cls;
    if (module !== this.#module) {
      let global = this.#globals.get(module);
      if (!global) this.#globals.set(module, (global = new Chain()));
      this.#module = module;
      this.#global = global;
      this.#ownClass = undefined;
    }
    const receiver = cls && factsOf(module, fn).receiver;
    this.#receiver = receiver?.name;
    if (!cls || !receiver || (cls === this.#ownClass && receiver.isClass === this.#isClass)) return;
    const known = receiver.isClass ? this.#ofClasses : this.#ofInstances;
    this.#own = known.get(module, cls) ?? known.set(module, cls, new Chain());
    this.#ownClass = cls;
    this.#isClass = receiver.isClass;
  }
}
