/**
 * Who gives an attribute of a module or class its old value back?
 *
 * A restoring instruction assigns a saved value (one that was read from the attribute before, or is called so), a literal as the last word,
 * deletes the attribute, or reloads the module. Outside the function itself, a teardown, a registered cleanup or a patch that mentions the
 * attribute is taken to restore it. Misses: teardowns that mention it and do something else (samples/12-patches).
 */
import type { Instr, Operand } from '../../ir/ir.ts';
import { argumentOf, constantOf } from '../../program/call-site.ts';
import { factsOf, type Scope } from '../../program/scope.ts';
import { methodScope } from '../../program/values.ts';
import { sharedAttribute, stubsOf } from '../../typestate/stubs.ts';
import type { RuleContext } from '../define.ts';
import { functionScopes } from '../scopes.ts';
import { instrsOf } from './statements.ts';

const SAVED = /orig|old|save|real|backup|prev|before|previous|true_|_?bak$|initial|default/i;
const MANAGES = /swap|restor|preserv|save|patch|isolat|overrid|temp|stub|replace|monkey|captur|env|context/i;
const UNDOES =
  /^(_?tear_?down\w*|_?clean_?up\w*|_?restore\w*|_?reset\w*|_?undo\w*|__exit__|after_?\w*|_?unpatch\w*|_?remove_?\w*|asyncTearDown|doCleanups|_?revert\w*|_?unset\w*|stop\w*|finali[sz]e\w*)$/i;

/** Teardowns and functions that say that they undo something. */
export const isUndoing = (name: string): boolean => UNDOES.test(name) || /^_?(clear|purge|flush)/.test(name);

/** A later assertion says that the attribute has its saved value again: the code under test put it back. */
export function isComparedWithSaved(target: string, after: Instr, instrs: readonly Instr[], scope: Scope, context: RuleContext): boolean {
  const isTarget = (o: Operand): boolean => o.op === 'attr' && context.engine.values.canonical(o, scope) === target;
  return instrs.some((i) => {
    if (i.start < after.end) return false;
    const compared =
      i.op === 'call'
        ? i.args.map((a) => a.value)
        : i.op === 'assert' && i.test.op === 'compare'
          ? [i.test.left, ...i.test.rest.map((r) => r.value)]
          : [];
    return compared.some(isTarget) && compared.some((o) => !isTarget(o) && o.op !== 'const' && isSaved(o, target, scope, context));
  });
}

/** The dotted name of the attribute that an instruction assigns, deletes or sets by name; undefined for others. */
export function assignedAttribute(instr: Instr, scope: Scope, context: RuleContext): string | undefined {
  if ((instr.op === 'assign' || instr.op === 'delete') && instr.target.op === 'attr') return sharedAttribute(instr.target, scope, context.engine);
  if (instr.op === 'call' && instr.callee.op === 'name' && /^(setattr|delattr)$/.test(instr.callee.name)) {
    const object = argumentOf(instr.args, 0, null);
    const name = argumentOf(instr.args, 1, null);
    const path = object && context.engine.values.canonical(object, scope);
    const text = name && constantOf(name, scope);
    return path !== undefined && typeof text === 'string' ? `${path}.${text}` : undefined;
  }
  return undefined;
}

/** True where the instruction gives `target` its old value back. `last` is the last assignment to it in the function. */
export function restores(instr: Instr, target: string, last: Instr | undefined, scope: Scope, context: RuleContext): boolean {
  if (instr.op === 'call') {
    const name = instr.callee.op === 'attr' || instr.callee.op === 'name' ? instr.callee.name : '';
    if (name === 'reload') return true;
    if (name === 'delattr') return assignedAttribute(instr, scope, context) === target;
    if (name === 'setattr') {
      const value = argumentOf(instr.args, 2, null);
      return assignedAttribute(instr, scope, context) === target && value !== undefined && isSaved(value, target, scope, context);
    }
    if (UNDOES.test(name)) return true;
    const callee = context.engine.calls.info(instr, scope).callee;
    return callee !== undefined && callee.kind !== 'class' && UNDOES.test(name);
  }
  if (assignedAttribute(instr, scope, context) !== target) return false;
  if (instr.op === 'delete') return true;
  return instr.op === 'assign' && (isSaved(instr.value, target, scope, context) || (instr === last && isLiteral(instr.value)));
}

/** A removal of the attribute: what is put back with it had no original. */
export function removes(instr: Instr): boolean {
  return instr.op === 'delete' || (instr.op === 'call' && instr.callee.op === 'name' && instr.callee.name === 'delattr');
}

/** `del sys.last_traceback` before it is set, here or in a setup: whatever stood there is nobody's any more. */
export function removedBefore(target: string, instr: Instr, instrs: readonly Instr[], scope: Scope, context: RuleContext): boolean {
  const isGone = (i: Instr, at: Scope): boolean => removes(i) && assignedAttribute(i, at, context) === target;
  if (instrs.some((i) => i.end <= instr.start && isGone(i, scope))) return true;
  const groups = context.groups.filter((g) => g.cls?.mro.some((c) => c.body === scope.cls?.body));
  return groups.some((g) => g.setup.some((s) => s.fn !== scope.fn && instrsOf(s.fn.body).some((i) => isGone(i, s))));
}

function isLiteral(value: Operand): boolean {
  if (value.op === 'const') return true;
  return ((value.op === 'list' || value.op === 'tuple') && value.items.length === 0) || (value.op === 'dict' && value.entries.length === 0);
}

/** The value was read from the attribute before, in this function, its class or its module; or its name says so. */
export function isSaved(value: Operand, target: string, scope: Scope, context: RuleContext): boolean {
  const { values } = context.engine;
  if (value.op === 'name' || value.op === 'attr') {
    if (SAVED.test(value.name)) return true;
    if (value.op === 'attr' && value.name === '__wrapped__') return true; // What a decorator has kept.
    if (values.canonical(value, scope) === target) return true;
    if (value.op === 'name') {
      const fn = value.scope === 'global' ? scope.module.ir.functions[0] : scope.module.ir.functions[value.owner];
      const defs = fn ? (factsOf(scope.module, fn).names.get(value.name) ?? []) : [];
      if (defs.some((d) => d.kind === 'value' && values.canonical(d.value, scope) === target)) return true;
      // `a, b = module.a, module.b` and a tuple that is taken apart later hold the saved values too.
      if (defs.some((d) => d.kind === 'other' && d.instr?.op === 'assign')) return true;
      // A parameter or an element of something that was put together before.
      return defs.some((d) => d.kind === 'other' && (d.instr === null || d.instr.op === 'next'));
    }
    if (scope.cls) return values.assignedTo(scope.cls, value.name).some((a) => values.canonical(a.value, a.scope) === target);
  }
  if (value.op === 'index') return true; // Saved in a container.
  if (value.op === 'temp') {
    const def = factsOf(scope.module, scope.fn).temps[value.id];
    if (def?.kind === 'result' && def.instr.op === 'call') {
      const name = def.instr.callee.op === 'attr' || def.instr.callee.op === 'name' ? def.instr.callee.name : '';
      return /^(getattr|pop|copy|deepcopy|reload|import_module|import_fresh_module)$/.test(name) || SAVED.test(name);
    }
  }
  return false;
}

/** `module.real = module.name` before `module.name = fake`: the one place keeps what the other is to get back. */
export function keepsOriginal(kept: Extract<Instr, { op: 'assign' }>, instrs: readonly Instr[], scope: Scope, context: RuleContext): boolean {
  const from = kept.value.op === 'attr' ? sharedAttribute(kept.value, scope, context.engine) : undefined;
  return from !== undefined && instrs.some((i) => i.op === 'assign' && i.start > kept.start && assignedAttribute(i, scope, context) === from);
}

/** Somebody besides the function's own statements undoes it: a patch of the same attribute, a manager, a registered cleanup, a teardown. */
export function undoneElsewhere(target: string, instr: Instr, scope: Scope, context: RuleContext): boolean {
  const { engine } = context;
  const attribute = target.slice(target.lastIndexOf('.') + 1);
  const word = attribute.replace(/\W/g, '');
  const mention = new RegExp(`\\.${word}\\s*(,[^\\n=]*)?=(?!=)|['"]${word}['"]|\\.${word}['"]|\\bdel [^\\n]*\\.${word}\\b`);
  const names = (text: string): boolean => mention.test(text);
  const source = (s: Scope): string => s.module.text.slice(s.fn.start, s.fn.end);
  for (const manager of factsOf(scope.module, scope.fn).enclosing(instr)) {
    const call = manager.op === 'temp' ? factsOf(scope.module, scope.fn).temps[manager.id] : undefined;
    const at = call?.kind === 'result' ? call.instr : manager;
    const text = scope.module.text.slice(at.start, at.end);
    if (names(text) || MANAGES.test(text)) return true;
    // The project's own manager, whatever it is called, that assigns the attribute itself.
    if (at.op === 'call' && leavesWith(at, scope, context).some((s) => names(source(s)))) return true;
  }
  // Handed to something that is not known to register: `register(test, setattr, tempfile, "tempdir", tempfile.tempdir)`.
  if (
    instrsOf(scope.fn.body).some((i) => i.op === 'call' && i.args.some((a) => isSetattr(a.value)) && names(scope.module.text.slice(i.start, i.end)))
  )
    return true;
  // A helper whose callers patch the same attribute themselves.
  if (
    !/^(test|(asyncSetUp|setUp|setUpClass|setUpModule|setUpTestData|setup(_\w+)?)$)/.test(scope.fn.name) &&
    functionScopes(context).some((s) => stubsOf(s, engine).some((x) => x.how !== 'assignment' && x.target === target))
  )
    return true;
  const decorators = [...scope.fn.decorators, ...(scope.cls?.mro.flatMap((c) => c.body.decorators) ?? [])];
  if (decorators.some((d) => MANAGES.test(scope.module.text.slice(d.start, d.end)))) return true;
  const groups = context.groups.filter((g) =>
    g.cls ? scope.cls?.mro.some((c) => c.body === g.cls?.body) || g.cls.mro.some((c) => c.body === scope.definedIn?.body) : scope.cls === undefined,
  );
  const around = groups.flatMap((g) => [...g.setup, ...g.classSetup, ...g.moduleSetup]);
  // A setup that names it as text enters a manager that swaps it, or registers its restore.
  if (around.some((s) => new RegExp(`['"]([\\w.]+\\.)?${word}['"]`).test(source(s)))) return true;
  for (const s of [scope, ...around]) {
    if (stubsOf(s, engine).some((stub) => stub.how !== 'assignment' && stub.target === target)) return true;
    for (const r of engine.registrations.list(s)) {
      const text = s.module.text.slice(r.instr.start, r.instr.end);
      if (names(text) || /reload|undo|restore|reset|unpatch/i.test(text)) return true;
      for (const c of r.callables) {
        const value = engine.values.of(c.callee, c.scope);
        if ((value?.kind === 'function' || value?.kind === 'nested' || value?.kind === 'method') && names(source(engine.values.scopeOf(value))))
          return true;
      }
    }
  }
  const undoing = [
    ...groups.flatMap((g) => [...g.teardown, ...g.classTeardown]),
    ...context.groups.flatMap((g) => g.moduleTeardown),
    ...methodsThatUndo(scope),
  ];
  if (!scope.fn.name.startsWith('test') && putBackByAnother(target, scope, context)) return true;
  if (undoing.some((s) => names(source(s)) || /\breload\(|setattr\(|undo|__dict__/.test(source(s)) || callsRestorer(s, context, names))) return true;
  return context.fixtures.some((f) => f.scope.fn !== scope.fn && names(source(f.scope)));
}

const isSetattr = (o: Operand): boolean => o.op === 'name' && o.name === 'setattr';

/** What runs at the end of a with statement over the call's result: the generator itself, or the class's `__exit__`. */
function leavesWith(call: Extract<Instr, { op: 'call' }>, scope: Scope, { engine }: RuleContext): readonly Scope[] {
  const callee = engine.calls.info(call, scope).callee;
  if (callee?.kind !== 'class') return callee ? [engine.values.scopeOf(callee)] : [];
  const exit = engine.values.classes.method(callee.cls, '__exit__');
  return exit ? [methodScope(exit, callee.cls)] : [];
}

/** Another function of the module assigns the saved value: a helper that replaces has one that puts back, and callers call both. */
function putBackByAnother(target: string, scope: Scope, context: RuleContext): boolean {
  return functionScopes(context).some(
    (s) =>
      s.fn !== scope.fn &&
      !s.fn.name.startsWith('test') &&
      instrsOf(s.fn.body).some(
        (i) => i.op === 'assign' && i.target.op === 'attr' && assignedAttribute(i, s, context) === target && isSaved(i.value, target, s, context),
      ),
  );
}

function callsRestorer(s: Scope, context: RuleContext, names: (text: string) => boolean): boolean {
  return instrsOf(s.fn.body).some((i) => {
    const callee = i.op === 'call' ? context.engine.calls.info(i, s).callee : undefined;
    if (!callee || callee.kind === 'class') return false;
    const of = context.engine.values.scopeOf(callee);
    return names(of.module.text.slice(of.fn.start, of.fn.end));
  });
}

function methodsThatUndo(scope: Scope): readonly Scope[] {
  const out: Scope[] = [];
  for (const c of scope.cls?.mro ?? []) {
    for (const [name, index] of c.members) {
      const fn = c.module.ir.functions[index];
      if (fn?.kind === 'function' && UNDOES.test(name)) out.push({ module: c.module, fn, cls: scope.cls, definedIn: c });
    }
  }
  return out;
}
