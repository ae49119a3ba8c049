/**
 * Does an override of a hook call the one it overrides, and what does that one do?
 *
 * A call is `super().setUp()`, `Base.setUp(self)`, or handing one of them on (`addCleanup(super().tearDown)`), in the method, in what is
 * nested in it, or in another method of the class. A hook does something if anything is left of it without documentation, `pass`, calls of
 * its own base, and raising. Invariant: a base that cannot be read does nothing, unless the configuration says what it does.
 */
import { compileGlob, testGlob } from '../config/globs.ts';
import type { FrameworkHooks } from '../config/model.ts';
import type { Handler, Instr, IrFunction, Operand, Stmt, Target } from '../ir/ir.ts';
import { forEachInside, operandsOf } from '../ir/operands.ts';
import { forEachStmt } from '../ir/statements.ts';
import { callBehind } from '../program/call-site.ts';
import type { ClassUnit, MethodRef } from '../program/classes.ts';
import { forEachInstr, instrsIn } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Values } from '../program/values.ts';

/** What an override leaves out: a method of the project, or the framework whose base class has one. */
export type Left = { readonly kind: 'method'; readonly ref: MethodRef } | { readonly kind: 'framework'; readonly base: string };

/** The methods that any framework calls around tests. */
export function hookNames(frameworks: readonly FrameworkHooks[]): ReadonlySet<string> {
  let names = allHooks.get(frameworks);
  if (!names)
    allHooks.set(
      frameworks,
      (names = new Set(frameworks.flatMap((f) => [...f.setup, ...f.teardown, ...f.classSetup, ...f.classTeardown, ...f.upcalls]))),
    );
  return names;
}

const allHooks = new WeakMap<readonly FrameworkHooks[], ReadonlySet<string>>();

const scopeOf = (ref: MethodRef, cls: ClassUnit): Scope => ({
  module: ref.module,
  fn: ref.module.ir.functions[ref.index] as IrFunction,
  cls,
  definedIn: ref.definedIn,
});

/** True where the class's methods call `hook` of a base. */
export function callsBase(ref: MethodRef, cls: ClassUnit, hook: string, values: Values): boolean {
  if (mentionsBase(scopeOf(ref, cls), hook, values)) return true;
  for (const index of ref.definedIn.members.values()) {
    const fn = ref.module.ir.functions[index];
    if (
      fn &&
      fn.kind === 'function' &&
      index !== ref.index &&
      fn.name !== hook &&
      calledFrom(ref, fn.name) &&
      mentionsBase({ ...scopeOf(ref, cls), fn }, hook, values)
    )
      return true;
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
    const at: Scope = { ...scope, fn: inner };
    let found = false;
    const look = (operand: Operand | Target): void => {
      if (found) return;
      if (operand.op === 'attr' && operand.name === hook && isBase(operand.of, at, values)) found = true;
      else forEachInside(operand, look);
    };
    for (const instr of instrsIn(inner.body)) {
      for (const operand of operandsOf(instr)) look(operand);
      if (found) return true;
    }
  }
  return false;
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
  return fn.decorators.some((d) => (d.op === 'attr' ? d.name === 'abstractmethod' : d.op === 'name' && d.name === 'abstractmethod'));
}

/** True where a base outside the program stands before the one through which the class has `from`: its hook does not call on. */
export function isBehindExternal(cls: ClassUnit, from: ClassUnit, values: Values): boolean {
  for (const b of cls.body.bases) {
    if (b.kind !== 'positional') continue;
    const base = values.classes.resolve(b.value, cls.module);
    if (typeof base === 'string') return true;
    if (base?.mro.includes(from)) return false;
  }
  return false;
}

/** Anything but documentation, calls of the base, and raising. */
export function doesSomething(scope: Scope, hook: string): boolean {
  return effects(scope, hook).length > 0;
}

function effects(scope: Scope, hook: string): readonly Instr[] {
  const out: Instr[] = [];
  forEachInstr(scope.fn.body, (i) => {
    if (
      i.op === 'evaluate' ||
      i.op === 'raise' ||
      i.op === 'import' ||
      (i.op === 'return' && (i.value === null || i.value.op === 'const' || i.value.op === 'temp'))
    )
      return;
    if (i.op === 'await') return;
    if (i.op === 'call') {
      const { callee } = i;
      if (callee.op === 'name' && (callee.name === 'super' || /Error$|Exception$|Skip/.test(callee.name))) return;
      if (
        callee.op === 'attr' &&
        (callee.name === hook || /^(skipTest|skip|fail)$/.test(callee.name) || /Error$|Exception$|SkipTest$/.test(callee.name))
      )
        return;
    }
    out.push(i);
  });
  return out;
}

/** True where the override does itself, its own way, all that the base's hook does: it sets what that sets, and looks after what that looks after. */
export function replaces(override: Scope, base: Scope, hook: string): boolean {
  const text = override.module.text.slice(override.fn.start, override.fn.end);
  const receiver = factsOf(base.module, base.fn).receiver?.name ?? 'self';
  const results = new Set<number>();
  const handlers = handlersOf(base.fn.body);
  // What a handler does that raises again changes nothing for tests that go on.
  const done = effects(base, hook).filter((i) => !handlers.some((h) => h.start <= i.start && i.end <= h.end));
  const local = (o: Operand): boolean =>
    o.op === 'name' ? o.scope === 'local' && o.name !== receiver : (o.op === 'attr' || o.op === 'index') && local(o.of);
  // `self.client.sock` belongs to `client`.
  const member = (o: Operand): string | undefined =>
    o.op !== 'attr' ? (o.op === 'index' ? member(o.of) : undefined) : o.of.op === 'name' && o.of.name === receiver ? o.name : member(o.of);
  const covered = (o: Operand): boolean => {
    const name = member(o);
    return name !== undefined && new RegExp(`\\.${name}\\b`).test(text);
  };
  for (const i of done) {
    if (i.op === 'assign') collectTemps(i.value, results);
    else if (i.op === 'call') for (const o of [i.callee, ...i.args.map((a) => a.value)]) collectTemps(o, results);
  }
  const says = (o: Operand): boolean => text.includes(base.module.text.slice(o.start, o.end));
  return done.every((i) => {
    if (i.op === 'assign')
      return (
        i.target.op === 'temp' ||
        i.target.op === 'name' ||
        i.target.op === 'targets' ||
        (i.target.op === 'attr' &&
          // What is set elsewhere is set its own way: the same object, or the same attribute of another one.
          (covered(i.target) ||
            local(i.target.of) ||
            (member(i.target) === undefined && says(i.target.of)) ||
            new RegExp(`\\.${i.target.name}\\s*=[^=]`).test(text)))
      );
    if (i.op === 'delete' || i.op === 'augment') return covered(i.target as Operand) || local(i.target as Operand);
    if (i.op !== 'call') return i.op === 'caught' || i.op === 'next' || i.op === 'define';
    if (results.has(i.result) || (i.callee.op === 'attr' && (covered(i.callee.of) || local(i.callee.of)))) return true;
    if (says(i.callee)) return true;
    return i.callee.op !== 'attr' && i.args.some((a) => local(a.value) || covered(a.value)); // `addSub(server)`: part of making it.
  });
}

/** Handlers that end by raising again. */
function handlersOf(stmt: Stmt): readonly Handler[] {
  const found: Handler[] = [];
  forEachStmt(stmt, (s) => {
    if (s.op === 'try') found.push(...s.handlers.filter((h) => raisesAgain(h.body)));
  });
  return found;
}

function raisesAgain(stmt: Stmt): boolean {
  const last = stmt.op === 'seq' ? stmt.items.at(-1) : stmt;
  return last?.op === 'raise' && last.instr.value === null;
}

/** True where the hook sets only what the class sets for each test anyway: its constructor, or the body of the class, gives the same names plain values. */
export function isMadeAnyway(base: Scope, hook: string, values: Values): boolean {
  const receiver = factsOf(base.module, base.fn).receiver;
  const done = effects(base, hook);
  return (
    done.length > 0 &&
    receiver?.isClass === false &&
    done.every(
      (i) =>
        i.op === 'assign' &&
        i.target.op === 'attr' &&
        i.target.of.op === 'name' &&
        i.target.of.name === receiver.name &&
        isPlain(i.value) &&
        base.cls !== undefined &&
        values
          .assignedTo(base.cls, i.target.name)
          .some(
            ({ scope, value }) =>
              (scope.fn.name === '__init__' || scope.fn.kind === 'class') && base.cls?.mro.includes(scope.definedIn ?? base.cls) && isPlain(value),
          ),
    )
  );
}

/** A constant, or an empty collection. */
const isPlain = (o: Operand): boolean =>
  o.op === 'const' ||
  ((o.op === 'list' || o.op === 'tuple' || o.op === 'set') && o.items.length === 0) ||
  (o.op === 'dict' && o.entries.length === 0);

function collectTemps(operand: Operand, into: Set<number>): void {
  if (operand.op === 'temp') into.add(operand.id);
  forEachInside(operand, (inner) => {
    if (inner.op !== 'targets') collectTemps(inner, into);
  });
}
