/**
 * What does a configuration pattern see of a call? The program's implementation of config's `CallView`.
 *
 * One view is made per call instruction that is asked about; answers that cost something are computed when first needed.
 */
import type { ArgumentValue, CallView, Patterns } from '../config/call-view.ts';
import type { Argument, Instr, Operand } from '../ir/ir.ts';
import { namesOfBases } from './classes.ts';
import { elementsOf } from './element-types.ts';
import { type Definition, type FunctionFacts, factsOf, type Scope } from './scope.ts';
import type { Values } from './values.ts';

/** A call as patterns see it; also made for callables that are only described (`addCleanup(f, x)` describes `f(x)`). */
export interface DescribedCall {
  readonly callee: Operand;
  readonly args: readonly Argument[];
  /** The instruction it stands in, for its enclosing managers. */
  readonly at: Instr | undefined;
}

/** The callee as written, dotted, subscripts as `[]` and computed parts as `()`. */
export function expressionOf(operand: Operand): string {
  switch (operand.op) {
    case 'name':
      return operand.name;
    case 'attr':
      return `${expressionOf(operand.of)}.${operand.name}`;
    case 'index':
      return `${expressionOf(operand.of)}[]`;
    case 'temp':
      return '()';
    default:
      return '?';
  }
}

/** The argument at a position (self not counted) or under a name. */
export function argumentOf(args: readonly Argument[], index: number | null, name: string | null): Operand | undefined {
  if (index !== null && index >= 0) {
    let i = 0;
    for (const a of args) {
      if (a.kind === 'star') break;
      if (a.kind !== 'positional') continue;
      if (i === index) return a.value;
      i++;
    }
  }
  if (name !== null) for (const a of args) if (a.kind === 'keyword' && a.name === name) return a.value;
  return undefined;
}

/**
 * `self.executor_type()` where the class, or a base of it, says `executor_type = futures.ThreadPoolExecutor`: what is called. Only classes:
 * a function held by a class becomes a method of it.
 */
export function classAttribute(callee: Operand, scope: Scope, values: Values): string | undefined {
  if (callee.op !== 'attr' || callee.of.op !== 'name' || scope.cls === undefined) return undefined;
  if (factsOf(scope.module, scope.fn).receiver?.name !== callee.of.name || values.assignedTo(scope.cls, callee.name).length === 0) return undefined;
  const value = values.of(callee, scope);
  return value?.kind === 'external' && !value.called && /(^|\.)[A-Z]\w*$/.test(value.path) ? value.path : undefined;
}

/** Canonical dotted path of a callee, which a class may have under a name of its own; undefined where it is no imported or builtin name. */
export function calledPath(callee: Operand, scope: Scope, values: Values): string | undefined {
  return values.canonical(callee, scope) ?? classAttribute(callee, scope, values);
}

/** The last segment of a callee with that canonical path; '' where it is computed. */
export function calledName(callee: Operand, path: string | undefined): string {
  if (callee.op === 'name') return path === undefined ? callee.name : path.slice(path.lastIndexOf('.') + 1);
  return callee.op === 'attr' ? callee.name : '';
}

/** The arguments with what a dict display in `**options` gives written out as keywords. */
export function spread(args: readonly Argument[], scope: Scope): readonly Argument[] {
  if (!args.some((a) => a.kind === 'double-star')) return args;
  return args.flatMap((a) => {
    const dict = a.kind === 'double-star' ? displayOf(a.value, scope) : undefined;
    if (!dict) return [a];
    return dict.entries.flatMap((e): Argument[] => {
      if (e.key === null) return [{ kind: 'double-star', name: '', value: e.value }];
      return e.key.op === 'const' && typeof e.key.value === 'string' ? [{ kind: 'keyword', name: e.key.value, value: e.value }] : [];
    });
  });
}

/** The dict display that an operand is, through a name that is assigned once. */
function displayOf(operand: Operand, scope: Scope): Extract<Operand, { op: 'dict' }> | undefined {
  const value = writtenOut(operand, scope);
  return value?.op === 'dict' ? value : undefined;
}

/** What a local name that is assigned once stands for; any other operand is itself. */
function writtenOut(operand: Operand, scope: Scope): Operand | undefined {
  if (operand.op !== 'name' || operand.scope !== 'local') return operand;
  const defs = factsOf(scope.module, scope.fn).names.get(operand.name);
  const def = defs?.length === 1 ? defs[0] : undefined;
  return def?.kind === 'value' ? def.value : undefined;
}

/** What a pattern sees of a call of which only the name is known. */
export function namedView(path: string): CallView {
  return {
    importPath: path,
    method: path.slice(path.lastIndexOf('.') + 1),
    hasReceiver: path.includes('.'),
    expression: () => path,
    receiverTypes: () => [],
    argument: () => undefined,
    enclosingManagers: () => [],
    classBases: () => [],
  };
}

/** What a callee's canonical path is, for those who have asked before. */
interface PathMemo {
  path(callee: Operand, scope: Scope, values: Values): string | undefined;
}

export class CallSite implements CallView {
  readonly importPath: string | undefined;
  readonly method: string;
  readonly hasReceiver: boolean;
  protected readonly call: DescribedCall;
  protected readonly scope: Scope;
  protected readonly values: Values;
  protected readonly patterns: Patterns;
  #types: readonly string[] | undefined;

  constructor(call: DescribedCall, scope: Scope, values: Values, patterns: Patterns, memo?: PathMemo) {
    this.call = call;
    this.scope = scope;
    this.values = values;
    this.patterns = patterns;
    const callee = call.callee;
    this.importPath = memo === undefined ? calledPath(callee, scope, values) : memo.path(callee, scope, values);
    this.hasReceiver = callee.op === 'attr';
    this.method = calledName(callee, this.importPath);
  }

  expression(): string {
    return expressionOf(this.call.callee);
  }

  receiverTypes(): readonly string[] {
    if (this.#types) return this.#types;
    const callee = this.call.callee;
    if (callee.op !== 'attr') return (this.#types = []);
    const types = typesOf(callee.of, this.scope, this.values, this.patterns);
    return (this.#types = types.length > 0 ? types : inheritedTypes(callee.of, callee.name, this.scope, this.values, this.patterns));
  }

  argument(index: number | null, name: string | null): ArgumentValue | undefined {
    const value = argumentOf(spread(this.call.args, this.scope), index, name);
    if (value === undefined) return undefined;
    const constant = value.op === 'attr' ? ownConstant(value, this.scope, this.values) : constantOf(value, this.scope);
    if (constant !== undefined) return { constant };
    const prefix = prefixOf(value, this.scope);
    const dotted = value.op === 'name' || value.op === 'attr' ? this.values.canonical(value, this.scope) : undefined;
    const keys = keysOf(value, this.scope);
    const second = secondOf(value, this.scope);
    return {
      dynamic: true,
      ...(prefix === '' ? {} : { prefix }),
      ...(dotted === undefined ? {} : { name: dotted }),
      ...(keys === undefined ? {} : { keys }),
      ...(second === undefined ? {} : { second }),
      ...(isFresh(value, this.scope, this.values) ? { fresh: true } : {}),
    };
  }

  enclosingManagers(): readonly string[] {
    const at = this.call.at;
    if (!at) return [];
    return factsOf(this.scope.module, this.scope.fn)
      .enclosing(at)
      .flatMap((m) => managerNames(m, this.scope, this.values));
  }

  classBases(): readonly string[] {
    const cls = this.scope.cls;
    return cls ? namesOfBases(cls) : [];
  }
}

/** Canonical path and written expression of the call that makes a manager. */
export function managerNames(manager: Operand, scope: Scope, values: Values): readonly string[] {
  const call = callBehind(manager, scope);
  const callee = call ? call.callee : manager;
  const canonical = values.canonical(callee, scope);
  const written = expressionOf(callee);
  return canonical !== undefined && canonical !== written ? [canonical, written] : [written];
}

/** The call instruction whose result the operand is, through plain copies. */
export function callBehind(operand: Operand, scope: Scope, depth = 0): Extract<Instr, { op: 'call' }> | undefined {
  if (depth > 4) return undefined; // Longer chains of copies are not written by people.
  const facts = factsOf(scope.module, scope.fn);
  if (operand.op === 'temp') {
    const def = facts.temps[operand.id];
    if (def?.kind === 'result') {
      if (def.instr.op === 'call') return def.instr;
      if (def.instr.op === 'await') return callBehind(def.instr.value, scope, depth + 1);
      if (def.instr.op === 'enter') return callBehind(def.instr.manager, scope, depth + 1);
    }
    return undefined;
  }
  if (operand.op === 'name' && operand.scope === 'local') {
    const defs = facts.names.get(operand.name);
    const def = defs?.length === 1 ? defs[0] : undefined;
    return def?.kind === 'value' ? callBehind(def.value, scope, depth + 1) : undefined;
  }
  return undefined;
}

/** The literal that an operand is, through names that are assigned once; undefined where it is computed. */
export function constantOf(operand: Operand, scope: Scope): string | number | boolean | null | undefined {
  if (operand.op === 'const') return operand.value;
  if (operand.op === 'name' && operand.scope !== 'global') {
    const fn = scope.module.ir.functions[operand.owner];
    const defs = fn && factsOf(scope.module, fn).names.get(operand.name);
    const def = defs?.length === 1 ? defs[0] : undefined;
    return def?.kind === 'value' && def.value.op === 'const' ? def.value.value : undefined;
  }
  return undefined;
}

/**
 * The constant beginning of a computed string, also under a name that is assigned once: `'rm ' + name`, `f"rm {name}"`, `'rm %s' % name`,
 * `'rm {}'.format(name)`; '' where there is none.
 */
function prefixOf(operand: Operand, scope: Scope): string {
  switch (operand.op) {
    case 'const':
      return typeof operand.value === 'string' ? operand.value : '';
    case 'format':
      return typeof operand.parts[0] === 'string' ? operand.parts[0] : '';
    case 'binary': {
      const left = operand.operator === '+' || operand.operator === '%' ? prefixOf(operand.left, scope) : '';
      return operand.operator === '%' ? (left.split('%')[0] as string) : left;
    }
    case 'name':
    case 'temp': {
      const { names, temps } = factsOf(scope.module, scope.fn);
      const defs = operand.op === 'temp' ? [temps[operand.id]] : operand.scope === 'local' ? (names.get(operand.name) ?? []) : [];
      const def = defs.length === 1 ? defs[0] : undefined;
      if (def?.kind === 'value' && def.value.op !== 'name') return prefixOf(def.value, scope);
      const callee = def?.kind === 'result' && def.instr.op === 'call' ? def.instr.callee : undefined;
      return callee?.op === 'attr' && callee.name === 'format' && callee.of.op === 'const'
        ? (prefixOf(callee.of, scope).split('{')[0] as string)
        : '';
    }
    default:
      return '';
  }
}

/** The constant keys of the dict display that an operand is, through a name that is assigned once; undefined for anything else. */
function keysOf(operand: Operand, scope: Scope): readonly string[] | undefined {
  return displayOf(operand, scope)?.entries.flatMap((e) => (e.key?.op === 'const' ? String(e.key.value) : []));
}

/** The literal that stands second in the tuple display that an operand is, through a name that is assigned once. */
function secondOf(operand: Operand, scope: Scope): string | number | boolean | null | undefined {
  const display = writtenOut(operand, scope);
  if (display?.op !== 'tuple' || display.items.some((i) => i.op === 'star')) return undefined;
  const [, second] = display.items;
  return second && constantOf(second, scope);
}

/** An instance of a class of the project is what its bases from outside are, for methods that it leaves as they are. */
function inheritedTypes(receiver: Operand, method: string, scope: Scope, values: Values, patterns: Patterns): readonly string[] {
  const value = values.of(receiver, scope);
  if (value?.kind !== 'instance' || value.cls.externalBases.length === 0 || values.classes.method(value.cls, method)) return [];
  let known = typesOfBases.get(patterns);
  if (!known) typesOfBases.set(patterns, (known = new Map()));
  return value.cls.externalBases.flatMap((base) => {
    const types = known.get(base) ?? patterns.typesOfConstructor(namedView(base));
    known.set(base, types);
    return types;
  });
}

const typesOfBases = new WeakMap<Patterns, Map<string, readonly string[]>>();

/** The literal that an attribute of the class has, which is assigned once: `self.url` after `self.url = "data:,x"`. */
function ownConstant(operand: Operand, scope: Scope, values: Values): string | number | boolean | null | undefined {
  if (operand.op !== 'attr' || operand.of.op !== 'name' || !scope.cls || operand.of.name !== factsOf(scope.module, scope.fn).receiver?.name)
    return undefined;
  const [only, ...others] = values.assignedTo(scope.cls, operand.name);
  return only?.value.op === 'const' && others.length === 0 ? only.value.value : undefined;
}

/** What a call in that place returns, an object made of a class aside; a name stands for a coroutine that a call of a project's function made. */
function isFresh(operand: Operand, scope: Scope, values: Values): boolean {
  const call = callBehind(operand, scope);
  if (!call) return false;
  const value = values.of(call.callee, scope);
  if (operand.op === 'temp')
    return value?.kind !== 'class' && !/^[A-Z]/.test(call.callee.op === 'attr' || call.callee.op === 'name' ? call.callee.name : '');
  return (value?.kind === 'function' || value?.kind === 'method' || value?.kind === 'nested') && values.scopeOf(value).fn.isAsync;
}

/** The configured types of an operand: by expression, by the constructor that made it, by annotation or fixture name. */
export function typesOf(operand: Operand, scope: Scope, values: Values, patterns: Patterns, depth = 0): readonly string[] {
  // A constructor pattern may ask for the type of its own receiver (`conn = conn.begin()`): what is being answered says nothing.
  if (depth > 6 || beingTyped.has(operand)) return [];
  beingTyped.add(operand);
  try {
    return foundTypes(operand, scope, values, patterns, depth);
  } finally {
    beingTyped.delete(operand);
  }
}

const beingTyped = new Set<Operand>();

function foundTypes(operand: Operand, scope: Scope, values: Values, patterns: Patterns, depth: number): readonly string[] {
  const out = new Set<string>();
  const call = callBehind(operand, scope);
  if (call) {
    for (const t of patterns.typesOfConstructor(new CallSite({ callee: call.callee, args: call.args, at: call }, scope, values, patterns)))
      out.add(t);
  } else if (operand.op === 'name' && operand.scope !== 'global') {
    const owner = scope.module.ir.functions[operand.owner];
    const param = owner?.params.find((p) => p.name === operand.name);
    if (param) {
      for (const t of patterns.typesOfFixture(param.name)) out.add(t);
      const path = param.annotation && values.canonical(param.annotation, scope);
      if (path) for (const t of patterns.typesOfAnnotation(path)) out.add(t);
    } else if (owner) {
      for (const def of definitionsBefore(operand.name, operand.start, owner === scope.fn, factsOf(scope.module, owner))) {
        const at: Scope = { ...scope, fn: owner };
        if (def.kind === 'value' && def.value.op !== 'name') for (const t of typesOf(def.value, at, values, patterns, depth + 1)) out.add(t);
        if (def.kind === 'other' && def.instr?.op === 'next' && def.instr.target.op === 'name')
          for (const t of elementTypes(def.instr.iterable, at, values, patterns, depth)) out.add(t);
      }
    }
  } else if (operand.op === 'attr') {
    const of = values.of(operand.of, scope);
    for (const a of of?.kind === 'instance' || of?.kind === 'class' ? values.assignedTo(of.cls, operand.name) : []) {
      if (a.value.op !== 'const') for (const t of typesOf(a.value, a.scope, values, patterns, depth + 1)) out.add(t);
    }
  }
  // A name says what something is where nobody knows what made it: a `listener` may be a socket, one made by `Listener()` is not.
  if (out.size > 0) return [...out];
  return patterns.typesOfExpression(expressionOf(operand), scope.cls ? namesOfBases(scope.cls) : []);
}

/** What the name can be where it stands: what it is given later in the same function only counts where nothing was given before. */
function definitionsBefore(name: string, start: number, isOwn: boolean, { names }: FunctionFacts): readonly Definition[] {
  const all = names.get(name) ?? [];
  const before = isOwn && all.length > 1 ? all.filter((d) => (d.instr?.start ?? 0) < start) : [];
  return before.length > 0 ? before : all;
}

/** The types that all elements of the collection have. */
function elementTypes(collection: Operand, scope: Scope, values: Values, patterns: Patterns, depth: number): readonly string[] {
  const all = (elementsOf(collection, scope, values) ?? []).map((e) => typesOf(e.value, e.scope, values, patterns, depth + 1));
  return (all[0] ?? []).filter((t) => all.every((types) => types.includes(t)));
}
