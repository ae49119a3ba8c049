/**
 * For which more general class does a method do just the same?
 *
 * A base class's setup is looked at for each of its hundreds of test classes, and most of these only add tests: nothing that the setup or its
 * helpers ask of `self` is theirs. Then the answer is that of the base class. It is certain where the class resolves names in the base's own order,
 * other classes left out; where those others have no decorator, no base from outside and meet no pattern's condition on base classes that the base
 * does not meet; and where no name that they define or assign to their instances is one that the method, or a method it leads to by name, reads from
 * its instance, or asks of `super()` where they come after the base. A function of class and method alone, so that answers do not depend on
 * which class was looked at first.
 */

import type { IrFunction, Operand, Target } from '../ir/ir.ts';
import { forEachInside, operandsOf } from '../ir/operands.ts';
import { type Assigned, type ClassUnit, placeOf } from '../program/classes.ts';
import { callsIn, functionsInside, type ModuleUnit, storesIn } from '../program/module.ts';
import { type Definition, type FunctionFacts, factsOf, type Scope } from '../program/scope.ts';
import { forEachOperandIn } from '../suite/operands.ts';
import type { CallInstr } from './calls.ts';
import { PerClass } from './per-class.ts';

/** Attributes that code asks for. */
interface Reached {
  /** Read from the instance or class. */
  readonly uses: readonly string[];
  /** Asked of `super()`. */
  readonly asksAbove: readonly string[];
}

/** Those of one method. */
interface Uses extends Reached {
  /** `super(Other, self)`: it may begin anywhere. */
  readonly namesAnother: boolean;
}

/** What other classes give their instances, and what those of them give that come after the general one. */
interface Others {
  readonly given: ReadonlySet<string>;
  readonly givenAfter: ReadonlySet<string>;
}

export class Alike {
  /** By class and place in its order. */
  readonly #differing = new Map<ClassUnit, (Others | null)[]>();
  readonly #known = new PerClass<Scope, IrFunction>();
  readonly #reached = new PerClass<Reached, IrFunction>();
  readonly #given = new Map<ClassUnit, ReadonlySet<string>>();
  readonly #uses = new Map<IrFunction, Uses>();
  /** By value given to an attribute. */
  readonly #behind = new Map<Operand, Reached>();
  /** Which of the patterns' conditions on base classes a class of that name meets. */
  readonly #asked: (canonical: string) => ReadonlySet<string>;
  /** What is given to an attribute in a class and its bases. */
  readonly #assignedTo: (cls: ClassUnit, name: string) => readonly Assigned[];

  constructor(asked: (canonical: string) => ReadonlySet<string>, assignedTo: (cls: ClassUnit, name: string) => readonly Assigned[]) {
    this.#asked = asked;
    this.#assignedTo = assignedTo;
  }

  /** The scope of the same function for the most general class that makes no difference; the scope itself where there is none. */
  of(scope: Scope): Scope {
    const { cls, definedIn } = scope;
    if (!cls || !definedIn || cls === definedIn) return scope;
    const found = this.#known.get(scope.fn, cls) ?? this.#known.set(scope.fn, cls, this.#search(scope, cls, definedIn));
    return found.cls === cls ? scope : found;
  }

  #search(scope: Scope, cls: ClassUnit, definedIn: ClassUnit): Scope {
    const from = placeOf(cls, definedIn);
    if (from <= 0) return scope;
    const method = methodAround(scope);
    for (let at = from; at > 0; at--) {
      const others = this.#others(cls, at);
      if (!others || isGivenTo(this.#usesOf(scope.module, method), others)) continue;
      const general = cls.mro[at] as ClassUnit;
      if (!isGivenTo(this.#reachedFrom(scope.module, method, general), others)) return { ...scope, cls: general };
    }
    return scope;
  }

  /** What the classes give that `cls` resolves names in and the class at `at` does not; null where they make a difference to any method. */
  #others(cls: ClassUnit, at: number): Others | null {
    let byPlace = this.#differing.get(cls);
    if (!byPlace) this.#differing.set(cls, (byPlace = []));
    const known = byPlace[at];
    if (known !== undefined) return known;
    const found = this.#compare(cls, at);
    byPlace[at] = found;
    return found;
  }

  #compare(cls: ClassUnit, at: number): Others | null {
    const general = cls.mro[at] as ClassUnit;
    if (general.externalBases.length !== cls.externalBases.length || general.hasUnknownBase !== cls.hasUnknownBase) return null;
    const inherited = new Set(general.mro.map((c) => c.body));
    const own: ClassUnit[] = [];
    const after: ClassUnit[] = [];
    let shared = 0;
    let place = 0;
    for (const c of cls.mro) {
      if (!inherited.has(c.body)) (place > at ? after : own).push(c);
      else if (c.body !== general.mro[shared++]?.body) return null;
      place++;
    }
    const answered = new Set<string>();
    for (const c of general.mro) for (const condition of this.#asked(c.canonical)) answered.add(condition);
    for (const { body, canonical } of [...own, ...after]) {
      if (body.decorators.length > 0) return null;
      for (const condition of this.#asked(canonical)) if (!answered.has(condition)) return null;
    }
    const givenAfter = this.#givenByAll(after);
    return { given: own.length === 0 ? givenAfter : this.#givenByAll([...own, ...after]), givenAfter };
  }

  /** What the method and all that it leads to by name ask of the instance, seen from `general`. */
  #reachedFrom(module: ModuleUnit, fn: IrFunction, general: ClassUnit): Reached {
    const known = this.#reached.get(fn, general);
    if (known) return known;
    const uses = new Set<string>();
    const asksAbove = new Set<string>();
    const seen = new Set<IrFunction>();
    const order = general.mro;
    const start = general.mro.findIndex((c) => c.module === module && c.body.index === fn.parent);
    /** `place`: that of the function's class in the order; its `super()` begins after it. */
    const pending: { readonly module: ModuleUnit; readonly fn: IrFunction; readonly place: number }[] = [{ module, fn, place: start }];
    /** To the method that the name is from there on: it leads to those that it hides, where it asks for them. */
    const lead = (name: string, from: number): void => {
      for (let place = from; place < order.length; place++) {
        const { module: where, members } = order[place] as ClassUnit;
        const index = members.get(name);
        if (index === undefined) continue;
        pending.push({ module: where, fn: where.ir.functions[index] as IrFunction, place });
        return;
      }
    };
    /** To what `super()` finds behind the place; from -1, where it may begin anywhere, to all that have the name. */
    const leadAbove = (name: string, place: number): void => {
      asksAbove.add(name);
      if (place >= 0) lead(name, place + 1);
      else for (let from = 0; from < order.length; from++) lead(name, from);
    };
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (seen.has(next.fn)) continue;
      seen.add(next.fn);
      const names = this.#usesOf(next.module, next.fn);
      const wanted = [...names.uses];
      for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
        if (uses.has(name)) continue;
        uses.add(name);
        lead(name, 0);
        for (const { scope, value } of this.#assignedTo(general, name)) {
          if (value.op === 'const') continue;
          const behind = this.#usesBehind(value, scope);
          wanted.push(...behind.uses);
          for (const above of behind.asksAbove) leadAbove(above, -1);
        }
      }
      for (const name of names.asksAbove) leadAbove(name, names.namesAnother ? -1 : next.place);
    }
    return this.#reached.set(fn, general, { uses: [...uses], asksAbove: [...asksAbove] });
  }

  /** Members of the class, and what its methods assign to their instance. */
  #givenBy(cls: ClassUnit): ReadonlySet<string> {
    const known = this.#given.get(cls);
    if (known) return known;
    const { module, body, members } = cls;
    const given = new Set<string>([...members.keys(), ...factsOf(module, body).names.keys()]);
    for (const index of members.values()) addGiven(module, module.ir.functions[index] as IrFunction, given);
    this.#given.set(cls, given);
    return given;
  }

  #givenByAll(classes: readonly ClassUnit[]): ReadonlySet<string> {
    const [only] = classes;
    if (classes.length === 1 && only) return this.#givenBy(only);
    const all = new Set<string>();
    for (const cls of classes) for (const name of this.#givenBy(cls)) all.add(name);
    return all;
  }

  #usesOf(module: ModuleUnit, fn: IrFunction): Uses {
    let uses = this.#uses.get(fn);
    if (!uses) this.#uses.set(fn, (uses = usesIn(module, fn)));
    return uses;
  }

  #usesBehind(value: Operand, scope: Scope): Reached {
    let uses = this.#behind.get(value);
    if (!uses) this.#behind.set(value, (uses = usesBehind(value, scope)));
    return uses;
  }
}

/** The classes give something that the code asks for. */
function isGivenTo({ uses, asksAbove }: Reached, { given, givenAfter }: Others): boolean {
  if (given.size > 0) for (const name of uses) if (given.has(name)) return true;
  if (givenAfter.size > 0) for (const name of asksAbove) if (givenAfter.has(name)) return true;
  return false;
}

/** The method that a function is, or is written in: it has the instance's name. */
function methodAround({ module, fn }: Pick<Scope, 'module' | 'fn'>): IrFunction {
  let method = fn;
  for (let parent = module.ir.functions[fn.parent ?? -1]; parent && parent.kind !== 'class'; parent = module.ir.functions[parent.parent ?? -1])
    method = parent;
  return method;
}

/** What a function asks of the instance of its method, the functions and lambdas inside of it included. */
function usesIn(module: ModuleUnit, fn: IrFunction): Uses {
  const gathered: Gathered = { uses: new Set(), asksAbove: new Set() };
  const method = methodAround({ module, fn });
  const ownClass = module.ir.functions[method.parent ?? -1]?.name;
  let namesAnother = false;
  const receiver = factsOf(module, method).receiver?.name ?? '';
  for (const each of [fn, ...functionsInside(module, fn.index)]) {
    const whose = ownership(module, each, receiver);
    forEachOperandIn(each.body, (operand) => {
      if (operand.op === 'attr') gatherAttribute(operand, whose, gathered);
    });
    for (const call of callsIn(each.body)) {
      for (const name of namesHandedOver(call, receiver)) gathered.uses.add(name);
      namesAnother ||= isSuperOfAnother(call, ownClass);
    }
  }
  return { uses: [...gathered.uses], asksAbove: [...gathered.asksAbove], namesAnother };
}

/** What a value that a class gives to an attribute asks of the instance: `make`, for `server = self.make()`, then `self.server = server`. */
function usesBehind(value: Operand, { module, fn }: Scope): Reached {
  const gathered: Gathered = { uses: new Set(), asksAbove: new Set() };
  const { names, temps, receiver } = factsOf(module, fn);
  const whose = ownership(module, fn, receiver?.name ?? '');
  const seen = new Set<unknown>();
  const pending: (Operand | Target)[] = [value];
  const open = (inner: Operand | Target): void => void pending.push(inner);
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.op === 'attr') gatherAttribute(next, whose, gathered);
    forEachInside(next, open);
    if (next.op === 'function' && !seen.has(next.index)) {
      seen.add(next.index);
      const inner = usesIn(module, module.ir.functions[next.index] as IrFunction);
      for (const name of inner.uses) gathered.uses.add(name);
      for (const name of inner.asksAbove) gathered.asksAbove.add(name);
    }
    const made = next.op === 'temp' ? [temps[next.id]] : next.op === 'name' ? (names.get(next.name) ?? []) : [];
    for (const definition of made) {
      if (!definition?.instr || seen.has(definition)) continue;
      seen.add(definition);
      if (definition.kind === 'value') pending.push(definition.value);
      else for (const operand of operandsOf(definition.instr)) pending.push(operand);
      if (definition.instr.op === 'call') for (const name of namesHandedOver(definition.instr, receiver?.name ?? '')) gathered.uses.add(name);
    }
  }
  return { uses: [...gathered.uses], asksAbove: [...gathered.asksAbove] };
}

/** Names that were met so far. */
interface Gathered {
  readonly uses: Set<string>;
  readonly asksAbove: Set<string>;
}

/** Adds the attribute's name where it is one of the instance. */
function gatherAttribute(operand: Extract<Operand, { op: 'attr' }>, whose: (of: Operand) => Owner, { uses, asksAbove }: Gathered): void {
  const owner = whose(operand.of);
  if (owner !== undefined) (owner === 'own' ? uses : asksAbove).add(operand.name);
}

/** Adds what a method assigns to its instance or class, the functions and lambdas inside of it included. */
function addGiven(module: ModuleUnit, method: IrFunction, gives: Set<string>): void {
  const receiver = factsOf(module, method).receiver?.name ?? '';
  for (const fn of [method, ...functionsInside(module, method.index)]) {
    const whose = ownership(module, fn, receiver);
    const give = (target: Operand | Target): void => {
      if (target.op === 'attr' && whose(target.of) === 'own') gives.add(target.name);
      forEachInside(target, give);
    };
    for (const call of callsIn(fn.body)) for (const name of namesHandedOver(call, receiver)) gives.add(name);
    for (const { target } of storesIn(fn.body)) if (target !== null) give(target);
  }
}

/** `getattr(self, 'name')`, `setattr(self, 'name', value)`, `patch.object(self, 'name')`. */
function namesHandedOver({ args }: CallInstr, receiver: string): readonly string[] {
  for (const { value } of args)
    if (value.op === 'name' && value.name === receiver)
      return args.flatMap((a) => (a.value.op === 'const' && typeof a.value.value === 'string' ? [a.value.value] : NONE));
  return NONE;
}

/** `super(Other, self)` in a class that has another name. */
function isSuperOfAnother({ callee, args }: CallInstr, ownClass: string | undefined): boolean {
  if (callee.op !== 'name' || callee.name !== 'super') return false;
  const from = args[0]?.value;
  return from !== undefined && !(from.op === 'name' && from.name === ownClass) && !(from.op === 'attr' && from.name === '__class__');
}

const NONE: readonly string[] = [];
const NO_DEFINITIONS: readonly Definition[] = [];

type Owner = 'own' | 'above' | undefined;

/** `me = self` and the like are followed this deep; what is behind more names counts as the instance, which only costs a look more. */
const MAX_ALIASES = 3;

/** Whose attribute is it: of `self`, `cls`, `self.__class__`, `type(self)`, or of a name for one of these; or of `super()`? */
function ownership(module: ModuleUnit, fn: IrFunction, receiver: string): (of: Operand) => Owner {
  /** `seen`: names given to names; each is followed once, for there may be thousands that lead to each other. */
  const whose = (of: Operand, facts: FunctionFacts, depth: number, seen?: Set<Definition>): Owner => {
    if (of.op === 'attr') return of.name === '__class__' ? 'own' : undefined;
    if (of.op !== 'name') {
      const made = of.op === 'temp' ? facts.temps[of.id]?.instr : undefined;
      const name = made?.op === 'call' && made.callee.op === 'name' ? made.callee.name : '';
      return name === 'type' ? 'own' : name === 'super' ? 'above' : undefined;
    }
    if (of.name === receiver) return 'own';
    if (of.scope === 'global') return undefined;
    if (depth > MAX_ALIASES) return 'own';
    const where = of.scope === 'closure' ? factsOf(module, module.ir.functions[of.owner] as IrFunction) : facts;
    for (const d of where.names.get(of.name) ?? NO_DEFINITIONS) {
      if (d.kind !== 'value' || seen?.has(d)) continue;
      if (d.value.op === 'name') (seen ??= new Set()).add(d);
      const owner = whose(d.value, where, depth + 1, seen);
      if (owner !== undefined) return owner;
    }
    return undefined;
  };
  const own = factsOf(module, fn);
  return (of) => whose(of, own, 0);
}
