/**
 * In which function, and for which concrete class, is code looked at?
 *
 * The same method means different things in different subclasses: `self.helper()` is looked up along the order of the concrete class.
 * A `Scope` is that pair; all look-ups of names, values and paths take one. It also answers how local names of the function are
 * defined (`definitions`), which is how a value's origin is found.
 */
import type { FunctionIndex, Instr, IrFunction, Operand, Stmt, Target } from '../ir/ir.ts';
import { forEachInside, operandsOf } from '../ir/operands.ts';
import type { ClassUnit } from './classes.ts';
import { forEachInstr, instrsIn, type ModuleUnit } from './module.ts';

export interface Scope {
  readonly module: ModuleUnit;
  readonly fn: IrFunction;
  /** The concrete class whose instance `self` is; undefined outside methods. */
  readonly cls: ClassUnit | undefined;
  /** The class in whose body the method stands (for super()); a base of `cls`. */
  readonly definedIn: ClassUnit | undefined;
}

/** How a name or temporary of a function gets its value. */
export type Definition =
  | { readonly kind: 'value'; readonly value: Operand; readonly instr: Instr }
  /** The instruction's own result (call, await, yield, enter). */
  | { readonly kind: 'result'; readonly instr: Instr }
  /** An element of an iterable, part of a tuple, an exception, an augmented assignment, a parameter. */
  | { readonly kind: 'other'; readonly instr: Instr | null };

export interface FunctionFacts {
  readonly names: ReadonlyMap<string, readonly Definition[]>;
  readonly temps: readonly (Definition | undefined)[];
  /** Names that nested functions assign through nonlocal. */
  readonly assignedInside: ReadonlySet<string>;
  /** Enclosing managers of each instruction, innermost first; built on demand. */
  enclosing(instr: Instr): readonly Operand[];
  /** How many times a temporary is read; a name that is assigned once from it counts as often as it is read itself. */
  tempUses(id: number): number;
  /** The function's name of its instance or class parameter, if it is a method. */
  readonly receiver: { readonly name: string; readonly isClass: boolean } | undefined;
}

/** Facts of a function that need only its own IR; computed once. */
export function factsOf(module: ModuleUnit, fn: IrFunction): FunctionFacts {
  return (fn.memo?.facts as FunctionFacts | undefined) ?? findFacts(module, fn);
}

function findFacts(module: ModuleUnit, fn: IrFunction): FunctionFacts {
  const names = new Map<string, Definition[]>();
  const temps: (Definition | undefined)[] = new Array(fn.temps);
  const add = (name: string, d: Definition): void => {
    const list = names.get(name);
    if (list) list.push(d);
    else names.set(name, [d]);
  };
  const target = (t: Operand | { op: 'targets' | 'starred' }, d: Definition): void => {
    if (t.op === 'name') add(t.name, d);
    else if (t.op === 'temp') temps[t.id] = d;
    else if (t.op === 'targets') for (const item of (t as unknown as { items: Operand[] }).items) target(item, { kind: 'other', instr: d.instr });
    else if (t.op === 'starred') target((t as unknown as { of: Operand }).of, { kind: 'other', instr: d.instr });
  };
  for (const p of fn.params) add(p.name, { kind: 'other', instr: null });
  for (const instr of instrsIn(fn.body)) {
    // What is met most stands first, as in ir/operands.ts: so what calls and awaits do is written twice.
    switch (instr.op) {
      case 'call':
        temps[instr.result] = { kind: 'result', instr };
        break;
      case 'assign':
        if (instr.target.op === 'targets' && instr.value.op === 'tuple' && instr.value.items.length === instr.target.items.length) {
          instr.target.items.forEach((t, i) =>
            target(t as Operand, { kind: 'value', value: (instr.value as unknown as { items: Operand[] }).items[i] as Operand, instr }),
          );
        } else target(instr.target as Operand, { kind: 'value', value: instr.value, instr });
        break;
      case 'await':
      case 'yield':
        temps[instr.result] = { kind: 'result', instr };
        break;
      case 'enter':
        temps[instr.result] = { kind: 'result', instr };
        if (instr.target)
          target(instr.target as Operand, { kind: 'value', value: { op: 'temp', id: instr.result, start: instr.start, end: instr.end }, instr });
        break;
      case 'augment':
      case 'next':
        target(instr.target as Operand, { kind: 'other', instr });
        break;
      case 'caught':
        if (instr.target) target(instr.target as Operand, { kind: 'other', instr });
        break;
      case 'define':
        add(instr.name, { kind: 'value', value: { op: 'function', index: instr.index, start: instr.start, end: instr.end }, instr });
        break;
      case 'import':
        for (const b of instr.bindings) add(b.bound.name, { kind: 'other', instr });
        break;
      case 'delete':
        if (instr.target.op === 'name') add(instr.target.name, { kind: 'other', instr });
        break;
      default:
    }
  }
  const facts: FunctionFacts = {
    names,
    temps,
    assignedInside: assignedInside(module, fn),
    enclosing: lazyEnclosing(fn),
    tempUses: lazyUses(fn),
    receiver: receiverOf(module, fn),
  };
  if (fn.memo) fn.memo.facts = facts;
  return facts;
}

const NONE: ReadonlySet<string> = new Set();
const closureAssignments = new WeakMap<ModuleUnit, ReadonlyMap<FunctionIndex, ReadonlySet<string>>>();

/** Names of the function that nested ones assign; found for the whole module at once, for the cost grows with the square otherwise. */
function assignedInside(module: ModuleUnit, fn: IrFunction): ReadonlySet<string> {
  let known = closureAssignments.get(module);
  if (!known) {
    const found = new Map<FunctionIndex, Set<string>>();
    for (const f of module.ir.functions) {
      if (!f.usesOuter) continue;
      forEachInstr(f.body, (instr) => {
        if (
          (instr.op !== 'assign' && instr.op !== 'augment' && instr.op !== 'next') ||
          instr.target.op !== 'name' ||
          instr.target.scope !== 'closure'
        )
          return;
        const names = found.get(instr.target.owner);
        if (names) names.add(instr.target.name);
        else found.set(instr.target.owner, new Set([instr.target.name]));
      });
    }
    closureAssignments.set(module, (known = found));
  }
  return known.get(fn.index) ?? NONE;
}

function receiverOf(module: ModuleUnit, fn: IrFunction): FunctionFacts['receiver'] {
  if (fn.kind !== 'function' || fn.parent === null || module.ir.functions[fn.parent]?.kind !== 'class') return undefined;
  const marks = fn.decorators.map((d) => (d.op === 'name' ? d.name : d.op === 'attr' ? d.name : ''));
  const first = fn.params[0];
  if (!first || first.kind === 'star' || marks.includes('staticmethod')) return undefined;
  return {
    name: first.name,
    isClass: marks.includes('classmethod') || fn.name === '__new__' || fn.name === '__init_subclass__' || first.name === 'cls',
  };
}

function lazyUses(fn: IrFunction): (id: number) => number {
  let counts: Int32Array | undefined;
  return (id) => {
    counts ??= countUses(fn);
    return counts[id] ?? 0;
  };
}

function countUses(fn: IrFunction): Int32Array {
  const counts = new Int32Array(fn.temps);
  const visit = (operand: Operand | Target): void => {
    if (operand.op === 'temp') counts[operand.id]++;
    else forEachInside(operand, visit);
  };
  for (const instr of instrsIn(fn.body)) for (const operand of operandsOf(instr)) visit(operand);
  forEachTest(fn.body, visit);
  return counts;
}

/** Calls `visit` with every tested operand of the statement tree, and every manager. */
function forEachTest(s: Stmt, visit: (operand: Operand) => void): void {
  if (s.op === 'run') return;
  const tests = (t: Stmt): void => {
    switch (t.op) {
      case 'seq':
        t.items.forEach(tests);
        break;
      case 'if':
        visit(t.test);
        tests(t.then);
        if (t.otherwise) tests(t.otherwise);
        break;
      case 'loop':
        if (t.test) visit(t.test);
        tests(t.head);
        tests(t.body);
        if (t.otherwise) tests(t.otherwise);
        break;
      case 'try':
        tests(t.body);
        t.handlers.forEach((h) => tests(h.body));
        if (t.otherwise) tests(t.otherwise);
        if (t.final) tests(t.final);
        break;
      case 'with':
        visit(t.enter.manager);
        tests(t.body);
        break;
      case 'match':
        visit(t.subject);
        t.cases.forEach((c) => {
          if (c.guard) visit(c.guard);
          tests(c.body);
        });
        break;
      default:
    }
  };
  tests(s);
}

function lazyEnclosing(fn: IrFunction): (instr: Instr) => readonly Operand[] {
  let spans: { start: number; end: number; manager: Operand }[] | undefined;
  return (instr) => {
    if (!spans) {
      const found: { start: number; end: number; manager: Operand }[] = [];
      const visit = (s: Stmt): void => {
        switch (s.op) {
          case 'seq':
            s.items.forEach(visit);
            break;
          case 'if':
            visit(s.then);
            if (s.otherwise) visit(s.otherwise);
            break;
          case 'loop':
            visit(s.head);
            visit(s.body);
            if (s.otherwise) visit(s.otherwise);
            break;
          case 'try':
            visit(s.body);
            s.handlers.forEach((h) => visit(h.body));
            if (s.otherwise) visit(s.otherwise);
            if (s.final) visit(s.final);
            break;
          case 'with':
            found.push({ start: s.enter.end, end: s.end, manager: s.enter.manager });
            visit(s.body);
            break;
          case 'match':
            s.cases.forEach((c) => visit(c.body));
            break;
          default:
        }
      };
      visit(fn.body);
      spans = found;
    }
    const out: Operand[] = [];
    for (let i = spans.length - 1; i >= 0; i--) {
      const s = spans[i] as (typeof spans)[number];
      if (s.start <= instr.start && instr.end <= s.end) out.push(s.manager);
    }
    return out;
  };
}

/** The scope of a nested function or lambda, seen from the scope it is written in. */
export function nestedScope(scope: Scope, index: FunctionIndex): Scope {
  return inFunction(scope, scope.module.ir.functions[index] as IrFunction);
}

/** The scope of another function of the module, for the same class. */
export function inFunction(scope: Scope, fn: IrFunction): Scope {
  return fn === scope.fn ? scope : { module: scope.module, fn, cls: scope.cls, definedIn: scope.definedIn };
}

/** Facts of the scope's own function. */
export const facts = (scope: Scope): FunctionFacts => factsOf(scope.module, scope.fn);
