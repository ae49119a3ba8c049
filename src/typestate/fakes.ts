/**
 * Does a double stand where the resource would be made, so that nothing real is?
 *
 * A decorator or enclosing manager lays a stub over the very name that acquires (`@patch("builtins.open")`), or a hook of the class has
 * replaced it before the test: `patch("shop.socket").start()`, `smtplib.SMTP = FakeSMTP`. A kind says by which other names its library
 * reaches the outside (`faked-by: [smtplib.socket]`). Fixtures that end after the test do it, too. Whatever stands there and is real itself, a
 * wrapper or a subclass of the original, is no double.
 * Misses: doubles that a helper of the test puts there (samples/12-patches).
 */
import type { Patterns } from '../config/call-view.ts';
import { compileGlob, testGlob } from '../config/globs.ts';
import type { Argument, Instr, Operand } from '../ir/ir.ts';
import { CallSite, callBehind } from '../program/call-site.ts';
import type { ClassUnit } from '../program/classes.ts';
import { callsIn } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';
import { isInOwnFolder } from './own-folders.ts';
import type { Origin, Site } from './sites.ts';
import { type Stub, stubsOf } from './stubs.ts';

/** A setup is often cut into helpers; those of helpers set up other things. */
const MAX_HELPERS = 2;

/** `from test import mock_socket`: what is called so is made to stand for another. */
const SOUNDS_DOUBLE = /(^|\.)_?(mock|fake|stub|dummy)[^.]*$/i;

const memo = new WeakMap<Engine, WeakMap<ClassUnit, readonly Stub[]>>();

export function isFaked(site: Site, enclosing: readonly Operand[], engine: Engine): boolean {
  return isUnderPatch(site, enclosing, engine) || isReplacedBefore(site, engine);
}

function isUnderPatch({ scope, chain, tracked }: Site, enclosing: readonly Operand[], engine: Engine): boolean {
  const name = calleeName((chain[chain.length - 1] as Origin).instr);
  if (name === '') return false;
  const patterns = engine.patternsFor(scope);
  const decorators = [...scope.fn.decorators, ...(scope.cls?.body.decorators ?? [])];
  if (decorators.some((d) => d.op === 'described-call' && stubsName(d, name, scope, patterns, engine))) return true;
  return enclosing.some((m) => {
    const call = callBehind(m, scope);
    if (call === undefined) return false;
    if (stubsName(call, name, scope, patterns, engine) || stubsOf(scope, engine).some((s) => s.instr === call && isOfLibrary(s, tracked)))
      return true;
    return tracked.kind.fakedBy.length > 0 && isLaidInside(call, tracked, scope, engine);
  });
}

/** The manager is a generator of the project's own that lays the stub around its `yield`. */
function isLaidInside(call: Extract<Instr, { op: 'call' }>, tracked: Site['tracked'], scope: Scope, engine: Engine): boolean {
  const { callee } = engine.calls.info(call, scope);
  if (!callee || callee.kind === 'class') return false;
  const target = engine.values.scopeOf(callee);
  return target.fn.isGenerator && stubsOf(target, engine).some((s) => isOfLibrary(s, tracked));
}

/** What the kind's library works with: `subprocess.Popen._execute_child`. */
function isOfLibrary({ target }: Stub, { kind }: Site['tracked']): boolean {
  return target !== undefined && kind.fakedBy.some((g) => testGlob(compileGlob(g), target));
}

function stubsName(
  call: { readonly callee: Operand; readonly args: readonly Argument[] },
  name: string,
  scope: Scope,
  patterns: Patterns,
  engine: Engine,
): boolean {
  const names = call.args.flatMap((a) => (a.value.op === 'const' && typeof a.value.value === 'string' ? a.value.value : []));
  if (!names.some((n) => n === name || n.endsWith(`.${name}`))) return false;
  return patterns.stubs(new CallSite({ callee: call.callee, args: call.args, at: undefined }, scope, engine.values, patterns)).length > 0;
}

/** A hook of the class or a fixture put a double over what acquires, over what it is called by here, or over what its library works with. */
function isReplacedBefore({ scope, instr, chain, tracked }: Site, engine: Engine): boolean {
  const laid = engine.options.fixturesAround(scope).flatMap((f) => stubsOf(f, engine).filter((s) => s.replaces && s.lifetime !== 'with'));
  const stubs = scope.cls ? [...hookStubs(scope.cls, engine), ...laid] : laid;
  if (stubs.length === 0) return false;
  return stubs.some((stub) => {
    if (stub.scope.fn === scope.fn && stub.start > instr.start) return false;
    const { target } = stub;
    if (target === undefined) return false;
    if (isOfLibrary(stub, tracked)) return isOwnPlace(stub, engine) || isDouble(stub, target.slice(target.lastIndexOf('.') + 1), engine);
    return chain.some((link) => isCalledBy(target, link, engine)) && isDouble(stub, calleeName(chain[chain.length - 1]?.instr), engine);
  });
}

/** `socket.socket` for the call `socket.socket()`, and `shop.net.socket` for it in the module `shop.net`. */
function isCalledBy(target: string, { instr, scope }: Origin, engine: Engine): boolean {
  if (instr.op !== 'call') return false;
  const { callee } = instr;
  let root: Operand = callee;
  while (root.op === 'attr') root = root.of;
  const path = engine.values.canonical(callee, scope);
  if (path === undefined || root.op !== 'name') return false;
  const parts = `${scope.module.name}.${scope.module.text.slice(callee.start, callee.end)}`;
  return [path, parts].some((p) => p === target) || parts.startsWith(`${target}.`);
}

/** `tempfile.tempdir = self.folder`: what is made there goes with a folder of the test's own. */
function isOwnPlace({ instr, scope }: Stub, engine: Engine): boolean {
  return instr?.op === 'assign' && isInOwnFolder(instr.value, scope, engine);
}

/** What stands there holds nothing real itself. */
function isDouble(stub: Stub, name: string, engine: Engine): boolean {
  const { instr, scope, replacement } = stub;
  if (replacement) return !callsIn(replacement.fn.body).some((c) => calleeName(c).includes(name));
  if (instr?.op === 'call') return !instr.args.some((a) => a.kind === 'keyword' && a.name === 'wraps');
  const value = instr?.op === 'assign' ? engine.values.of(instr.value, scope) : undefined;
  if (value?.kind === 'class' || value?.kind === 'instance') return value.cls.externalBases.length === 0 && !value.cls.hasUnknownBase;
  if (value?.kind !== 'external') return value?.kind === 'module';
  return value.called ? /(^|\.)\w*Mock$/.test(value.path) : SOUNDS_DOUBLE.test(value.path);
}

/** What the hooks that run before each test of the class put in the place of something else, and leave there. */
function hookStubs(cls: ClassUnit, engine: Engine): readonly Stub[] {
  let byClass = memo.get(engine);
  if (!byClass) memo.set(engine, (byClass = new WeakMap()));
  const known = byClass.get(cls);
  if (known) return known;
  const hooks = new Set(engine.options.frameworks.flatMap((f) => [...f.setup, ...f.classSetup]));
  const out: Stub[] = [];
  const seen = new Set<Scope['fn']>();
  const collect = (scope: Scope, depth: number): void => {
    if (seen.has(scope.fn)) return;
    seen.add(scope.fn);
    out.push(...stubsOf(scope, engine).filter((s) => s.replaces && s.lifetime !== 'with'));
    if (depth === MAX_HELPERS) return;
    for (const call of callsIn(scope.fn.body)) {
      const { callee } = engine.calls.info(call, scope);
      if (callee?.kind === 'method' && callee.cls === cls) collect(engine.values.scopeOf(callee), depth + 1);
    }
  };
  for (const c of cls.mro)
    for (const [name, index] of c.module.members.get(c.body.index) ?? [])
      if (hooks.has(name)) collect({ module: c.module, fn: c.module.ir.functions[index] as Scope['fn'], cls, definedIn: c }, 0);
  byClass.set(cls, out);
  return out;
}

function calleeName(instr: Instr | undefined): string {
  const callee = instr?.op === 'call' ? instr.callee : undefined;
  return callee && (callee.op === 'name' || callee.op === 'attr') ? callee.name : '';
}
