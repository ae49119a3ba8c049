/**
 * The analysis of one root: program, patterns of each file, engine; and the results of one module at a time.
 *
 * Which packs are on is decided file by file from its imports and bases, so a file's results do not depend on which others are analysed.
 */
import { positionAt } from '../base/lines.ts';
import type { Patterns } from '../config/call-view.ts';
import { GlobTable } from '../config/glob-table.ts';
import { compileGlob, testGlob } from '../config/globs.ts';
import type { ManagedScope, Pack } from '../config/model.ts';
import { compilePatterns } from '../config/patterns.ts';
import { selectPacks } from '../config/select.ts';
import type { Settings } from '../config/settings.ts';
import type { Operand } from '../ir/ir.ts';
import { callBehind, managerNames } from '../program/call-site.ts';
import { Classes, type ClassUnit, dottedOf, namesOfBases } from '../program/classes.ts';
import { forEachInstr, type ModuleUnit } from '../program/module.ts';
import { Program } from '../program/program.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { Values } from '../program/values.ts';
import type { Report, Rule, RuleContext } from '../rules/define.ts';
import { Around } from '../suite/around.ts';
import { callersNearby } from '../suite/callers-nearby.ts';
import { fixturesOf, isContextManager, isFixture, type TestGroup, testGroups } from '../suite/discover.ts';
import { markedNames } from '../suite/fixture-graph.ts';
import { FixtureValues } from '../suite/fixture-values.ts';
import { operandAt } from '../typestate/call-transfer.ts';
import { isLeakExpected } from '../typestate/dropped-on-purpose.ts';
import { Engine } from '../typestate/engine.ts';
import { isFaked } from '../typestate/fakes.ts';
import { isPutBack } from '../typestate/kept-state.ts';
import { Obligations } from '../typestate/obligations.ts';
import { stateEvents } from '../typestate/process-state.ts';
import type { ObligationReport } from '../typestate/report.ts';
import { type Site, Sites } from '../typestate/sites.ts';
import type { FileHost } from './host.ts';
import { occurrencesOf } from './occurrences.ts';

export interface ModuleResult {
  readonly module: ModuleUnit;
  readonly groups: readonly TestGroup[];
  readonly obligations: readonly ObligationReport[];
  readonly reports: readonly { readonly rule: Rule; readonly report: Report }[];
  /** How many sites each rule looked at, by rule id; those that looked at none left out. */
  readonly sites: Readonly<Record<string, number>>;
}

/** Helpers of a setup are followed this deep for the managers that they enter; deeper ones were not seen. */
const MAX_ENTERING_HELPERS = 3;
/** Stands before a kind of process state among the names of managers that are entered: one of the project's own puts it back. */
const RESTORES = 'restores ';
const OWN_MANAGER: ManagedScope = {
  bases: [],
  decorators: [],
  managers: [],
  fixtures: [],
  imports: [],
  calls: [],
  kinds: [],
  except: [],
  because: 'a manager that is entered puts it back when it is left',
};

export class Session {
  readonly host: FileHost;
  readonly program: Program;
  readonly values: Values;
  readonly engine: Engine;
  readonly packs: readonly Pack[];
  readonly #patterns = new WeakMap<ModuleUnit, Patterns>();
  /** The module asked about last, and its patterns: most questions are about one module after another. */
  #patternsFor: ModuleUnit | undefined;
  #lastPatterns: Patterns | undefined;
  readonly #compiled = new Map<string, Patterns>();
  readonly #enteredBy = new Map<number, readonly string[]>();
  readonly #requestedBy = new Map<number, readonly string[]>();
  readonly #enteredByHooks = new Map<ClassUnit, readonly string[]>();
  readonly #managed = new Map<string, readonly ManagedScope[]>();
  /** What takes care of things, by each of the names that it may bear. */
  readonly #managing: Readonly<Record<'bases' | 'decorators' | 'managers' | 'fixtures' | 'imports', GlobTable<ManagedScope>>>;
  readonly #managedImports = new WeakMap<ModuleUnit, ReadonlySet<ManagedScope>>();
  readonly #managedBases = new Map<ClassUnit, ReadonlySet<ManagedScope>>();
  readonly #states: ReadonlySet<string>;
  readonly #around: Around;
  readonly sites: Sites;
  readonly #obligations: Obligations;

  constructor(host: FileHost, packs: readonly Pack[], runner: Settings['runner'] = 'auto') {
    this.host = host;
    this.packs = packs;
    this.#states = new Set(packs.flatMap((p) => p.state).map((s) => s.kind));
    const frameworks = packs.flatMap((p) => p.frameworks);
    const opaque = new Set(
      frameworks
        .flatMap((f) => f.bases)
        .filter((b) => !b.includes('*'))
        .map((b) => (b.split('{')[0] as string).replace(/\.[^.]*$/, ''))
        .filter((m) => m !== ''),
    );
    this.program = new Program(host, [...opaque, 'unittest']);
    const declared = new Map(packs.flatMap((p) => p.declaredBases).map((d) => [d.name, d.bases]));
    this.values = new Values(this.program, new Classes(this.program, declared));
    const fixtures = new FixtureValues(this.program, this.values);
    this.values.parameter = (name, scope, depth) => fixtures.value(name, scope, depth);
    const known = frameworks.flatMap((f) => f.knownMethods).map((g) => compileGlob(g));
    const managed = packs.flatMap((p) => p.managed);
    this.#managing = {
      bases: new GlobTable(managed, (m) => m.bases),
      decorators: new GlobTable(managed, (m) => m.decorators),
      managers: new GlobTable(managed, (m) => m.managers),
      fixtures: new GlobTable(managed, (m) => m.fixtures),
      imports: new GlobTable(managed, (m) => m.imports),
    };
    const frameworkBases = new GlobTable(frameworks, (f) => f.bases);
    const isKnownBase = (name: string): boolean => name === 'object' || frameworkBases.of(name).size > 0 || this.#managing.bases.of(name).size > 0;
    const asked = new Set<string>();
    collectAskedFor(packs, asked);
    const askedFor = new GlobTable([...asked], (glob) => [glob]);
    const patternsFor = ({ module }: Scope): Patterns => (module === this.#patternsFor ? (this.#lastPatterns as Patterns) : this.patternsOf(module));
    this.engine = new Engine(this.values, patternsFor, {
      frameworks,
      runner,
      isKnownMethod: (name) => known.some((g) => testGlob(g, name)),
      isKnownBase,
      asked: (name) => askedFor.of(name),
      isManagedGenerator: (scope) => isContextManager(scope.fn) || isFixture(scope.fn),
      fixturesAround: (scope) => this.#around.fixtures(scope).map((f) => f.scope),
      isEntry: (scope) => isFixture(scope.fn) || (scope.fn.kind === 'function' && scope.fn.name.startsWith('test')),
    });
    this.#around = new Around({ program: this.program, values: this.values, fixtures }, (scope) => this.engine.scopeKey(scope));
    this.engine.calls.yieldRaises = (scope) => isContextManager(scope.fn);
    const isManaged = (kind: string, scope: Scope): boolean => this.#isManaged(kind, scope);
    this.sites = new Sites(this.engine, isManaged, (site) => this.#isIntended(site));
    this.#obligations = new Obligations(this.engine, this.sites, isManaged, (site) => this.#isIntended(site));
  }

  /** The patterns that are on for a module. */
  patternsOf(module: ModuleUnit): Patterns {
    const patterns = this.#patterns.get(module) ?? this.#choosePatterns(module);
    this.#patternsFor = module;
    this.#lastPatterns = patterns;
    return patterns;
  }

  #choosePatterns(module: ModuleUnit): Patterns {
    const on = selectPacks(this.packs, occurrencesOf(this.program, module));
    const key = on.map((p) => p.id).join(' ');
    let known = this.#compiled.get(key);
    if (!known) this.#compiled.set(key, (known = compilePatterns(on)));
    this.#patterns.set(module, known);
    return known;
  }

  /** The scopes of all packs that take care of the kind. */
  #managedScopes(kind: string): readonly ManagedScope[] {
    let scopes = this.#managed.get(kind);
    if (!scopes) {
      scopes = this.packs
        .flatMap((p) => p.managed)
        .filter((m) => m.kinds.some((k) => testGlob(compileGlob(k, ''), kind)) && !m.except.some((k) => testGlob(compileGlob(k, ''), kind)));
      this.#managed.set(kind, scopes);
    }
    return scopes;
  }

  /**
   * The base class, decorator or enclosing manager that takes care of all resources of the kind; undefined where nobody does. A helper is under the
   * decorator that each of its callers in the module has.
   */
  managedBy(kind: string, scope: Scope): ManagedScope | undefined {
    const scopes = this.#managedScopes(kind);
    if (scopes.length === 0 && !this.#states.has(kind)) return undefined;
    const own = this.#managedHere(kind, scopes, scope);
    if (own || scope.fn.kind !== 'function' || !scopes.some((m) => m.decorators.length > 0)) return own;
    const [first, ...others] = callersNearby(scope, this.values).map((s) => this.#managedHere(kind, scopes, s));
    return first && others.every((m) => m !== undefined) ? first : undefined;
  }

  /** The same where it does not matter who: what bases and imports say is known without a look at what the function enters. */
  #isManaged(kind: string, scope: Scope): boolean {
    const { cls, module } = scope;
    for (const m of this.#managedScopes(kind)) {
      if (cls !== undefined && m.bases.length > 0 && this.#ofBases(cls).has(m)) return true;
      if (m.imports.length > 0 && this.#ofImports(module).has(m)) return true;
    }
    return this.managedBy(kind, scope) !== undefined;
  }

  #managedHere(kind: string, scopes: readonly ManagedScope[], scope: Scope): ManagedScope | undefined {
    const { cls, module } = scope;
    const { decorators, managers, fixtures } = this.#managing;
    let entered: readonly string[] | undefined;
    let byDecorators: ReadonlySet<ManagedScope> | undefined;
    let byEntered: ReadonlySet<ManagedScope> | undefined;
    let byOpen: ReadonlySet<ManagedScope> | undefined;
    let byFixtures: ReadonlySet<ManagedScope> | undefined;
    const enteredHere = (): readonly string[] => (entered ??= this.#entered(scope));
    if (this.#states.has(kind) && enteredHere().includes(RESTORES + kind)) return OWN_MANAGER;
    return scopes.find(
      (m) =>
        (cls !== undefined && m.bases.length > 0 && this.#ofBases(cls).has(m)) ||
        (m.decorators.length > 0 && (byDecorators ??= decorators.ofAny(this.#decoratorNames(scope))).has(m)) ||
        (m.managers.length > 0 && (byEntered ??= managers.ofAny(enteredHere())).has(m)) ||
        (m.managers.length > 0 && (byOpen ??= managers.ofAny(this.#openAround(scope))).has(m)) ||
        (m.fixtures.length > 0 && (byFixtures ??= fixtures.ofAny(this.#requested(scope))).has(m)) ||
        (m.imports.length > 0 && this.#ofImports(module).has(m)),
    );
  }

  /** Names of the fixtures that the scope's function asks for, by a parameter or a mark, and those that these ask for. */
  #requested(scope: Scope): readonly string[] {
    const key = this.engine.scopeKey(scope);
    let known = this.#requestedBy.get(key);
    if (!known) {
      const parameters = [scope.fn, ...this.#around.fixtures(scope).map((f) => f.scope.fn)].flatMap((f) => f.params.map((p) => p.name));
      // Marks are applied to tests, and fixtures of the module may be set up before what its marks ask for.
      this.#requestedBy.set(key, (known = isFixture(scope.fn) ? parameters : [...parameters, ...markedNames(scope)]));
    }
    return known;
  }

  /** What the module's imports take care of. */
  #ofImports(module: ModuleUnit): ReadonlySet<ManagedScope> {
    let known = this.#managedImports.get(module);
    if (!known) this.#managedImports.set(module, (known = this.#managing.imports.ofAny([...occurrencesOf(this.program, module).imports])));
    return known;
  }

  /** What the class's bases, or the class itself, take care of. */
  #ofBases(cls: ClassUnit): ReadonlySet<ManagedScope> {
    let known = this.#managedBases.get(cls);
    if (!known) this.#managedBases.set(cls, (known = this.#managing.bases.ofAny(namesOfBases(cls))));
    return known;
  }

  /** Canonical names of the decorators of the scope's function and of its class. */
  #decoratorNames({ cls, fn, module }: Scope): readonly string[] {
    const outside: Scope = { module, fn: module.ir.functions[0] as Scope['fn'], cls: undefined, definedIn: undefined };
    return [...fn.decorators, ...(cls?.mro.flatMap((c) => c.body.decorators) ?? [])].map((d) => {
      const named = d.op === 'described-call' ? d.callee : d;
      return this.values.canonical(named, outside) ?? dottedOf(named) ?? '';
    });
  }

  /** Canonical names of the managers that the scope's function, or a hook of its class, enters until the end of the test (`useFixture(Config())`). */
  #entered(scope: Scope): readonly string[] {
    const of = (s: Scope, depth = 0): readonly string[] => {
      const key = this.engine.scopeKey(s);
      const known = this.#enteredBy.get(key);
      if (known) return known;
      const names: string[] = [];
      // What was cut at the depth is not kept: the answer must not depend on who asked first.
      if (depth === 0) this.#enteredBy.set(key, names);
      forEachInstr(s.fn.body, (i) => {
        if (i.op !== 'call') return;
        const { calls } = this.engine;
        const manager = calls.mayRegister(i, s) ? calls.info(i, s).registration?.pattern.manager : undefined;
        const operand = manager && operandAt(manager, i.args, undefined);
        if (operand) names.push(...managerNames(operand, s, this.values), ...this.#classNames(operand, s), ...this.#restoredBy(operand, s));
        else if (i.callee.op === 'attr' && i.callee.name === 'start') names.push(...this.#startedPatch(i.callee.of, s));
        // A setup is often cut into helpers: `self.mock_config()`.
        else if (depth < MAX_ENTERING_HELPERS) {
          const callee = calls.callee(i, s);
          if (callee?.kind === 'method') names.push(...of(this.values.scopeOf(callee), depth + 1));
        }
      });
      return names;
    };
    const { cls } = scope;
    if (!cls) return of(scope);
    let byHooks = this.#enteredByHooks.get(cls);
    if (!byHooks) {
      byHooks = cls.mro.flatMap((c) => this.engine.hooksOf(c).flatMap((fn) => of({ module: c.module, fn, cls, definedIn: c })));
      this.#enteredByHooks.set(cls, byHooks);
    }
    return [...of(scope), ...byHooks];
  }

  /** Canonical names of the managers that fixtures around the scope's function hold open. */
  #openAround(scope: Scope): readonly string[] {
    return this.#around.managers(scope).flatMap((m) => [...managerNames(m.manager, m.scope, this.values), ...this.#classNames(m.manager, m.scope)]);
  }

  /** The class of a manager and all its bases: a project's own fixture takes care of what the one it extends does. */
  #classNames(manager: Operand, scope: Scope): readonly string[] {
    const value = this.values.of(manager, scope);
    return value?.kind === 'instance' ? namesOfBases(value.cls) : [];
  }

  /** The same for a manager that is left as the one that it extends: with an `__exit__` of its own it may do anything. */
  #leavingNames(manager: Operand, scope: Scope): readonly string[] {
    const value = this.values.of(manager, scope);
    return value?.kind === 'instance' && !this.values.classes.method(value.cls, '__exit__') ? namesOfBases(value.cls) : [];
  }

  /**
   * `self.env = mock.patch.dict(os.environ)`, then `self.env.start()`: a patch of what something holds gives back all of it, one of an attribute
   * that attribute. Whether it is stopped is said of the patch itself.
   */
  #startedPatch(patch: Operand, scope: Scope): readonly string[] {
    const kept = patch.op === 'attr' && scope.cls ? this.values.assignedTo(scope.cls, patch.name) : [];
    const made =
      kept.length === 1 && kept[0]
        ? { call: callBehind(kept[0].value, kept[0].scope), at: kept[0].scope }
        : { call: callBehind(patch, scope), at: scope };
    if (!made.call) return [];
    const stubs = this.patternsOf(made.at.module).stubs(this.engine.calls.info(made.call, made.at).view);
    return stubs.some((s) => s.pattern.replacement.length === 0) ? managerNames(made.call.callee, made.at, this.values) : [];
  }

  /** The kinds of process state that a manager of the project's own puts back when it is left: what follows its `yield`, and the managers in it. */
  #restoredBy(manager: Operand, scope: Scope, depth = 0): readonly string[] {
    const call = callBehind(manager, scope);
    const callee = call && this.engine.calls.info(call, scope).callee;
    if (!callee || callee.kind === 'class' || depth > MAX_ENTERING_HELPERS) return [];
    const target = this.values.scopeOf(callee);
    if (!isContextManager(target.fn)) return [];
    const inner: string[] = [];
    forEachInstr(target.fn.body, (i) => {
      if (i.op === 'enter') inner.push(...this.#restoredBy(i.manager, target, depth + 1));
    });
    return [...stateEvents(target, this.engine).flatMap((e) => (e.role === 'restores' ? [RESTORES + e.state.kind] : [])), ...inner];
  }

  /** Under a manager that expects the leak, or one that takes care of the kind. */
  #isIntended(site: Site): boolean {
    const { scope, instr } = site;
    const enclosing = factsOf(scope.module, scope.fn).enclosing(instr);
    if (isFaked(site, enclosing, this.engine)) return true;
    const managed = this.#managedScopes(site.tracked.kind.kind);
    const withCalls = managed.filter((m) => m.calls.length > 0);
    if (
      withCalls.length > 0 &&
      isPutBack(
        site,
        withCalls,
        this.#around.fixtures(scope).map((f) => f.scope),
        this.engine,
      )
    )
      return true;
    if (enclosing.length === 0) return false;
    if (isLeakExpected(instr, scope, this.engine)) return true;
    if (!managed.some((m) => m.managers.length > 0)) return false;
    for (const manager of enclosing) {
      const here = this.#managing.managers.ofAny([...managerNames(manager, scope, this.values), ...this.#leavingNames(manager, scope)]);
      if (here.size > 0 && managed.some((m) => here.has(m))) return true;
    }
    return false;
  }

  /** Analyses one file with the given rules; undefined where it cannot be read. */
  analyse(path: string, rules: readonly Rule[], graphs = false): ModuleResult | undefined {
    const module = this.program.module(path);
    if (!module) return undefined;
    const groups = testGroups(module, this.values, this.engine.options.frameworks);
    const obligations = this.#obligations.ofModule(module, groups);
    const context: RuleContext = {
      module,
      groups,
      obligations,
      engine: this.engine,
      graphs,
      fixtures: fixturesOf(module, this.values),
      position: (m, offset) => positionAt(this.host.lines(m.path, m.text), offset),
    };
    const reports: { rule: Rule; report: Report }[] = [];
    const sites: Record<string, number> = {};
    for (const rule of rules) {
      const looked = rule.check(context, (report) => reports.push({ rule, report }));
      if (looked > 0) sites[rule.id] = looked;
    }
    return { module, groups, obligations, reports, sites };
  }
}

/** Adds the base classes that any `in-classes` below the value names. The packs have some ten thousand objects: a plain walk, no lists in between. */
function collectAskedFor(value: unknown, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  const members = value as Readonly<Record<string, unknown>>;
  for (const key in members) {
    const inner = members[key];
    if (key === 'inClasses' && Array.isArray(inner))
      for (const one of inner as readonly (string | { readonly base: string })[]) into.add(typeof one === 'string' ? one : one.base);
    else if (typeof inner === 'object') collectAskedFor(inner, into);
  }
}
