/**
 * What are the tests of a module, and which functions run around each of them?
 *
 * The collection rules of unittest and pytest: test classes by base (known from the configuration, through the hierarchy), classes
 * named Test… under pytest, functions named test…; a class with test methods and a base that cannot be found is taken for a test class.
 * Mixins are looked at in each concrete subclass. What the framework calls before and after is in `Hooks`.
 */

import { GlobTable } from '../config/glob-table.ts';
import { compileGlob, testGlob } from '../config/globs.ts';
import type { FrameworkHooks } from '../config/model.ts';
import type { IrFunction, Operand } from '../ir/ir.ts';
import type { ClassUnit } from '../program/classes.ts';
import type { ModuleUnit } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import type { Values } from '../program/values.ts';
import { decoratorText } from './marks.ts';

export interface TestRef {
  readonly scope: Scope;
  /** `TestX.test_a`, in the concrete class. */
  readonly name: string;
}

/** The tests that share one set of hooks: those of a class, or the functions of a module. */
export interface TestGroup {
  readonly module: ModuleUnit;
  readonly cls: ClassUnit | undefined;
  readonly framework: FrameworkHooks | undefined;
  readonly tests: readonly TestRef[];
  readonly moduleSetup: readonly Scope[];
  readonly classSetup: readonly Scope[];
  readonly setup: readonly Scope[];
  readonly teardown: readonly Scope[];
  readonly classTeardown: readonly Scope[];
  readonly moduleTeardown: readonly Scope[];
}

export interface Fixture {
  readonly scope: Scope;
  readonly name: string;
  readonly fixtureScope: string;
  readonly isAutouse: boolean;
}

/** True for functions that pytest runs as fixtures. */
export function isFixture(fn: IrFunction): boolean {
  if (fn.decorators.length === 0) return false;
  return fn.decorators.some((d) => isNamedFixture(d) && decoratorText(d) !== '');
}

/** Its last name is so, of whatever: asked first, because decorators are asked about often. */
function isNamedFixture(decorator: Operand): boolean {
  const of = decorator.op === 'described-call' ? decorator.callee : decorator;
  return (of.op === 'name' || of.op === 'attr') && (of.name === 'fixture' || of.name === 'yield_fixture');
}

/** A method that frameworks run before each test, of a class that is no test class itself: what the test class cleans up is not known here. */
export function isHookOfMixin({ module, fn, cls }: Scope, frameworks: readonly FrameworkHooks[]): boolean {
  const parent = fn.parent === null ? undefined : module.ir.functions[fn.parent];
  if (parent?.kind !== 'class' || !cls || cls.hasUnknownBase || frameworkOf(cls, frameworks) !== undefined) return false;
  return frameworks.some((f) => f.setup.includes(fn.name) || f.classSetup.includes(fn.name));
}

/** True for generators used by `with`. */
export function isContextManager(fn: IrFunction): boolean {
  return fn.isGenerator && fn.decorators.some((d) => /contextmanager$/.test(decoratorText(d)));
}

const fixtureFunctionCache = new WeakMap<ModuleUnit, readonly IrFunction[]>();

/** The functions of a module that are fixtures. */
export function fixtureFunctions(module: ModuleUnit): readonly IrFunction[] {
  let known = fixtureFunctionCache.get(module);
  if (!known) fixtureFunctionCache.set(module, (known = module.ir.functions.filter((fn) => fn.kind === 'function' && isFixture(fn))));
  return known;
}

const fixtureCache = new WeakMap<ModuleUnit, readonly Fixture[]>();

/** Fixtures declared in a module or class body. */
export function fixturesOf(module: ModuleUnit, values: Values): readonly Fixture[] {
  const known = fixtureCache.get(module);
  if (known) return known;
  const out: Fixture[] = [];
  for (const fn of fixtureFunctions(module)) {
    const parent = fn.parent === null ? undefined : module.ir.functions[fn.parent];
    const cls = parent?.kind === 'class' ? values.classes.get(module, parent.index) : undefined;
    out.push(fixtureOf({ module, fn, cls, definedIn: cls }));
  }
  fixtureCache.set(module, out);
  return out;
}

/** What the decorator says of a fixture. */
export function fixtureOf(scope: Scope): Fixture {
  let name = scope.fn.name;
  let fixtureScope = 'function';
  let isAutouse = false;
  for (const d of scope.fn.decorators) {
    if (d.op !== 'described-call' || !/fixture$/.test(decoratorText(d))) continue;
    for (const a of d.args) {
      if (a.kind !== 'keyword' || a.value.op !== 'const') continue;
      if (a.name === 'name') name = String(a.value.value);
      if (a.name === 'scope') fixtureScope = String(a.value.value);
      if (a.name === 'autouse') isAutouse = a.value.value === true;
    }
  }
  return { scope, name, fixtureScope, isAutouse };
}

/** The test groups of a module: one for each test class, one for its functions. */
export function testGroups(module: ModuleUnit, values: Values, frameworks: readonly FrameworkHooks[]): readonly TestGroup[] {
  const out: TestGroup[] = [];
  const plain = frameworks.find((f) => f.bases.length === 0);
  const classes: ClassUnit[] = [];
  for (const fn of module.ir.functions) if (fn.kind === 'class') classes.push(values.classes.get(module, fn.index));
  // What a test case of the module mixes in is written for it: its tests are looked at there, whatever pytest makes of its name.
  const mixedIn = new Set(classes.filter((c) => frameworkOf(c, frameworks)).flatMap((c) => c.mro.map((base) => base.body)));
  for (const cls of classes) {
    if (mixedIn.has(cls.body) && !frameworkOf(cls, frameworks)) continue;
    const group = classGroup(cls, values, frameworks, plain);
    if (group) out.push(group);
  }
  const functions: TestRef[] = [];
  for (const [name, index] of module.topLevel) {
    const fn = module.ir.functions[index] as IrFunction;
    if (fn.kind === 'function' && isTestName(name, plain) && !isFixture(fn))
      functions.push({ scope: { module, fn, cls: undefined, definedIn: undefined }, name });
  }
  if (functions.length > 0) {
    const hooks = moduleHooks(module, plain);
    const around = (names: readonly string[]): readonly Scope[] => names.flatMap((n) => functionScope(module, n));
    out.push({
      module,
      cls: undefined,
      framework: plain,
      tests: functions,
      ...hooks,
      classSetup: [],
      classTeardown: [],
      setup: around(plain?.setup ?? []),
      teardown: around(plain?.teardown ?? []),
    });
  }
  return out;
}

function functionScope(module: ModuleUnit, name: string): readonly Scope[] {
  const index = module.topLevel.get(name);
  const fn = index === undefined ? undefined : module.ir.functions[index];
  return fn?.kind === 'function' ? [{ module, fn, cls: undefined, definedIn: undefined }] : [];
}

function moduleHooks(module: ModuleUnit, hooks: FrameworkHooks | undefined): { moduleSetup: readonly Scope[]; moduleTeardown: readonly Scope[] } {
  return {
    moduleSetup: (hooks?.moduleSetup ?? []).flatMap((n) => functionScope(module, n)),
    moduleTeardown: (hooks?.moduleTeardown ?? []).flatMap((n) => functionScope(module, n)),
  };
}

const TEST_METHODS: readonly string[] = ['test*'];

function isTestName(name: string, hooks: FrameworkHooks | undefined): boolean {
  for (const g of hooks && hooks.testMethods.length > 0 ? hooks.testMethods : TEST_METHODS) if (testGlob(compileGlob(g), name)) return true;
  return false;
}

/** By class body: hundreds of subclasses ask for those of their common base. */
const testMembers = new WeakMap<IrFunction, { readonly hooks: FrameworkHooks | undefined; readonly found: readonly (readonly [string, number])[] }>();

/** The members of the class itself that the framework's tests are named like. */
function namedTests({ body, members }: ClassUnit, hooks: FrameworkHooks | undefined): readonly (readonly [string, number])[] {
  const known = testMembers.get(body);
  if (known?.hooks === hooks && known !== undefined) return known.found;
  const found: [string, number][] = [];
  for (const [name, index] of members) if (isTestName(name, hooks)) found.push([name, index]);
  testMembers.set(body, { hooks, found });
  return found;
}

function isTestClassName(name: string, hooks: FrameworkHooks | undefined): boolean {
  return (hooks?.testClasses ?? ['Test*']).some((g) => testGlob(compileGlob(g), name));
}

interface FrameworkMemo {
  readonly byClass: WeakMap<ClassUnit, FrameworkHooks | null>;
  readonly byBase: GlobTable<FrameworkHooks>;
}

const frameworkMemos = new WeakMap<readonly FrameworkHooks[], FrameworkMemo>();

/** The framework whose base class the class has: that of the nearest base; of two that know it, the one listed first. */
export function frameworkOf(cls: ClassUnit, frameworks: readonly FrameworkHooks[]): FrameworkHooks | undefined {
  let memo = frameworkMemos.get(frameworks);
  if (!memo) frameworkMemos.set(frameworks, (memo = { byClass: new WeakMap(), byBase: new GlobTable(frameworks, (f) => f.bases) }));
  let known = memo.byClass.get(cls);
  if (known === undefined) memo.byClass.set(cls, (known = nearestFramework(cls, memo.byBase) ?? null));
  return known ?? undefined;
}

function nearestFramework(cls: ClassUnit, byBase: GlobTable<FrameworkHooks>): FrameworkHooks | undefined {
  // A mixin or a client has no base at all: that it stands among the framework's test classes makes it none.
  const hasBase = cls.externalBases.length > 0 || cls.hasUnknownBase;
  for (const c of cls.mro) {
    const found = byBase.first(c.canonical);
    if (found && (hasBase || found.bases.some((base) => !base.includes('**') && testGlob(compileGlob(base), c.canonical)))) return found;
  }
  for (const base of cls.externalBases) {
    const found = byBase.first(base);
    if (found) return found;
  }
  return undefined;
}

function classGroup(cls: ClassUnit, values: Values, frameworks: readonly FrameworkHooks[], plain: FrameworkHooks | undefined): TestGroup | undefined {
  const known = frameworkOf(cls, frameworks);
  const unittestLike = known ?? (cls.externalBases.length > 0 || cls.hasUnknownBase ? frameworks.find((f) => f.framework === 'unittest') : undefined);
  const byName = isTestClassName(cls.name, plain) && !values.classes.method(cls, '__init__');
  if (!unittestLike && !byName) return undefined;
  const framework = unittestLike ?? plain;
  const tests: TestRef[] = [];
  // Tests inherited from a class that is a test class itself are looked at there; those of mixins are looked at here.
  const isOwned = (c: ClassUnit): boolean => c === cls || !(frameworkOf(c, frameworks) ?? (isTestClassName(c.name, plain) && !known));
  const owned = cls.mro.map(isOwned);
  const lastOwned = owned.lastIndexOf(true);
  const seen = lastOwned === 0 ? undefined : new Set<string>(); // A class by itself has each name once.
  for (let place = 0; place <= lastOwned; place++) {
    const c = cls.mro[place] as ClassUnit;
    const isOwn = owned[place];
    for (const [name, index] of namedTests(c, framework)) {
      if (seen?.has(name)) continue;
      seen?.add(name);
      const fn = c.module.ir.functions[index] as IrFunction;
      if (fn.kind !== 'function' || !isOwn || isFixture(fn)) continue;
      tests.push({ scope: { module: c.module, fn, cls, definedIn: c }, name: `${cls.body.qualifiedName}.${name}` });
    }
  }
  if (tests.length === 0 && !known) return undefined;
  const methods = (names: readonly string[]): readonly Scope[] => {
    const found: Scope[] = [];
    for (const name of names) {
      const ref = values.classes.method(cls, name);
      if (ref) found.push({ module: ref.module, fn: ref.module.ir.functions[ref.index] as IrFunction, cls, definedIn: ref.definedIn });
    }
    return found;
  };
  const { classSetup, setup, teardown, classTeardown } = hookNames(framework, plain);
  return {
    module: cls.module,
    cls,
    framework,
    tests,
    ...moduleHooks(cls.module, framework),
    classSetup: methods(classSetup),
    setup: methods(setup),
    teardown: methods(teardown),
    classTeardown: methods(classTeardown),
  };
}

type HookNames = Pick<FrameworkHooks, 'classSetup' | 'setup' | 'teardown' | 'classTeardown'>;

const hookNameCache = new WeakMap<FrameworkHooks, { readonly plain: FrameworkHooks | undefined; readonly names: HookNames }>();
const NO_HOOKS: HookNames = { classSetup: [], setup: [], teardown: [], classTeardown: [] };

/** What a framework runs around a class's tests, and what pytest, which runs them too, does: the same for all of its classes. */
function hookNames(framework: FrameworkHooks | undefined, plain: FrameworkHooks | undefined): HookNames {
  if (!framework) return NO_HOOKS;
  const known = hookNameCache.get(framework);
  if (known && known.plain === plain) return known.names;
  const of = (kind: keyof HookNames): readonly string[] => [...new Set([...framework[kind], ...(plain?.[kind] ?? [])])];
  const names: HookNames = { classSetup: of('classSetup'), setup: of('setup'), teardown: of('teardown'), classTeardown: of('classTeardown') };
  hookNameCache.set(framework, { plain, names });
  return names;
}
