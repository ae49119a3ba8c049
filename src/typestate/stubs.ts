/**
 * What does a function put in the place of real code, and which function is it that stands there?
 *
 * A stub is installed by a call that the configuration names (`patch`, `stub_out`, `monkeypatch.setattr`), by a decorator, by setting the
 * `side_effect` of a mock, or by assigning to an attribute of an imported module or class. Each installation has the target's dotted
 * name where it can be told, and the project function that replaces it where there is one.
 * Leaves out: replacements that are made by calls other than mocks and partials.
 */
import type { Patterns } from '../config/call-view.ts';
import type { HandlePath, StubPattern } from '../config/model.ts';
import { asksForNamesOnly, indexPatterns } from '../config/pattern-index.ts';
import type { Argument, Instr, Operand } from '../ir/ir.ts';
import { argumentOf, callBehind, calledName, constantOf } from '../program/call-site.ts';
import { dottedOf } from '../program/classes.ts';
import { callsAndStoresIn, type ModuleUnit } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { byPatterns } from './by-patterns.ts';
import type { Engine } from './engine.ts';

export interface Stub {
  /** Where it is installed: in this function, by this instruction (undefined for decorators). */
  readonly scope: Scope;
  readonly instr: Instr | undefined;
  /** Where the finding stands. */
  readonly start: number;
  readonly end: number;
  readonly how: 'call' | 'decorator' | 'assignment' | 'side-effect';
  /** `os.path.exists`; undefined where it cannot be told. */
  readonly target: string | undefined;
  /** The function that runs in place of the original. */
  readonly replacement: Scope | undefined;
  /** The whole attribute is replaced, not items of it (`patch.dict`, `setitem`). */
  readonly replaces: boolean;
  /** Undone by itself: by the end of a with, by a fixture, by the test case. */
  readonly lifetime: 'with' | 'decorator' | 'start-stop' | 'fixture' | 'test' | 'forever';
}

/** Last segments of attributes and keywords that make a function stand for the original. */
const REPLACING = new Set(['new', 'side_effect', 'wraps', 'new_callable']);

/** All stubs that the function installs, in source order; those of its decorators first. */
export function stubsOf(scope: Scope, engine: Engine): readonly Stub[] {
  const { body, memo } = scope.fn;
  const known = memo?.stubs as readonly Stub[] | undefined;
  if (known) return known;
  const out: Stub[] = [];
  if (memo) memo.stubs = out;
  for (const d of scope.fn.decorators) {
    if (d.op !== 'described-call') continue;
    const stub = ofCall(d.callee, d.args, undefined, scope, engine);
    if (stub) out.push({ ...stub, how: 'decorator', lifetime: 'decorator', start: d.start, end: d.end });
  }
  const patterns = engine.patternsFor(scope);
  for (const instr of callsAndStoresIn(body)) {
    if (instr.op === 'call') {
      if (instr.args.length === 0 || !mayInstall(instr.callee, scope.module, patterns)) continue;
      const stub = ofCall(instr.callee, instr.args, instr, scope, engine);
      if (stub) out.push(stub);
    } else if (instr.op === 'assign' && instr.target.op === 'attr') {
      const { target } = instr;
      if (target.name === 'side_effect') {
        const replacement = replacementOf(instr.value, scope, engine);
        if (replacement)
          out.push({
            scope,
            instr,
            start: instr.start,
            end: instr.end,
            how: 'side-effect',
            target: undefined,
            replacement,
            replaces: false,
            lifetime: 'test',
          });
        continue;
      }
      const path = sharedAttribute(target, scope, engine);
      if (path !== undefined)
        out.push({
          scope,
          instr,
          start: instr.start,
          end: instr.end,
          how: 'assignment',
          target: path,
          replacement: replacementOf(instr.value, scope, engine),
          replaces: true,
          lifetime: 'forever',
        });
    }
  }
  return out;
}

/** Cheap question about a callee's written name: may a call of it install a stub? `false` is certain. */
export function mayInstall(callee: Operand, module: ModuleUnit, patterns: Patterns): boolean {
  if ((callee.op !== 'attr' && callee.op !== 'name') || callee.name === '') return false;
  const names = stubNames(patterns);
  if (names === null || names.has(callee.name)) return true;
  return callee.op === 'name' && names.has(module.imports.get(callee.name)?.name ?? '');
}

/** Every word that a stub pattern is written with: a call with another name is no stub. Null where a pattern is open (`stub_*`). */
const stubNames = byPatterns((patterns): ReadonlySet<string> | null => {
  const sources = patterns.packs.flatMap((p) => p.stubs).map((p) => p.call ?? p.method ?? p.expression ?? '*');
  const open = sources.some((s) => /\w\*|\*\w|(^|[^*])\*$/.test(s));
  return open ? null : new Set(sources.flatMap((s) => s.match(/\w+/g) ?? []));
});

function ofCall(callee: Operand, args: readonly Argument[], instr: Instr | undefined, scope: Scope, engine: Engine): Stub | undefined {
  const pattern = patternOf(callee, args, instr, scope, engine);
  if (!pattern) return undefined;
  const at = (path: HandlePath | null): Operand | undefined =>
    path?.position.at === 'argument' ? argumentOf(args, path.position.index, path.position.name) : undefined;
  const target = at(pattern.target);
  const attribute = at(pattern.attribute);
  let replacement: Scope | undefined;
  for (const r of pattern.replacement) {
    const operand = at(r);
    replacement = operand && replacementOf(operand, scope, engine);
    if (replacement) break;
  }
  for (const a of args) if (a.kind === 'keyword' && REPLACING.has(a.name)) replacement ??= replacementOf(a.value, scope, engine);
  const name = calledName(callee, engine.values.canonical(callee, scope));
  const replaces = (pattern.attribute !== null || pattern.replacement.length > 0) && !/^(dict|multiple)$/.test(name);
  const start = instr?.start ?? callee.start;
  return {
    scope,
    instr,
    start,
    end: instr?.end ?? callee.end,
    how: 'call',
    target: targetName(target, attribute, scope, engine),
    replacement,
    replaces,
    lifetime: pattern.lifetime,
  };
}

/** The pattern that knows the call as one that installs a stub. */
function patternOf(callee: Operand, args: readonly Argument[], instr: Instr | undefined, scope: Scope, engine: Engine): StubPattern | undefined {
  const chain = isWrittenAlike(callee) ? engine.calls.chains.of(callee, scope) : undefined;
  if (chain && chain.stub !== null) return chain.stub;
  const { view } = instr?.op === 'call' ? engine.calls.info(instr, scope) : engine.calls.describe(callee, args, undefined, scope);
  const patterns = engine.patternsFor(scope);
  const pattern = patterns.stubs(view)[0]?.pattern;
  // Patterns that go by the path come first, whatever others say that go by the method.
  const isByPath = pattern?.call !== undefined;
  if (chain && !particular(patterns).mayFind(view.importPath, isByPath ? '' : view.method)) chain.stub = pattern;
  return pattern;
}

/** Whoever means the same thing writes it with the same names: it stands behind a global name, or behind `self` and not another name for that. */
function isWrittenAlike(callee: Operand): boolean {
  if (callee.op === 'attr') return isWrittenAlike(callee.of);
  return callee.op === 'name' && (callee.scope === 'global' || callee.name === 'self');
}

/** The patterns of stubs that ask for more than names. */
const particular = byPatterns(({ packs }) => indexPatterns(packs.flatMap((p) => p.stubs).filter((p) => !asksForNamesOnly(p))));

function targetName(target: Operand | undefined, attribute: Operand | undefined, scope: Scope, engine: Engine): string | undefined {
  if (!target) return undefined;
  const constant = constantOf(target, scope);
  if (typeof constant === 'string') return constant;
  const name = attribute && constantOf(attribute, scope);
  if (typeof name !== 'string') return undefined;
  const path = engine.values.canonical(target, scope);
  if (path !== undefined) return `${path}.${name}`;
  const dotted = dottedOf(target);
  return dotted === undefined ? undefined : `<${dotted}>.${name}`;
}

/** The project function that an operand stands for: itself, as a mock's side effect, or inside a partial. */
export function replacementOf(operand: Operand, scope: Scope, engine: Engine, depth = 0): Scope | undefined {
  if (depth > 3) return undefined; // A mock of a partial of a function is as deep as tests go.
  const value = engine.values.of(operand, scope);
  if (value?.kind === 'function' || value?.kind === 'nested' || value?.kind === 'method') return engine.values.scopeOf(value);
  const call = callBehind(operand, scope);
  if (!call) return undefined;
  for (const a of call.args) {
    if (a.kind === 'keyword' && (a.name === 'side_effect' || a.name === 'wraps')) return replacementOf(a.value, scope, engine, depth + 1);
  }
  const partial = engine.calls.info(call, scope).indirection;
  const first = partial?.pattern.deferred ? call.args[0] : undefined;
  return first ? replacementOf(first.value, scope, engine, depth + 1) : undefined;
}

/** `module.attr` or `Class.attr` of something imported: a place that outlives the test. Undefined for everything else. */
export function sharedAttribute(target: Extract<Operand, { op: 'attr' }>, scope: Scope, engine: Engine): string | undefined {
  let base: Operand = target.of;
  while (base.op === 'attr') base = base.of;
  if (base.op !== 'name') return undefined;
  if (!isImported(base.name, scope)) return undefined;
  const written = engine.values.canonical(target.of, scope) ?? importedInside(target.of, base, scope);
  return written === undefined ? undefined : `${written}.${target.name}`;
}

/** `import a.b` and `import a.c` in one function bind the same name: what it stands for is written out. */
function importedInside(of: Operand, base: Extract<Operand, { op: 'name' }>, scope: Scope): string | undefined {
  if (base.scope !== 'local' || scope.module.imports.get(base.name)?.name !== null) return undefined;
  const defs = factsOf(scope.module, scope.fn).names.get(base.name) ?? [];
  return defs.length > 0 && defs.every((d) => d.instr?.op === 'import') ? dottedOf(of) : undefined;
}

function isImported(name: string, scope: Scope): boolean {
  return scope.module.imports.has(name);
}
