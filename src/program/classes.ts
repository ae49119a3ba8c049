/**
 * What is a class, across files: its bases, its method resolution order, and where a method is found?
 *
 * Bases inside the root are resolved to classes, others are kept by name (`unittest.TestCase`). The order is C3 where it exists and
 * depth-first without duplicates where it does not. Misses: metaclasses and bases computed at run time; such a class has
 * `hasUnknownBase`, and what depends on the unknown escapes (samples/09-helpers).
 */
import type { FunctionIndex, IrFunction, Operand } from '../ir/ir.ts';
import type { ModuleUnit } from './module.ts';
import type { Program } from './program.ts';
import type { Scope } from './scope.ts';

export interface ClassUnit {
  readonly module: ModuleUnit;
  /** The class body. */
  readonly body: IrFunction;
  readonly name: string;
  /** The functions and classes in its body, by name. */
  readonly members: ReadonlyMap<string, FunctionIndex>;
  /** `project.tests.TestX`: where it is defined */
  readonly canonical: string;
  /** This class first, then its bases that are in the program, in resolution order. */
  readonly mro: readonly ClassUnit[];
  /** Canonical names of all bases outside the program, nearest first. */
  readonly externalBases: readonly string[];
  /** A base could not be named, or is an external class that no configuration knows. */
  readonly hasUnknownBase: boolean;
  /** What `Classes.method` has answered, by name; null for none. */
  readonly methods: Map<string, MethodRef | null>;
  /** Notes of `Values.assignedTo`: what it has answered, by name; and what the class itself assigns, once that was asked. */
  readonly assigned: Map<string, readonly Assigned[]>;
  ownAssigned: ReadonlyMap<string, readonly OwnAssignment[]> | undefined;
}

/** A value that a class gives to an attribute, and the scope in which it is written. */
export interface Assigned {
  readonly scope: Scope;
  readonly value: Operand;
}

/** The same without a concrete class. */
export interface OwnAssignment {
  readonly fn: IrFunction;
  readonly value: Operand;
}

export interface MethodRef {
  readonly module: ModuleUnit;
  readonly index: FunctionIndex;
  readonly definedIn: ClassUnit;
}

const baseNames = new WeakMap<ClassUnit, readonly string[]>();

/** Canonical names of the class, its bases in the program and those outside of it, in this order. */
export function namesOfBases(cls: ClassUnit): readonly string[] {
  let names = baseNames.get(cls);
  if (!names) baseNames.set(cls, (names = [...cls.mro.map((c) => c.canonical), ...cls.externalBases]));
  return names;
}

const NO_MEMBERS: ReadonlyMap<string, FunctionIndex> = new Map();
const MAX_BASES_DEPTH = 40; // Deeper hierarchies are cycles made by broken code.

/** Dotted text of a name/attribute operand: `unittest.TestCase`; undefined for anything else. */
export function dottedOf(operand: Operand): string | undefined {
  if (operand.op === 'name') return operand.name;
  if (operand.op === 'attr') {
    const head = dottedOf(operand.of);
    return head === undefined ? undefined : `${head}.${operand.name}`;
  }
  return undefined;
}

export class Classes {
  readonly #program: Program;
  readonly #known = new Map<IrFunction, ClassUnit>();
  readonly #declared: ReadonlyMap<string, readonly string[]>;

  /** `declared`: bases that the configuration gives to classes it knows by name. */
  constructor(program: Program, declared: ReadonlyMap<string, readonly string[]>) {
    this.#program = program;
    this.#declared = declared;
  }

  get(module: ModuleUnit, index: FunctionIndex, depth = 0): ClassUnit {
    const body = module.ir.functions[index] as IrFunction;
    const known = this.#known.get(body);
    if (known) return known;
    const parents: ClassUnit[] = [];
    const external: string[] = [];
    let hasUnknownBase = false;
    for (const base of body.bases) {
      if (base.kind === 'keyword' || base.kind === 'double-star') continue;
      const found = depth < MAX_BASES_DEPTH ? this.resolve(base.value, module, depth) : undefined;
      if (found === undefined) hasUnknownBase = true;
      else if (typeof found === 'string') external.push(found);
      else if (found.body !== body) parents.push(found);
    }
    const canonical = `${module.name}.${body.qualifiedName}`;
    const self: { -readonly [K in keyof ClassUnit]: ClassUnit[K] } = {
      module,
      body,
      name: body.name,
      members: module.members.get(body.index) ?? NO_MEMBERS,
      canonical,
      mro: [],
      externalBases: [],
      hasUnknownBase,
      methods: new Map(),
      assigned: new Map(),
      ownAssigned: undefined,
    };
    self.mro = linearise(self, parents);
    self.externalBases = this.#externalBases(self, external, parents);
    self.hasUnknownBase = hasUnknownBase || parents.some((p) => p.hasUnknownBase);
    if (depth < MAX_BASES_DEPTH) this.#known.set(body, self);
    return self;
  }

  #externalBases({ canonical, mro }: ClassUnit, external: readonly string[], parents: readonly ClassUnit[]): readonly string[] {
    const declared = this.#declared.get(canonical) ?? [];
    const [only] = parents;
    // Most have one base, in the program: what that has from outside, its own bases' included, is what they have.
    if (parents.length === 1 && only !== undefined && external.length === 0 && declared.length === 0 && mro.length === only.mro.length + 1)
      return only.externalBases;
    const inherited = mro.slice(1).flatMap((c) => c.externalBases);
    const all = new Set([...declared, ...external, ...external.flatMap((e) => this.#declared.get(e) ?? []), ...inherited]);
    all.delete('object');
    return [...all];
  }

  /** The class that an operand names: a class of the program, the canonical name of an external one, or undefined. */
  resolve(operand: Operand, module: ModuleUnit, depth = 0): ClassUnit | string | undefined {
    if (operand.op === 'index') return this.resolve(operand.of, module, depth); // Generic[T]
    if (operand.op === 'name') {
      if (operand.scope !== 'global') {
        const index = module.members.get(operand.owner)?.get(operand.name);
        return index !== undefined && module.ir.functions[index]?.kind === 'class' ? this.get(module, index, depth + 1) : undefined;
      }
      const written = importedPath(module, operand.name);
      const symbol = this.#program.global(module, operand.name);
      if (symbol === undefined) return written ?? operand.name;
      if (symbol.kind === 'class') return this.get(symbol.module, symbol.index, depth + 1);
      return symbol.kind === 'external' ? (this.#testClass(symbol.path, module, depth) ?? symbol.path) : undefined;
    }
    if (operand.op === 'attr') {
      const dotted = dottedOf(operand);
      if (dotted === undefined) return undefined;
      const [head, ...rest] = dotted.split('.') as [string, ...string[]];
      let symbol = this.#program.global(module, head);
      if (symbol === undefined) return undefined;
      for (const part of rest) {
        if (symbol.kind === 'external') symbol = { kind: 'external', path: `${symbol.path}.${part}` };
        else if (symbol.kind === 'module') {
          if (this.#program.isOpaque(symbol.module.name)) symbol = { kind: 'external', path: `${symbol.module.name}.${part}` };
          else symbol = this.#program.attribute(symbol.module, part);
        } else if (symbol.kind === 'class') {
          const inner: number | undefined = symbol.module.members.get(symbol.index)?.get(part);
          if (inner === undefined || symbol.module.ir.functions[inner]?.kind !== 'class') return undefined;
          symbol = { kind: 'class', module: symbol.module, index: inner };
        } else return undefined;
      }
      if (symbol.kind === 'class') return this.get(symbol.module, symbol.index, depth + 1);
      return symbol.kind === 'external' ? (this.#testClass(symbol.path, module, depth) ?? symbol.path) : undefined;
    }
    return undefined;
  }

  /** A class whose own name says that it is one of tests, in a module whose name does not: `plugin.api.base.BaseNetworkTest`. */
  #testClass(path: string, from: ModuleUnit, depth: number): ClassUnit | undefined {
    if (!/test/i.test(path.slice(path.lastIndexOf('.') + 1))) return undefined;
    const found = this.#program.product(path, from);
    if (found?.symbol.kind !== 'class' || found.rest.length > 0) return undefined;
    return this.get(found.symbol.module, found.symbol.index, depth + 1);
  }

  /** The method (or nested class) `name` of the class, or of those after `after` in its order (for super()). */
  method(cls: ClassUnit, name: string, after?: ClassUnit): MethodRef | undefined {
    if (after) {
      const from = placeOf(cls, after) + 1;
      return from === 0 ? undefined : this.#methodFrom(cls, name, from);
    }
    const known = cls.methods.get(name);
    if (known !== undefined) return known === null ? undefined : known;
    const found = this.#methodFrom(cls, name, 0);
    cls.methods.set(name, found ?? null);
    return found;
  }

  #methodFrom(cls: ClassUnit, name: string, from: number): MethodRef | undefined {
    for (let i = from; i < cls.mro.length; i++) {
      const c = cls.mro[i] as ClassUnit;
      const index = c.members.get(name);
      if (index !== undefined && c.module.ir.functions[index]?.kind === 'function') return { module: c.module, index, definedIn: c };
    }
    return undefined;
  }
}

/** Where `other` stands in the order of the class; -1 where it does not. */
export function placeOf({ mro }: ClassUnit, { body }: ClassUnit): number {
  for (let place = 0; place < mro.length; place++) if (mro[place]?.body === body) return place;
  return -1;
}

/** The dotted path that a global name stands for as imported, re-exports not followed; undefined where it is not imported. */
export function importedPath(module: ModuleUnit, name: string): string | undefined {
  return module.imports.get(name)?.path;
}

/** C3 linearisation; falls back to depth-first order where no consistent one exists. */
function linearise(self: ClassUnit, parents: readonly ClassUnit[]): readonly ClassUnit[] {
  const [only] = parents;
  if (only === undefined) return [self];
  // One base is the usual case, and a long chain of such classes must not cost the square of its length each.
  if (parents.length === 1) return [self, ...only.mro.filter((c) => c.body !== self.body)];
  const lists = [...parents.map((p) => [...p.mro]), [...parents]];
  const out: ClassUnit[] = [self];
  for (;;) {
    const live = lists.filter((l) => l.length > 0);
    if (live.length === 0) return out;
    const head = live.map((l) => l[0] as ClassUnit).find((c) => !live.some((l) => l.slice(1).some((x) => x.body === c.body)));
    if (!head) {
      for (const l of live) for (const c of l) if (!out.some((o) => o.body === c.body)) out.push(c);
      return out;
    }
    out.push(head);
    for (const l of lists) if (l[0]?.body === head.body) l.shift();
  }
}
