/**
 * Does an override of a hook call the one it overrides, and what does that one do?
 *
 * A call is `super().setUp()`, `Base.setUp(self)`, or handing one of them on (`addCleanup(super().tearDown)`), in the method, in what is
 * nested in it, or in another method of the class. A hook does something if anything is left of it without documentation, `pass`, calls of
 * its own base, and raising. Invariant: a base that cannot be read does nothing, unless the configuration says what it does.
 */
import { compileGlob, testGlob } from '../config/globs.ts';
import type { FrameworkHooks } from '../config/model.ts';
import type { Instr, IrFunction, Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import type { ClassUnit, MethodRef } from '../program/classes.ts';
import { forEachInstr } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Values } from '../program/values.ts';

/** What an override leaves out: a method of the project, or the framework whose base class has one. */
export type Left = { readonly kind: 'method'; readonly ref: MethodRef } | { readonly kind: 'framework'; readonly base: string };

/** The methods that any framework calls around tests. */
export function hookNames(frameworks: readonly FrameworkHooks[]): ReadonlySet<string> {
  return new Set(frameworks.flatMap((f) => [...f.setup, ...f.teardown, ...f.classSetup, ...f.classTeardown, ...f.upcalls]));
}

const scopeOf = (ref: MethodRef, cls: ClassUnit): Scope => ({ module: ref.module, fn: ref.module.ir.functions[ref.index] as IrFunction, cls, definedIn: ref.definedIn });

/** True where the class's methods call `hook` of a base. */
export function callsBase(ref: MethodRef, cls: ClassUnit, hook: string, values: Values): boolean {
  if (mentionsBase(scopeOf(ref, cls), hook, values)) return true;
  for (const index of ref.module.members.get(ref.definedIn.body.index)?.values() ?? []) {
    const fn = ref.module.ir.functions[index];
    if (fn && fn.kind === 'function' && index !== ref.index && fn.name !== hook && calledFrom(ref, fn.name) && mentionsBase({ ...scopeOf(ref, cls), fn }, hook, values)) return true;
  }
  return false;
}

function calledFrom(ref: MethodRef, name: string): boolean {
  const fn = ref.module.ir.functions[ref.index] as IrFunction;
  return ref.module.text.slice(fn.start, fn.end).includes(`.${name}`);
}

function mentionsBase(scope: Scope, hook: string, values: Values): boolean {
  const { module, fn } = scope;
  const text = module.text.slice(fn.start, fn.end);
  if (!text.includes(`.${hook}`) && !/getattr\s*\(\s*super/.test(text)) return false;
  if (/getattr\s*\(\s*super/.test(text)) return true;
  for (const inner of module.ir.functions) {
    if (inner.start < fn.start || inner.end > fn.end || inner.kind === 'class' || inner.kind === 'module') continue;
    let found = false;
    const at: Scope = { ...scope, fn: inner };
    forEachInstr(inner.body, (instr) => {
      if (!found) forEachAttr(instr, (a) => { if (a.name === hook && isBase(a.of, at, values)) found = true; });
    });
    if (found) return true;
  }
  return false;
}

function forEachAttr(value: unknown, visit: (a: Extract<Operand, { op: 'attr' }>) => void): void {
  if (value === null || typeof value !== 'object') return;
  const operand = value as Operand;
  if (operand.op === 'attr') visit(operand);
  for (const inner of Object.values(operand)) if (typeof inner === 'object') forEachAttr(inner, visit);
}

/** `super()`, `super(C, self)`, or the name of a class. */
function isBase(operand: Operand, scope: Scope, values: Values): boolean {
  const call = callBehind(operand, scope);
  if (call) return call.callee.op === 'name' && call.callee.name === 'super';
  if (operand.op === 'index') return true; // `self.__class__.__bases__[0].setUp`
  if (factsOf(scope.module, scope.fn).receiver?.name === (operand.op === 'name' ? operand.name : undefined)) return false;
  if (operand.op !== 'name' && operand.op !== 'attr') return false;
  const value = values.of(operand, scope);
  if (value?.kind === 'class') return true;
  return value?.kind === 'external' && !value.called && /^[A-Z]/.test(operand.name);
}

/** What of `hook` after `after` in the order of the class would do something; undefined where nothing does. */
export function leftOut(cls: ClassUnit, hook: string, after: ClassUnit, frameworks: readonly FrameworkHooks[], values: Values): Left | undefined {
  let from = after;
  for (;;) {
    const ref = values.classes.method(cls, hook, from);
    if (!ref) {
      const base = frameworkBase(cls, hook, frameworks);
      return base === undefined ? undefined : { kind: 'framework', base };
    }
    const scope = scopeOf(ref, cls);
    if (isAbstract(scope.fn)) return undefined;
    if (doesSomething(scope, hook)) return { kind: 'method', ref };
    if (!callsBase(ref, cls, hook, values)) return undefined;
    from = ref.definedIn;
  }
}

/** The framework's base class that has the hook, of those outside the program. */
function frameworkBase(cls: ClassUnit, hook: string, frameworks: readonly FrameworkHooks[]): string | undefined {
  for (const f of frameworks) {
    if (!f.upcalls.includes(hook)) continue;
    for (const glob of f.bases.map((b) => compileGlob(b))) {
      const found = cls.externalBases.find((b) => testGlob(glob, b));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function isAbstract(fn: IrFunction): boolean {
  return fn.decorators.some((d) => d.op === 'attr' ? d.name === 'abstractmethod' : d.op === 'name' && d.name === 'abstractmethod');
}

/** Anything but documentation, calls of the base, and raising. */
export function doesSomething(scope: Scope, hook: string): boolean {
  return effects(scope, hook).length > 0;
}

function effects(scope: Scope, hook: string): readonly Instr[] {
  const out: Instr[] = [];
  forEachInstr(scope.fn.body, (i) => {
    if (i.op === 'evaluate' || i.op === 'raise' || i.op === 'import' || (i.op === 'return' && (i.value === null || i.value.op === 'const' || i.value.op === 'temp'))) return;
    if (i.op === 'await') return;
    if (i.op === 'call') {
      const { callee } = i;
      if (callee.op === 'name' && (callee.name === 'super' || /Error$|Exception$|Skip/.test(callee.name))) return;
      if (callee.op === 'attr' && (callee.name === hook || /^(skipTest|skip|fail)$/.test(callee.name) || /Error$|Exception$|SkipTest$/.test(callee.name))) return;
    }
    out.push(i);
  });
  return out;
}

/** True where the base's hook only sets attributes, and the override sets each of them itself: it replaces on purpose. */
export function replaces(override: Scope, base: Scope, hook: string): boolean {
  const wanted = attributes(base, hook);
  if (wanted === undefined) return false;
  const own = new Set<string>();
  forEachInstr(override.fn.body, (i) => {
    if (i.op === 'assign' && i.target.op === 'attr') own.add(i.target.name);
  });
  return [...wanted].every((name) => own.has(name));
}

/** The attributes of the receiver that are all that the hook sets; undefined where it does more. */
function attributes(scope: Scope, hook: string): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const i of effects(scope, hook)) {
    if (i.op === 'call') continue; // What is called to make the values.
    if (i.op !== 'assign') return undefined;
    if (i.target.op === 'attr' && i.target.of.op === 'name') names.add(i.target.name);
    else if (i.target.op !== 'name' && i.target.op !== 'temp') return undefined;
  }
  const calls = effects(scope, hook).filter((i) => i.op === 'call');
  const assigned = new Set(effects(scope, hook).flatMap((i) => (i.op === 'assign' && i.value.op === 'temp' ? [i.value.id] : [])));
  return calls.every((c) => c.op === 'call' && assigned.has(c.result)) ? names : undefined;
}
