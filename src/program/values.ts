/**
 * What does an operand stand for: a function, a class, an instance of a known class, a bound method?
 *
 * Flow-insensitive and cautious: a name with several definitions has a value only where all agree. Misses: values that need flow or
 * containers (samples/09-helpers); such an operand is unknown, and what is handed to it escapes.
 */
import type { FunctionIndex, Instr, IrFunction, NameRef, Operand } from '../ir/ir.ts';
import { assignmentsIn } from './assigned.ts';
import { type Assigned, type Classes, type ClassUnit, importedPath, type MethodRef } from './classes.ts';
import { forEachInstr, type ModuleUnit } from './module.ts';
import type { Program, Symbol } from './program.ts';
import { type Definition, factsOf, inFunction, type Scope } from './scope.ts';

export type Value =
  | { readonly kind: 'function'; readonly module: ModuleUnit; readonly index: FunctionIndex }
  /** A lambda or nested function: runs with the names of the scope that defines it. */
  | { readonly kind: 'nested'; readonly scope: Scope; readonly index: FunctionIndex }
  /** `isBound`: taken from an instance or from `super()`, so that a call of it hands over no receiver. */
  | { readonly kind: 'method'; readonly ref: MethodRef; readonly cls: ClassUnit; readonly isBound: boolean }
  | { readonly kind: 'class'; readonly cls: ClassUnit }
  | { readonly kind: 'instance'; readonly cls: ClassUnit }
  | { readonly kind: 'super'; readonly cls: ClassUnit; readonly after: ClassUnit }
  | { readonly kind: 'module'; readonly module: ModuleUnit }
  /** Something outside the program, by canonical path; `called` for its result. */
  | { readonly kind: 'external'; readonly path: string; readonly called: boolean };

/** How many definitions, attributes and calls are followed to find one value; deeper chains are unknown. */
const MAX_VALUE_DEPTH = 8;

/** Functions that import the module whose name they are given and return it. */
const IMPORTS_BY_NAME = /(^|\.)(import_module|import_fresh_module|importorskip|__import__)$/;

export class Values {
  readonly program: Program;
  readonly classes: Classes;
  /** Functions whose answers are being found. */
  readonly #returning: Scope[] = [];
  /** Set by the suite: what a parameter of a test stands for when a fixture of that name gives it. */
  parameter: (name: string, scope: Scope, depth: number) => Value | undefined = () => undefined;

  constructor(program: Program, classes: Classes) {
    this.program = program;
    this.classes = classes;
  }

  /** The canonical dotted path of a callee as imported (`subprocess.Popen`, `open`), or undefined where it is no global name. */
  canonical(operand: Operand, scope: Scope, depth = 0): string | undefined {
    if (depth > MAX_VALUE_DEPTH) return undefined;
    if (operand.op === 'attr') {
      const head = this.canonical(operand.of, scope, depth + 1);
      return head === undefined ? undefined : `${head}.${operand.name}`;
    }
    if (operand.op !== 'name') return undefined;
    if (operand.scope !== 'global') return this.#localCanonical(operand, scope, depth);
    const imported = importedPath(scope.module, operand.name);
    if (imported !== undefined) return imported;
    if (scope.module.topLevel.has(operand.name)) return `${scope.module.name}.${operand.name}`;
    const module = scope.module.ir.functions[0];
    if (!module || !scope.module.globals.has(operand.name)) {
      const star = scope.module.starImports.length > 0 ? this.program.global(scope.module, operand.name) : undefined;
      return star?.kind === 'external' ? star.path : operand.name;
    }
    const def = single(factsOf(scope.module, module).names.get(operand.name));
    return def?.kind === 'value'
      ? this.#canonicalOf(def.value, { module: scope.module, fn: module, cls: undefined, definedIn: undefined }, depth)
      : undefined;
  }

  /** What a definition gives: the module that a call imports by name, or what another name stands for. */
  #canonicalOf(value: Operand, scope: Scope, depth: number): string | undefined {
    if (value.op === 'temp') return this.#importedByCall(value.id, scope, depth);
    return value.op === 'name' || value.op === 'attr' ? this.canonical(value, scope, depth + 1) : undefined;
  }

  /** `gzip = import_helper.import_module('gzip')`: the module that the call names. */
  #importedByCall(temp: number, scope: Scope, depth: number): string | undefined {
    const def = factsOf(scope.module, scope.fn).temps[temp];
    if (def?.kind !== 'result' || def.instr.op !== 'call') return undefined;
    const [first] = def.instr.args;
    if (first?.value.op !== 'const' || typeof first.value.value !== 'string') return undefined;
    const callee = this.canonical(def.instr.callee, scope, depth + 1);
    return callee !== undefined && IMPORTS_BY_NAME.test(callee) ? first.value.value : undefined;
  }

  #localCanonical(name: NameRef, scope: Scope, depth: number): string | undefined {
    const fn = scope.module.ir.functions[name.owner];
    if (!fn) return undefined;
    const def = single(factsOf(scope.module, fn).names.get(name.name));
    if (!def) return undefined;
    if (def.kind === 'value') return this.#canonicalOf(def.value, inFunction(scope, fn), depth);
    return def.instr?.op === 'import' ? importedPath(scope.module, name.name) : undefined;
  }

  /** What the operand stands for; undefined where it cannot be told. */
  of(operand: Operand, scope: Scope, depth = 0): Value | undefined {
    if (depth > MAX_VALUE_DEPTH) return undefined;
    switch (operand.op) {
      case 'name':
        return this.#ofName(operand, scope, depth);
      case 'attr':
        return this.#ofAttribute(operand, scope, depth);
      case 'temp': {
        const def = factsOf(scope.module, scope.fn).temps[operand.id];
        return def ? this.#ofDefinition(def, scope, depth + 1) : undefined;
      }
      case 'function':
        return { kind: 'nested', scope, index: operand.index };
      default:
        return undefined;
    }
  }

  #ofName(name: NameRef, scope: Scope, depth: number): Value | undefined {
    if (name.scope === 'global') {
      const symbol = this.program.global(scope.module, name.name);
      const imported = importedPath(scope.module, name.name);
      if (symbol) return this.#ofSymbol(symbol, depth, imported);
      return { kind: 'external', path: imported ?? name.name, called: false };
    }
    const fn = scope.module.ir.functions[name.owner];
    if (!fn) return undefined;
    const facts = factsOf(scope.module, fn);
    if (facts.receiver?.name === name.name && scope.cls)
      return facts.receiver.isClass ? { kind: 'class', cls: scope.cls } : { kind: 'instance', cls: scope.cls };
    const def = single(facts.names.get(name.name));
    if (def?.kind === 'other' && def.instr?.op === 'import') {
      const imported = scope.module.imports.get(name.name);
      const symbol = imported && this.program.global(scope.module, name.name);
      return symbol ? this.#ofSymbol(symbol, depth, importedPath(scope.module, name.name)) : undefined;
    }
    if (def?.kind === 'other' && def.instr === null) return this.parameter(name.name, inFunction(scope, fn), depth + 1);
    if (def?.kind === 'other' && def.instr?.op === 'assign') return this.#unpacked(def.instr, name.name, inFunction(scope, fn), depth);
    if (def) return this.#ofDefinition(def, inFunction(scope, fn), depth + 1);
    const all = facts.names.get(name.name);
    return all && this.#agreeing(all, inFunction(scope, fn), depth + 1);
  }

  /** Several definitions: their common class, if there is one (`x = None` aside). */
  #agreeing(defs: readonly Definition[], scope: Scope, depth: number): Value | undefined {
    let out: Value | undefined;
    for (const d of defs) {
      if (d.kind === 'value' && d.value.op === 'const') continue;
      const v = this.#ofDefinition(d, scope, depth);
      if (!v || (out && !sameValue(out, v))) return undefined;
      out = v;
    }
    return out;
  }

  #ofDefinition(def: Definition, scope: Scope, depth: number): Value | undefined {
    if (def.kind === 'value') {
      if (def.instr.op === 'define') {
        const fn = scope.module.ir.functions[def.instr.index];
        if (fn?.kind === 'class') return { kind: 'class', cls: this.classes.get(scope.module, fn.index) };
        return fn && fn.decorators.length === 0 ? { kind: 'nested', scope, index: fn.index } : undefined;
      }
      return this.of(def.value, scope, depth);
    }
    if (def.kind === 'other')
      return def.instr?.op === 'next' && def.instr.target.op === 'name' ? this.#element(def.instr.iterable, scope, depth + 1) : undefined;
    return this.#ofResult(def.instr, scope, depth);
  }

  #ofResult(instr: Instr, scope: Scope, depth: number): Value | undefined {
    if (instr.op === 'await') return this.of(instr.value, scope, depth + 1);
    if (instr.op === 'enter') {
      const v = this.of(instr.manager, scope, depth + 1);
      if (v?.kind !== 'instance') return v;
      const enter = this.classes.method(v.cls, instr.isAsync ? '__aenter__' : '__enter__');
      return !enter || returnsSelf(enter) ? v : undefined;
    }
    if (instr.op !== 'call') return undefined;
    if (instr.callee.op === 'name' && instr.callee.name === 'super' && instr.callee.scope === 'global') {
      return scope.cls && scope.definedIn ? { kind: 'super', cls: scope.cls, after: scope.definedIn } : undefined;
    }
    const got = gottenAttribute(instr);
    if (got) return this.#ofAttribute(got, scope, depth + 1);
    const callee = this.of(instr.callee, scope, depth + 1);
    if (!callee) return undefined;
    if (callee.kind === 'class') return { kind: 'instance', cls: callee.cls };
    if (callee.kind === 'external' && !callee.called) return { kind: 'external', path: callee.path, called: true };
    if (callee.kind === 'function' || callee.kind === 'method' || callee.kind === 'nested') return this.#returned(callee, depth);
    return undefined;
  }

  /** `client, log = self.make()`: the value at that place of all tuples that the function returns. */
  #unpacked({ target, value }: Extract<Instr, { op: 'assign' }>, name: string, scope: Scope, depth: number): Value | undefined {
    if (target.op !== 'targets' || depth > MAX_VALUE_DEPTH) return undefined;
    const items: readonly { readonly op: string; readonly name?: string }[] = target.items;
    const at = items.findIndex((t) => t.op === 'name' && t.name === name);
    const def = value.op === 'temp' ? factsOf(scope.module, scope.fn).temps[value.id] : undefined;
    if (at < 0 || items.some((t) => t.op === 'starred') || def?.kind !== 'result') return undefined;
    const { instr } = def;
    if (instr.op === 'await') return this.#unpacked({ ...instr, op: 'assign', target, value: instr.value }, name, scope, depth + 1);
    const callee = instr.op === 'call' ? this.of(instr.callee, scope, depth + 1) : undefined;
    if (callee?.kind !== 'function' && callee?.kind !== 'method' && callee?.kind !== 'nested') return undefined;
    return this.#returned(callee, depth, (o) => (o.op === 'tuple' && o.items.length === items.length ? o.items[at] : undefined));
  }

  /** What the elements of a list or tuple written out have in common: `for t in (a, b): t.finish()`. */
  #element(iterable: Operand, scope: Scope, depth: number): Value | undefined {
    if (depth > MAX_VALUE_DEPTH) return undefined;
    if (iterable.op === 'name' && iterable.scope !== 'global') {
      const fn = scope.module.ir.functions[iterable.owner];
      const def = fn && single(factsOf(scope.module, fn).names.get(iterable.name));
      return def?.kind === 'value' ? this.#element(def.value, inFunction(scope, fn), depth + 1) : undefined;
    }
    if (iterable.op !== 'tuple' && iterable.op !== 'list') return undefined;
    let out: Value | undefined;
    for (const item of iterable.items) {
      const v = this.of(item, scope, depth + 1);
      if (!v || (out && !sameValue(out, v))) return undefined;
      out = v;
    }
    return out;
  }

  /** The value that all return statements of a project function, or a part of theirs, agree on. */
  #returned(
    callee: Extract<Value, { kind: 'function' | 'method' | 'nested' }>,
    depth: number,
    part: (returned: Operand) => Operand | undefined = (o) => o,
  ): Value | undefined {
    const scope = this.scopeOf(callee);
    // A function that returns what it returns itself ends at the depth in any case, after all ways through it.
    if (scope.fn.isGenerator || depth > MAX_VALUE_DEPTH || this.#returning.some(({ fn, cls }) => fn === scope.fn && cls === scope.cls))
      return undefined;
    this.#returning.push(scope);
    try {
      let out: Value | undefined;
      for (const value of returnsOf(scope)) {
        if (value === null || (value.op === 'const' && value.kind === 'none')) continue;
        const meant = part(value);
        const v = meant && this.of(meant, scope, meant === value ? depth + 2 : depth + 1);
        if (!v || (out && !sameValue(out, v))) return undefined;
        out = v;
      }
      return out;
    } finally {
      this.#returning.pop();
    }
  }

  /** The scope in which a callable's body is looked at. */
  scopeOf(callee: Extract<Value, { kind: 'function' | 'method' | 'nested' }>): Scope {
    if (callee.kind === 'nested') return { ...callee.scope, fn: callee.scope.module.ir.functions[callee.index] as Scope['fn'] };
    if (callee.kind === 'method') return methodScope(callee.ref, callee.cls);
    return { module: callee.module, fn: callee.module.ir.functions[callee.index] as Scope['fn'], cls: undefined, definedIn: undefined };
  }

  #ofSymbol(symbol: Symbol, depth: number, imported: string | undefined): Value | undefined {
    switch (symbol.kind) {
      case 'class':
        return { kind: 'class', cls: this.classes.get(symbol.module, symbol.index) };
      case 'function':
        return { kind: 'function', module: symbol.module, index: symbol.index };
      case 'module':
        return !this.program.isOpaque(symbol.module.name)
          ? { kind: 'module', module: symbol.module }
          : { kind: 'external', path: imported ?? symbol.module.name, called: false };
      case 'external':
        return { kind: 'external', path: imported ?? symbol.path, called: false };
      case 'variable': {
        const fn = symbol.module.ir.functions[0] as Scope['fn'];
        const def = single(factsOf(symbol.module, fn).names.get(symbol.name));
        return def ? this.#ofDefinition(def, { module: symbol.module, fn, cls: undefined, definedIn: undefined }, depth + 1) : undefined;
      }
      default:
        return undefined;
    }
  }

  #ofAttribute(operand: Extract<Operand, { op: 'attr' }>, scope: Scope, depth: number): Value | undefined {
    const base = this.of(operand.of, scope, depth + 1);
    if (!base) return undefined;
    switch (base.kind) {
      case 'external':
        return { kind: 'external', path: `${base.path}${base.called ? '()' : ''}.${operand.name}`, called: false };
      case 'module':
        return this.#ofSymbol(this.program.attribute(base.module, operand.name), depth + 1, undefined);
      case 'super': {
        const ref = this.classes.method(base.cls, operand.name, base.after);
        return ref && { kind: 'method', ref, cls: base.cls, isBound: true };
      }
      case 'class': {
        const ref = this.classes.method(base.cls, operand.name);
        if (ref) return { kind: 'method', ref, cls: base.cls, isBound: false };
        return this.#ofMember(base.cls, operand.name, depth);
      }
      case 'instance': {
        if (operand.name === '__class__') return { kind: 'class', cls: base.cls };
        const ref = this.classes.method(base.cls, operand.name);
        if (ref) return { kind: 'method', ref, cls: base.cls, isBound: true };
        return this.#ofMember(base.cls, operand.name, depth);
      }
      default:
        return undefined;
    }
  }

  /** What an attribute of an instance holds, from all assignments to it in the class and its bases. */
  #ofMember(cls: ClassUnit, name: string, depth: number): Value | undefined {
    let out: Value | undefined;
    for (const { scope, value } of this.assignedTo(cls, name)) {
      if (value.op === 'const') continue;
      const v = this.of(value, scope, depth + 2);
      if (!v || (out && !sameValue(out, v))) return undefined;
      out = v;
    }
    return out;
  }

  /** All values assigned to `self.name`, `cls.name` or in the class body, over the whole order of the class. */
  assignedTo(cls: ClassUnit, name: string): readonly Assigned[] {
    let all = cls.assigned.get(name);
    if (!all) cls.assigned.set(name, (all = assignmentsIn(cls, name)));
    return all;
  }
}

/** `getattr(selectors, "EpollSelector", None)`: the attribute that the call asks for, where its name is written out. */
function gottenAttribute(call: Extract<Instr, { op: 'call' }>): Extract<Operand, { op: 'attr' }> | undefined {
  if (call.callee.op !== 'name' || call.callee.name !== 'getattr' || call.callee.scope !== 'global') return undefined;
  const [of, name] = call.args;
  if (of?.kind !== 'positional' || name?.value.op !== 'const' || typeof name.value.value !== 'string') return undefined;
  return { op: 'attr', of: of.value, name: name.value.value, start: call.start, end: call.end };
}

const returnCache = new WeakMap<IrFunction, (Operand | null)[]>();

/** The operands of all return statements of the scope's function. */
function returnsOf(scope: Scope): readonly (Operand | null)[] {
  const known = returnCache.get(scope.fn);
  if (known) return known;
  const out: (Operand | null)[] = [];
  forEachInstr(scope.fn.body, (instr) => {
    if (instr.op === 'return') out.push(instr.value);
  });
  returnCache.set(scope.fn, out);
  return out;
}

function returnsSelf(ref: MethodRef): boolean {
  const fn = ref.module.ir.functions[ref.index] as IrFunction;
  const values: (Operand | null)[] = [];
  forEachInstr(fn.body, (instr) => {
    if (instr.op === 'return') values.push(instr.value);
  });
  return values.length > 0 && values.every((v) => v?.op === 'name' && v.name === fn.params[0]?.name);
}

/** The only definition; of several imports, the first: what the name stands for is the module's one answer. */
function single(defs: readonly Definition[] | undefined): Definition | undefined {
  if (defs === undefined || defs.length === 0) return undefined;
  return defs.length === 1 || defs.every((d) => d.kind === 'other' && d.instr?.op === 'import') ? defs[0] : undefined;
}

function sameValue(a: Value, b: Value): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === 'external' && b.kind === 'external') return a.path === b.path && a.called === b.called;
  if (a.kind === 'instance' && b.kind === 'instance') return a.cls.body === b.cls.body;
  if (a.kind === 'class' && b.kind === 'class') return a.cls.body === b.cls.body;
  return false;
}

/** The scope in which a method's body is looked at for the class. */
export function methodScope({ module, index, definedIn }: MethodRef, cls: ClassUnit): Scope {
  return { module, fn: module.ir.functions[index] as Scope['fn'], cls, definedIn };
}
