/**
 * Does a double stand where the resource would be made, so that nothing real is?
 *
 * A decorator or enclosing manager lays a stub over the very name that acquires (`@patch("builtins.open")`), or a hook of the class, a fixture or
 * the test has replaced it before: `patch("shop.socket").start()`, `smtplib.SMTP = FakeSMTP`, `monkeypatch.setattr(socket, "socket", Fake)`. A kind
 * says by which other names its library reaches the outside (`faked-by: [smtplib.socket]`). Whatever stands there and is real itself, a wrapper or a
 * subclass of the original, is no double. Misses: doubles that helpers of the test's helpers put there (samples/12-patches).
 */
import type { Patterns } from '../config/call-view.ts';
import { compileGlob, testGlob } from '../config/globs.ts';
import type { Argument, Instr, Operand } from '../ir/ir.ts';
import { CallSite, callBehind, constantOf } from '../program/call-site.ts';
import type { ClassUnit } from '../program/classes.ts';
import { callsIn } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';
import { doublesAt } from './laid-doubles.ts';
import { isInOwnFolder } from './own-folders.ts';
import type { Origin, Site } from './sites.ts';
import { type Stub, stubsOf } from './stubs.ts';

/** A setup is often cut into helpers; those of helpers set up other things. */
const MAX_HELPERS = 2;

/** `from test import mock_socket`: what is called so is made to stand for another. */
const SOUNDS_DOUBLE = /(^|\.)_?(mock|fake|stub|dummy)[^.]*$/i;

/** Methods in which a double of a client does nothing real. */
const CONNECTS = ['connect', '__init__', 'open'];

const memo = new WeakMap<Engine, Map<ClassUnit, readonly Stub[]>>();

export function isFaked(site: Site, enclosing: readonly Operand[], engine: Engine): boolean {
  return isUnderPatch(site, enclosing, engine) || isReplacedBefore(site, engine);
}

function isUnderPatch({ scope, chain, tracked }: Site, enclosing: readonly Operand[], engine: Engine): boolean {
  const name = calleeName((chain[chain.length - 1] as Origin).instr);
  if (name === '') return false;
  const patterns = engine.patternsFor(scope);
  const decorators = [...scope.fn.decorators, ...(scope.cls?.body.decorators ?? [])];
  const { fakedBy } = tracked.kind;
  const isMeant = (text: string): boolean => text === name || text.endsWith(`.${name}`);
  const isMeantOrLibrary = (text: string): boolean => isMeant(text) || fakedBy.some((g) => testGlob(compileGlob(g), text));
  if (decorators.some((d) => d.op === 'described-call' && stubsName(d, isMeantOrLibrary, scope, patterns, engine))) return true;
  return enclosing.some((m) => {
    const call = callBehind(m, scope);
    if (call === undefined) return false;
    if (stubsName(call, isMeant, scope, patterns, engine) || stubsOf(scope, engine).some((s) => s.instr === call && isOfLibrary(s, tracked)))
      return true;
    return fakedBy.length > 0 && isLaidInside(call, tracked, scope, engine);
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
  isMeant: (name: string) => boolean,
  scope: Scope,
  patterns: Patterns,
  engine: Engine,
): boolean {
  if (!call.args.some((a) => a.value.op === 'const' && typeof a.value.value === 'string' && isMeant(a.value.value))) return false;
  return patterns.stubs(new CallSite({ callee: call.callee, args: call.args, at: undefined }, scope, engine.values, patterns)).length > 0;
}

/** A hook, a fixture or the test put a double over what acquires, over what it is called by here, or over what its library works with. */
function isReplacedBefore({ scope, instr, chain, tracked }: Site, engine: Engine): boolean {
  const ofHooks = scope.cls ? hookStubs(scope.cls, engine) : [];
  const stubs = [...ofHooks.filter((s) => s.scope.fn !== scope.fn || s.start <= instr.start), ...doublesAt(instr, scope, engine)];
  const name = calleeName(chain[chain.length - 1]?.instr);
  return stubs.some((stub) => {
    const { target } = stub;
    if (target === undefined) return isNamedLike(stub, name, scope) && isDouble(stub, name, engine);
    if (isOfLibrary(stub, tracked)) return isOwnPlace(stub, engine) || isDouble(stub, target.slice(target.lastIndexOf('.') + 1), engine);
    return chain.some((link) => isCalledBy(target, tracked.pattern.startedBy, link, engine)) && isDouble(stub, name, engine);
  });
}

/** `mocker.patch.object(backend(), "open_process")` and then `open_process()`: of an object that nobody knows, and by the same name. */
function isNamedLike({ instr }: Stub, name: string, scope: Scope): boolean {
  return name.includes('_') && instr?.op === 'call' && instr.args.some((a) => constantOf(a.value, scope) === name);
}

/**
 * `socket.socket` for the call `socket.socket()`, and `shop.net.socket` for it in the module `shop.net`; `shop.net.socket.socket`, by which the
 * product reaches it; `threading.Thread.start`, with which it would begin.
 */
function isCalledBy(target: string, startedBy: readonly string[], { instr, scope }: Origin, engine: Engine): boolean {
  if (instr.op !== 'call') return false;
  const { callee } = instr;
  let root: Operand = callee;
  while (root.op === 'attr') root = root.of;
  const path = engine.values.canonical(callee, scope);
  if (path === undefined || root.op !== 'name') return false;
  const parts = `${scope.module.name}.${scope.module.text.slice(callee.start, callee.end)}`;
  if ([path, parts, `builtins.${path}`].some((p) => p === target) || parts.startsWith(`${target}.`)) return true;
  return (path.includes('.') && target.endsWith(`.${path}`)) || startedBy.some((m) => `${path}.${m}` === target);
}

/** `tempfile.tempdir = self.folder`: what is made there goes with a folder of the test's own. */
function isOwnPlace({ instr, scope }: Stub, engine: Engine): boolean {
  return instr?.op === 'assign' && isInOwnFolder(instr.value, scope, engine);
}

/** What stands there holds nothing real itself. */
function isDouble(stub: Stub, name: string, engine: Engine): boolean {
  const { instr, replacement } = stub;
  if (replacement) return !callsIn(replacement.fn.body).some((c) => calleeName(c).includes(name) || isOriginal(c.callee, stub, replacement, engine));
  if (instr?.op === 'call')
    return calleeName(instr) !== 'spy' && instr.args.slice(1).every((a) => a.name !== 'wraps' && holdsNothing(a.value, stub, engine) !== false);
  return instr?.op === 'assign' && holdsNothing(instr.value, stub, engine) === true;
}

/** Undefined where it cannot be told. */
function holdsNothing(operand: Operand, stub: Stub, engine: Engine): boolean | undefined {
  const value = engine.values.of(operand, stub.scope);
  if (value?.kind === 'class' || value?.kind === 'instance') {
    // `class FakeConnection(http.client.HTTPConnection):` says what its own `connect` makes of it.
    if (SOUNDS_DOUBLE.test(value.cls.body.name) && CONNECTS.some((m) => value.cls.members.has(m))) return true;
    return value.cls.externalBases.length === 0 && !value.cls.hasUnknownBase;
  }
  if (value?.kind === 'module') return true;
  if (value?.kind === 'external' && (value.called ? /(^|\.)\w*Mock$/ : SOUNDS_DOUBLE).test(value.path)) return true;
  const args = callBehind(operand, stub.scope)?.args ?? [];
  return isOriginal(operand, stub, stub.scope, engine) || args.some((a) => isOriginal(a.value, stub, stub.scope, engine)) ? false : undefined;
}

/** `original = socket.socket`, which is what was there before. */
const isOriginal = (operand: Operand, { target }: Stub, scope: Scope, engine: Engine): boolean =>
  target !== undefined && engine.values.canonical(operand, scope) === target;

/** What the hooks that run before each test of the class put in the place of something else, and leave there. */
function hookStubs(cls: ClassUnit, engine: Engine): readonly Stub[] {
  let byClass = memo.get(engine);
  if (!byClass) memo.set(engine, (byClass = new Map()));
  const known = byClass.get(cls);
  if (known) return known;
  const out: Stub[] = [];
  const seen = new Set<Scope['fn']>();
  const collect = (scope: Scope, depth: number): void => {
    if (seen.has(scope.fn)) return;
    seen.add(scope.fn);
    out.push(...stubsOf(scope, engine).filter((s) => s.replaces && s.lifetime !== 'with'));
    if (depth === MAX_HELPERS) return;
    for (const call of callsIn(scope.fn.body)) {
      const callee = engine.calls.callee(call, scope);
      if (callee?.kind === 'method' && callee.cls === cls) collect(engine.values.scopeOf(callee), depth + 1);
    }
  };
  for (const c of cls.mro) for (const fn of engine.hooksOf(c)) collect({ module: c.module, fn, cls, definedIn: c }, 0);
  byClass.set(cls, out);
  return out;
}

function calleeName(instr: Instr | undefined): string {
  const callee = instr?.op === 'call' ? instr.callee : undefined;
  return callee && (callee.op === 'name' || callee.op === 'attr') ? callee.name : '';
}
