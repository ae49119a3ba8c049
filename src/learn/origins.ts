/**
 * Which calls may have made the value of an operand?
 *
 * Flow-insensitive: all definitions of a local name, all assignments to an attribute of the object, what was put into a collection, what
 * a project helper returns. A value reached through members (`body['server']['id']`) keeps them. More than is true may be answered: what
 * is learned from it is counted over the whole suite, and only proposed.
 * Misses: what goes through globals and closures that are assigned later (samples/09-helpers).
 */
import type { Argument, FunctionIndex, Instr, Operand } from '../ir/ir.ts';
import type { Classes, ClassUnit } from '../program/classes.ts';
import { forEachInstr, type ModuleUnit } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import { type Definition, factsOf, type Scope } from '../program/scope.ts';
import type { Value, Values } from '../program/values.ts';

export type CallInstr = Extract<Instr, { op: 'call' }>;

/** A call that made a value, and the members that lead from its result to it: `['server']['id']`. */
export interface Origin {
  readonly scope: Scope;
  readonly instr: CallInstr;
  readonly members: string;
}

/** Steps from a value to the call that made it; longer ways are not written by people. */
const MAX_DEPTH = 8;
/** Calls that one value may come from; a collection that everything goes into says nothing. */
const MAX_ORIGINS = 12;
/** Members kept; deeper ones are fields of a description, not names of the thing. */
const MAX_MEMBERS = 3;

/** Subclasses that are asked for an attribute of their base; those of a framework's base class share nothing beyond it. */
const MAX_SUBCLASSES = 24;

const ADDS = new Set(['append', 'appendleft', 'add', 'insert', 'extend', 'push']);
const NONE: readonly Origin[] = [];

export class Origins {
  readonly #values: Values;
  readonly #program: Program;
  readonly #classes: Classes;
  readonly #known = new WeakMap<Operand, readonly Origin[]>();
  readonly #returned = new WeakMap<Scope['fn'], readonly Origin[]>();
  readonly #localAdds = new WeakMap<Scope['fn'], ReadonlyMap<string, readonly Operand[]>>();
  readonly #memberAdds = new WeakMap<Scope['fn'], ReadonlyMap<string, readonly { scope: Scope; value: Operand }[]>>();
  readonly #below = new Map<Scope['fn'], ClassUnit[]>();
  readonly #bases = new WeakMap<Scope['fn'], readonly ClassUnit[]>();

  constructor(values: Values) {
    this.#values = values;
    this.#program = values.program;
    this.#classes = values.classes;
  }

  /** The calls that may have made the value. */
  of(operand: Operand, scope: Scope, depth = 0): readonly Origin[] {
    if (depth > MAX_DEPTH || operand.op === 'const' || operand.op === 'function' || operand.op === 'unknown') return NONE;
    const known = this.#known.get(operand);
    if (known) return known;
    this.#known.set(operand, NONE); // A value that is made of itself (`x = x.next`) has no other origin than its first one.
    const found = this.#find(operand, scope, depth).slice(0, MAX_ORIGINS);
    // What was cut off by the depth may be more when it is asked for directly.
    if (depth < MAX_DEPTH / 2) this.#known.set(operand, found);
    else this.#known.delete(operand);
    return found;
  }

  #find(operand: Operand, scope: Scope, depth: number): readonly Origin[] {
    const each = (items: readonly Operand[]): readonly Origin[] => items.flatMap((item) => this.of(item, scope, depth + 1));
    switch (operand.op) {
      case 'temp': {
        const def = factsOf(scope.module, scope.fn).temps[operand.id];
        return def ? this.#ofDefinition(def, '', scope, depth) : NONE;
      }
      case 'name':
        return this.#ofName(operand, scope, depth);
      case 'attr': {
        if (this.isReceiver(operand.of, scope)) return this.#ofMember(operand.name, scope, depth);
        return below(this.of(operand.of, scope, depth + 1), `.${operand.name}`);
      }
      case 'index': {
        const key = operand.key;
        const member =
          key.op === 'const' && (key.kind === 'string' || key.kind === 'int') ? `[${key.kind === 'int' ? key.value : `'${key.value}'`}]` : '[*]';
        return below(this.of(operand.of, scope, depth + 1), member);
      }
      case 'tuple':
      case 'list':
      case 'set':
        return each(operand.items);
      case 'star':
        return this.of(operand.of, scope, depth + 1);
      case 'choice':
        return each([operand.then, operand.otherwise]);
      case 'boolean':
        return each(operand.items);
      default:
        return NONE;
    }
  }

  #ofName(operand: Extract<Operand, { op: 'name' }>, scope: Scope, depth: number): readonly Origin[] {
    const fn = scope.module.ir.functions[operand.owner];
    if (!fn || (operand.scope === 'global' && !scope.module.globals.has(operand.name))) return NONE;
    const at: Scope = operand.scope === 'global' ? { module: scope.module, fn, cls: undefined, definedIn: undefined } : { ...scope, fn };
    const defs = factsOf(scope.module, fn).names.get(operand.name) ?? [];
    const added = this.#addsIn(at).get(operand.name) ?? [];
    return [...defs.flatMap((d) => this.#ofDefinition(d, operand.name, at, depth + 1)), ...added.flatMap((o) => this.of(o, at, depth + 1))];
  }

  #ofDefinition(def: Definition, name: string, scope: Scope, depth: number): readonly Origin[] {
    if (def.kind === 'value') return this.of(def.value, scope, depth + 1);
    if (def.kind === 'result') return this.#ofResult(def.instr, scope, depth);
    const { instr } = def;
    if (instr?.op === 'next') return this.of(instr.iterable, scope, depth + 1);
    if (instr?.op === 'assign' && instr.target.op === 'targets') {
      const at = instr.target.items.findIndex((t) => t.op === 'name' && t.name === name);
      return below(this.of(instr.value, scope, depth + 1), at < 0 ? '[*]' : `[${at}]`);
    }
    return NONE;
  }

  #ofResult(instr: Instr, scope: Scope, depth: number): readonly Origin[] {
    if (instr.op === 'await') return this.of(instr.value, scope, depth + 1);
    if (instr.op === 'enter') return this.of(instr.manager, scope, depth + 1);
    if (instr.op !== 'call') return NONE;
    const own: Origin = { scope, instr, members: '' };
    const helper = this.helperOf(instr.callee, scope);
    return helper && depth < MAX_DEPTH ? [own, ...this.#returns(helper, depth)] : [own];
  }

  /** What the project's own function returns. */
  #returns(helper: Scope, depth: number): readonly Origin[] {
    const known = this.#returned.get(helper.fn);
    if (known) return known;
    this.#returned.set(helper.fn, NONE);
    const found: Origin[] = [];
    if (!helper.fn.isGenerator)
      forEachInstr(helper.fn.body, (i) => {
        if (i.op === 'return' && i.value && found.length < MAX_ORIGINS) found.push(...this.of(i.value, helper, depth + 1));
      });
    this.#returned.set(helper.fn, found);
    return found;
  }

  /**
   * What is assigned to `self.name`, or added to the collection there, in the class and its bases; where that gives nothing, in the
   * classes below: a base class's teardown ends what the setups of its subclasses began.
   */
  #ofMember(name: string, scope: Scope, depth: number): readonly Origin[] {
    if (!scope.cls) return NONE;
    const above = this.#valuesOf(this.#assignedAbove(scope.cls, name), depth);
    if (above.length > 0) return above;
    const below = (this.#below.get(scope.cls.body) ?? []).slice(0, MAX_SUBCLASSES);
    return this.#valuesOf(
      below.flatMap((c) => this.#assignedAbove(c, name)),
      depth,
    );
  }

  #valuesOf(assigned: readonly { readonly scope: Scope; readonly value: Operand }[], depth: number): readonly Origin[] {
    const found: Origin[] = [];
    for (const { scope, value } of assigned) {
      if (found.length >= MAX_ORIGINS) break;
      found.push(...this.of(value, scope, depth + 1));
    }
    return found;
  }

  #assignedAbove(cls: ClassUnit, name: string): readonly { readonly scope: Scope; readonly value: Operand }[] {
    const bases = this.basesOf(cls);
    return [
      ...this.#values.assignedTo(cls, name),
      ...bases.slice(cls.mro.length).flatMap((c) => this.#values.assignedTo(c, name)),
      ...bases.flatMap((c) => this.#addsOfClass(c).get(name) ?? []),
    ];
  }

  /** Notes the classes of these modules as subclasses of their bases. */
  knowClasses(modules: readonly ModuleUnit[]): void {
    for (const module of modules)
      for (const fn of module.ir.functions) {
        if (fn.kind !== 'class') continue;
        const cls = this.#classes.get(module, fn.index);
        for (const base of this.basesOf(cls).slice(1)) put(this.#below, base.body, cls);
      }
  }

  /** The class, its bases in the program, and those of its other bases that lie below the root. */
  basesOf(cls: ClassUnit): readonly ClassUnit[] {
    let known = this.#bases.get(cls.body);
    if (known) return known;
    this.#bases.set(cls.body, cls.mro);
    const out = [...cls.mro];
    for (const base of cls.externalBases) {
      const found = this.classNamed(base, cls.module);
      for (const c of found ? this.basesOf(found) : []) if (!out.some((o) => o.body === c.body)) out.push(c);
    }
    known = out;
    this.#bases.set(cls.body, known);
    return known;
  }

  /** The class of a dotted name, if its module lies below the root. */
  classNamed(dotted: string, from: ModuleUnit): ClassUnit | undefined {
    const dot = dotted.lastIndexOf('.');
    const name = dotted.slice(0, Math.max(dot, 0));
    if (name === '' || this.#program.isOpaque(name)) return undefined;
    const path = this.#program.locate(name, from);
    const module = path === undefined ? undefined : this.#program.module(path);
    const index = module?.topLevel.get(dotted.slice(dot + 1));
    return module && index !== undefined && module.ir.functions[index]?.kind === 'class' ? this.#classes.get(module, index) : undefined;
  }

  /** The project's own function that is called; undefined for libraries, classes and what cannot be told. */
  helperOf(callee: Operand, scope: Scope): Scope | undefined {
    const value = this.#values.of(callee, scope);
    if (value) return isFunction(value) ? this.#values.scopeOf(value) : undefined;
    if (callee.op !== 'attr' || !scope.cls || !this.isReceiver(callee.of, scope)) return undefined;
    for (const c of this.basesOf(scope.cls)) {
      const index = c.module.members.get(c.body.index)?.get(callee.name);
      const fn = index === undefined ? undefined : c.module.ir.functions[index];
      if (fn?.kind === 'function') return { module: c.module, fn, cls: scope.cls, definedIn: c };
    }
    return undefined;
  }

  /** `self` or `cls`, also as a nested function sees it. */
  isReceiver(operand: Operand, scope: Scope): boolean {
    if (operand.op !== 'name' || operand.scope === 'global') return false;
    const owner = scope.module.ir.functions[operand.owner];
    return owner !== undefined && factsOf(scope.module, owner).receiver?.name === operand.name;
  }

  #addsIn(scope: Scope): ReadonlyMap<string, readonly Operand[]> {
    let known = this.#localAdds.get(scope.fn);
    if (!known) {
      const found = new Map<string, Operand[]>();
      forEachAdd(scope.fn, (container, value) => {
        if (container.op === 'name') put(found, container.name, value);
      });
      this.#localAdds.set(scope.fn, (known = found));
    }
    return known;
  }

  #addsOfClass(cls: ClassUnit): ReadonlyMap<string, readonly { scope: Scope; value: Operand }[]> {
    let known = this.#memberAdds.get(cls.body);
    if (!known) {
      const found = new Map<string, { scope: Scope; value: Operand }[]>();
      for (const index of cls.module.members.get(cls.body.index)?.values() ?? []) {
        const fn = cls.module.ir.functions[index];
        if (fn?.kind !== 'function') continue;
        const at: Scope = { module: cls.module, fn, cls, definedIn: cls };
        forEachAdd(fn, (container, value) => {
          if (container.op === 'attr' && this.isReceiver(container.of, at)) put(found, container.name, { scope: at, value });
        });
      }
      this.#memberAdds.set(cls.body, (known = found));
    }
    return known;
  }
}

/** `items.append(x)`, `items[key] = x`. */
function forEachAdd(fn: Scope['fn'], visit: (container: Operand, value: Operand) => void): void {
  forEachInstr(fn.body, (i) => {
    if (i.op === 'call' && i.callee.op === 'attr' && ADDS.has(i.callee.name)) {
      const last = i.args.filter((a: Argument) => a.kind === 'positional').at(-1);
      if (last) visit(i.callee.of, last.value);
    } else if (i.op === 'assign' && i.target.op === 'index') visit(i.target.of, i.value);
  });
}

function put<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function isFunction(value: Value): value is Extract<Value, { kind: 'function' | 'method' | 'nested' }> {
  return value.kind === 'function' || value.kind === 'method' || value.kind === 'nested';
}

function below(origins: readonly Origin[], member: string): readonly Origin[] {
  return origins.map((o) => (count(o.members) >= MAX_MEMBERS ? o : { ...o, members: o.members + member }));
}

const count = (members: string): number => members.split(/(?=[.[])/).length - (members === '' ? 1 : 0);

/** The function of the index with the class that its code belongs to, nested functions with that of the method around them. */
export function lexicalScope(module: ModuleUnit, index: FunctionIndex, classes: Classes): Scope {
  const fn = module.ir.functions[index] as Scope['fn'];
  let parent = fn.parent === null ? undefined : module.ir.functions[fn.parent];
  while (parent && parent.kind !== 'class' && parent.parent !== null) parent = module.ir.functions[parent.parent];
  const cls = parent?.kind === 'class' ? classes.get(module, parent.index) : undefined;
  return { module, fn, cls, definedIn: cls };
}
