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
import { forEachInside } from '../ir/operands.ts';
import type { ClassUnit } from '../program/classes.ts';
import { forEachInstr, type ModuleUnit } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { operandsIn } from '../suite/operands.ts';

/** Attributes that code names. */
interface Names {
  /** Assigned to the instance or class. */
  readonly gives: ReadonlySet<string>;
  /** Read from the instance or class. */
  readonly uses: ReadonlySet<string>;
  /** Asked of `super()`. */
  readonly asksAbove: ReadonlySet<string>;
}

export class Alike {
  readonly #known = new Map<ClassUnit, Map<IrFunction, ClassUnit>>();
  readonly #reached = new Map<ClassUnit, Map<IrFunction, Omit<Names, 'gives'>>>();
  readonly #given = new Map<ClassUnit, ReadonlySet<string>>();
  readonly #names = new Map<IrFunction, Names>();
  /** Which of the patterns' conditions on base classes a class of that name meets. */
  readonly #asked: (canonical: string) => readonly number[];

  constructor(asked: (canonical: string) => readonly number[]) {
    this.#asked = asked;
  }

  /** The scope of the same function for the most general class that makes no difference; the scope itself where there is none. */
  of(scope: Scope): Scope {
    const { cls, definedIn } = scope;
    if (!cls || !definedIn || cls === definedIn) return scope;
    let byMethod = this.#known.get(cls);
    if (!byMethod) this.#known.set(cls, (byMethod = new Map()));
    let found = byMethod.get(scope.fn);
    if (!found) byMethod.set(scope.fn, (found = this.#search(scope, cls, definedIn)));
    return found === cls ? scope : { ...scope, cls: found };
  }

  #search(scope: Scope, cls: ClassUnit, definedIn: ClassUnit): ClassUnit {
    const from = cls.mro.findIndex((c) => c.body === definedIn.body);
    for (let at = from; at > 0; at--) if (this.#isAlike(scope, cls, at)) return cls.mro[at] as ClassUnit;
    return cls;
  }

  #isAlike(scope: Scope, cls: ClassUnit, at: number): boolean {
    const general = cls.mro[at] as ClassUnit;
    if (general.externalBases.length !== cls.externalBases.length || general.hasUnknownBase !== cls.hasUnknownBase) return false;
    const inherited = new Set(general.mro.map((c) => c.body));
    if (cls.mro.filter((c) => inherited.has(c.body)).some((c, i) => c.body !== general.mro[i]?.body)) return false;
    const answered = new Set(general.mro.flatMap((c) => this.#asked(c.canonical)));
    const { uses, asksAbove } = this.#reachedFrom(scope.module, methodAround(scope), general);
    return cls.mro.every((other, i) => {
      if (inherited.has(other.body)) return true;
      if (other.body.decorators.length > 0 || this.#asked(other.canonical).some((condition) => !answered.has(condition))) return false;
      for (const name of this.#givenBy(other)) if (uses.has(name) || (i > at && asksAbove.has(name))) return false;
      return true;
    });
  }

  /** What the method and all that it leads to by name ask of the instance, seen from `general`. */
  #reachedFrom(module: ModuleUnit, fn: IrFunction, general: ClassUnit): Omit<Names, 'gives'> {
    let byMethod = this.#reached.get(general);
    if (!byMethod) this.#reached.set(general, (byMethod = new Map()));
    const known = byMethod.get(fn);
    if (known) return known;
    const uses = new Set<string>();
    const asksAbove = new Set<string>();
    const seen = new Set<IrFunction>();
    const pending: [ModuleUnit, IrFunction][] = [[module, fn]];
    const lead = (name: string): void => {
      for (const c of general.mro) {
        const index = c.module.members.get(c.body.index)?.get(name);
        if (index !== undefined) pending.push([c.module, c.module.ir.functions[index] as IrFunction]);
      }
    };
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (seen.has(next[1])) continue;
      seen.add(next[1]);
      const names = this.#of(...next);
      for (const name of names.uses) if (!uses.has(name)) lead(uses.add(name) && name);
      for (const name of names.asksAbove) if (!asksAbove.has(name)) lead(asksAbove.add(name) && name);
    }
    const found = { uses, asksAbove };
    byMethod.set(fn, found);
    return found;
  }

  /** Members of the class, and what its methods assign to their instance. */
  #givenBy(cls: ClassUnit): ReadonlySet<string> {
    const known = this.#given.get(cls);
    if (known) return known;
    const { module, body } = cls;
    const members = module.members.get(body.index) ?? new Map<string, number>();
    const given = new Set<string>([...members.keys(), ...factsOf(module, body).names.keys()]);
    for (const index of members.values()) for (const name of this.#of(module, module.ir.functions[index] as IrFunction).gives) given.add(name);
    this.#given.set(cls, given);
    return given;
  }

  #of(module: ModuleUnit, fn: IrFunction): Names {
    let names = this.#names.get(fn);
    if (!names) this.#names.set(fn, (names = namesIn(module, fn)));
    return names;
  }
}

/** The method that a function is, or is written in: it has the instance's name. */
function methodAround({ module, fn }: Scope): IrFunction {
  let method = fn;
  for (let parent = module.ir.functions[fn.parent ?? -1]; parent && parent.kind !== 'class'; parent = module.ir.functions[parent.parent ?? -1])
    method = parent;
  return method;
}

/** The names in a method, with the functions and lambdas inside of it. */
function namesIn(module: ModuleUnit, method: IrFunction): Names {
  const gives = new Set<string>();
  const uses = new Set<string>();
  const asksAbove = new Set<string>();
  const receiver = factsOf(module, method).receiver?.name ?? '';
  for (const fn of [method, ...inside(module, method.index)]) {
    const { temps } = factsOf(module, fn);
    /** `self`, `cls`, `self.__class__`, `type(self)`; or `super()`. */
    const whose = (of: Operand): 'own' | 'above' | undefined => {
      if (of.op === 'name') return of.name === receiver ? 'own' : undefined;
      if (of.op === 'attr') return of.name === '__class__' ? 'own' : undefined;
      const made = of.op === 'temp' ? temps[of.id]?.instr : undefined;
      const name = made?.op === 'call' && made.callee.op === 'name' ? made.callee.name : '';
      return name === 'type' ? 'own' : name === 'super' ? 'above' : undefined;
    };
    for (const operand of operandsIn(fn.body)) {
      const owner = operand.op === 'attr' ? whose(operand.of) : undefined;
      if (operand.op === 'attr' && owner !== undefined) (owner === 'own' ? uses : asksAbove).add(operand.name);
    }
    const give = (target: Operand | Target): void => {
      if (target.op === 'attr' && whose(target.of) === 'own') gives.add(target.name);
      forEachInside(target, give);
    };
    forEachInstr(fn.body, (instr) => {
      if ('target' in instr && instr.target !== null) give(instr.target);
      // `getattr(self, 'name')`, `setattr(self, 'name', value)`, `patch.object(self, 'name')`.
      if (instr.op !== 'call' || !instr.args.some(({ value }) => value.op === 'name' && value.name === receiver)) return;
      for (const { value } of instr.args) {
        if (value.op !== 'const' || typeof value.value !== 'string') continue;
        uses.add(value.value);
        gives.add(value.value);
      }
    });
  }
  return { gives, uses, asksAbove };
}

const childrenOf = new WeakMap<ModuleUnit, ReadonlyMap<number, readonly IrFunction[]>>();

/** The functions and lambdas written inside of a function, nested ones included. */
function inside(module: ModuleUnit, index: number): readonly IrFunction[] {
  let children = childrenOf.get(module);
  if (!children) {
    const made = new Map<number, IrFunction[]>();
    for (const fn of module.ir.functions) {
      if (fn.parent === null) continue;
      const siblings = made.get(fn.parent);
      if (siblings) siblings.push(fn);
      else made.set(fn.parent, [fn]);
    }
    childrenOf.set(module, (children = made));
  }
  const found: IrFunction[] = [];
  const pending = [index];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const fn of children.get(next) ?? []) {
      found.push(fn);
      pending.push(fn.index);
    }
  }
  return found;
}
