/**
 * Every acquisition of a module's tests, fixtures and helpers, and how its obligation ends: the reports that rules read.
 *
 * Each function is explored from each of its sites; what is still held at its exits goes through the phases that follow (lifecycle.ts).
 * A site seen in several concrete classes gives one report: the strongest leak of each path kind, the tests added up.
 */
import type { PathKind } from '../findings/finding.ts';
import type { IrFunction } from '../ir/ir.ts';
import type { ModuleUnit } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { type Fixture, fixturesOf, isContextManager, isFixture, isHookOfMixin, type TestGroup } from '../suite/discover.ts';
import { neverRuns } from '../suite/marks.ts';
import { isProgram, isProgramEntry } from '../suite/program-entry.ts';
import { callsSuper } from './anchor.ts';
import { releasingHook } from './base-hooks.ts';
import { UNAWAITED } from './call-transfer.ts';
import { isInForkedArm, runsInChild } from './child-process.ts';
import { type Draft, finished, newDraft } from './drafts.ts';
import { isDroppedBefore, isEndedByLoop, isUnbound } from './dropped.ts';
import { endsWithProcess } from './ends-soon.ts';
import { type Engine, isNamedInLine, lasting } from './engine.ts';
import { asCalled, isExpectedToFail } from './expected-failure.ts';
import type { Exploration, Node } from './explore.ts';
import { isResult, throughRequesters } from './fixture-results.ts';
import { afterCallers, isModuleVariable, Lifecycle, type PhaseResult, type Way } from './lifecycle.ts';
import { nameOf } from './naming.ts';
import { isNeededForRelease } from './needed-for-release.ts';
import { SWEPT } from './path.ts';
import { isStateKind } from './process-state.ts';
import { checkClassRelease, checkScope } from './release-scope.ts';
import { withoutRepeats } from './repeated-changes.ts';
import { failureKind, type Leak, type LeakHow, type ObligationReport, ODDS, type Role } from './report.ts';
import { releasedByCallback } from './self-releasing.ts';
import type { Site, Sites } from './sites.ts';
import { CAUGHT, hasStarted, type Odds, RELEASED, type State } from './state.ts';
import { throughFixtures } from './through-fixtures.ts';
import { type End, withoutLocals } from './transfer.ts';
import { pathSteps, raisedInHelper, raiseOf } from './witness.ts';

/** What becomes of a site's obligation goes into its draft. */
type Visit = (run: Exploration, site: Site, draft: Draft) => void;

export class Obligations {
  readonly #engine: Engine;
  readonly #sites: Sites;
  readonly #isManaged: (kind: string, scope: Scope) => boolean;
  readonly #isIntended: (site: Site) => boolean;
  readonly #drafts = new Map<string, Draft>();
  readonly #visited = new Set<IrFunction>();
  readonly #runs = new Map<Site, Exploration>();
  /** A leak was left out because what raises there, closely looked at, does not: the obligation is followed again without such steps. */
  #isDoubtful = false;

  constructor(engine: Engine, sites: Sites, isManaged: (kind: string, scope: Scope) => boolean, isIntended: (site: Site) => boolean) {
    this.#engine = engine;
    this.#sites = sites;
    this.#isManaged = isManaged;
    this.#isIntended = isIntended;
  }

  /** All reports of a module; its test groups as suite/discover.ts found them. */
  ofModule(module: ModuleUnit, groups: readonly TestGroup[]): readonly ObligationReport[] {
    this.#drafts.clear();
    this.#visited.clear();
    for (const g of groups) this.#group(g);
    for (const f of fixturesOf(module, this.#engine.values)) this.#fixture(f, groups);
    for (const fn of module.ir.functions) {
      if (fn.kind !== 'function' || this.#visited.has(fn) || isFixture(fn)) continue;
      this.#helper(this.#helperScope(module, fn), groups);
    }
    return withoutRepeats([...this.#drafts.values()].map((d) => finished(d, this.#engine)));
  }

  #helperScope(module: ModuleUnit, fn: IrFunction): Scope {
    let parent = fn.parent === null ? undefined : module.ir.functions[fn.parent];
    while (parent && parent.kind !== 'class' && parent.parent !== null) parent = module.ir.functions[parent.parent];
    const cls = parent?.kind === 'class' ? this.#engine.values.classes.get(module, parent.index) : undefined;
    return { module, fn, cls, definedIn: cls };
  }

  #group(group: TestGroup): void {
    const life = new Lifecycle(this.#engine, group);
    const tests = group.tests.map((t) => t.name);
    group.moduleSetup.forEach((s) =>
      this.#each(s, 'module-setup', tests, (run, site, draft) => {
        this.#exits(
          run,
          site,
          draft,
          'module-setup',
          undefined,
          (ways) => life.afterModuleSetup(ways, site.tracked),
          () => open,
        );
      }),
    );
    group.classSetup.forEach((s) =>
      this.#each(s, 'class-setup', tests, (run, site, draft) => {
        this.#exits(
          run,
          site,
          draft,
          'class-setup',
          undefined,
          (ways) => checkScope(draft, life.afterClassSetup(ways, false, site.tracked), tests.length),
          (ways) => life.afterClassSetup(ways, true, site.tracked),
        );
      }),
    );
    if (tests.length > 0) {
      group.setup.forEach((s, i) =>
        this.#each(s, 'setup', tests, (run, site, draft) => {
          this.#exits(
            run,
            site,
            draft,
            'setup',
            undefined,
            (ways) => checkClassRelease(draft, ways, site, life.afterSetup(ways, false, i, site.tracked), tests.length),
            (ways) => life.afterSetup(ways, true, i, site.tracked),
          );
        }),
      );
    }
    for (const test of group.tests) {
      this.#each(test.scope, 'test', [test.name], (run, site, draft) => {
        if (isStateKind(site.tracked.kind) && this.#isChangedBefore(site, group)) {
          draft.managed = true;
          return;
        }
        const after = (ways: readonly Way[]): PhaseResult => life.afterTest(ways, site.tracked);
        this.#exits(run, site, draft, 'test', test.name, after, after);
      });
    }
    group.teardown.forEach((s, i) =>
      this.#each(s, 'teardown', tests, (run, site, draft) => {
        const after = (ways: readonly Way[]): PhaseResult => life.afterTeardown(ways, i, site.tracked);
        this.#exits(run, site, draft, 'teardown', undefined, after, after);
      }),
    );
    for (const s of [...group.classTeardown, ...group.moduleTeardown]) this.#visited.add(s.fn);
  }

  /** A hook of the same class has changed that part of the state already: what is not put back is said there. */
  #isChangedBefore(site: Site, group: TestGroup): boolean {
    const place = site.after[0]?.holders[0];
    return group.setup.some((hook) =>
      this.#sites
        .of(hook)
        .some((s) => s.tracked.kind === site.tracked.kind && s.after[0]?.holders[0] === place && this.#draft(s, 'setup').leaks.size > 0),
    );
  }

  #fixture(fixture: Fixture, groups: readonly TestGroup[]): void {
    if (this.#visited.has(fixture.scope.fn)) return;
    const { cls } = fixture.scope;
    const group = cls && groups.find((g) => g.cls?.mro.some((c) => c.body === cls.body));
    const life = group && new Lifecycle(this.#engine, group);
    const requesting = groups.flatMap((g) => g.tests.filter((t) => t.scope.fn.params.some((p) => p.name === fixture.name)));
    const names = requesting.map((t) => t.name);
    this.#each(fixture.scope, 'fixture', names, (run, site, draft) => {
      if (fixture.fixtureScope === 'session' && isStateKind(site.tracked.kind)) {
        draft.managed = true; // The process ends with the session.
        return;
      }
      for (const exit of run.exits) {
        if (exit.kind !== 'normal' || !hasStarted(exit) || (exit.state.phase & RELEASED) !== 0 || !exit.state.holders.some(isResult)) continue;
        draft.transferred = true;
        for (const { test, pathKind } of throughRequesters(fixture.name, requesting, exit.state, site.tracked, life, draft, this.#engine))
          this.#leak(draft, exit.node, pathKind, 'held', pathKind === 'normal' ? 'unlikely' : 'likely', 'fixture', test.name, site, undefined);
      }
      const after = life ? (ways: readonly Way[]): PhaseResult => life.afterTest(ways, site.tracked) : keepAll;
      this.#exits(run, site, draft, 'fixture', undefined, after, after);
    });
  }

  /** A helper; what the cleanups of its test class, or of those that call it, sweep together is theirs, though the helper has lost it. */
  #helper(scope: Scope, groups: readonly TestGroup[]): void {
    this.#each(scope, isContextManager(scope.fn) ? 'fixture' : 'helper', [], (run, site, draft) => {
      const { tracked } = site;
      const own = groups.filter((g) => g.cls?.mro.some((c) => c.body === scope.cls?.body));
      const sweeping = own.length > 0 ? this.#engine.isSwept(tracked, scope) : this.#engine.isStoppedTogether(tracked);
      const around = own.length > 0 ? own : groups;
      const after = sweeping ? (ways: readonly Way[]): PhaseResult => afterCallers(ways, tracked, around, this.#engine) : keepAll;
      // A mixin's method that only `super()` reaches runs in the class that mixes it in.
      const isElsewhere =
        isHookOfMixin(scope, this.#engine.options.frameworks) && (this.#engine.isStoppedTogether(tracked) || isStateKind(tracked.kind));
      const isGone = endsWithProcess(site) && (isProgramEntry(scope) || runsInChild(scope, this.#engine)); // With its process.
      if (isElsewhere || isGone || own.some((g) => this.#isManaged(tracked.kind.kind, { ...scope, cls: g.cls }))) draft.managed = true;
      else this.#exits(asCalled(run, scope, this.#engine), site, draft, 'helper', undefined, after, after, sweeping);
    });
  }

  /** Explores every site of a function. */
  #each(scope: Scope, role: Role, tests: readonly string[], visit: Visit): void {
    this.#visited.add(scope.fn);
    const sites = this.#sites.of(scope);
    if (sites.length > 0) this.#follow(sites, scope, role, tests, visit); // Most functions have none.
  }

  #follow(sites: readonly Site[], scope: Scope, role: Role, tests: readonly string[], visit: Visit): void {
    for (const found of sites) {
      const origin = (found.chain[found.chain.length - 1] as Site['chain'][number]).scope;
      // What this class has taken care of is brought by none of its helpers.
      const byHelper = found.chain.length > 1 && found.scope.cls !== scope.cls;
      const { kind } = found.tracked.kind;
      if (byHelper && (this.#isManaged(kind, scope) || this.#isManaged(kind, { ...origin, cls: scope.cls }))) continue;
      const site = found.scope.cls === scope.cls ? found : { ...found, scope };
      const draft = this.#draft(site, role);
      for (const t of tests) draft.tests.add(t);
      if (neverRuns(scope, this.#engine.values)) {
        draft.skipped = true;
        continue;
      }
      const isTaken =
        site.isOwnMatter ||
        (isStateKind(site.tracked.kind) && isProgram(scope.module)) ||
        this.#isManaged(site.tracked.kind.kind, scope) ||
        releasedByCallback(site, this.#engine);
      const isChilds = isInForkedArm(site.instr, scope, this.#engine) && endsWithProcess(site);
      if (isTaken || isChilds || this.#isIntended(site)) {
        draft.managed = true;
        continue;
      }
      visit(site === found ? this.#sites.explore(site) : this.#shared(found), site, draft);
      if (!this.#isDoubtful) continue;
      this.#engine.closely(() => visit(this.#sites.explore(found), site, draft));
      this.#isDoubtful = false;
    }
  }

  /** The exploration of a site that a more general class shares with the one at hand. */
  #shared(found: Site): Exploration {
    let run = this.#runs.get(found);
    if (!run) this.#runs.set(found, (run = this.#sites.explore(found)));
    return run;
  }

  #draft(site: Site, role: Role): Draft {
    const link = site.chain.find((c) => !callsSuper(c.instr, c.scope)) ?? (site.chain[0] as Site['chain'][number]);
    const key = `${link.scope.module.path} ${link.instr.start} ${site.tracked.kind.kind} ${site.handle} ${site.chain.length > 1 ? site.chain.map((c) => c.instr.start).join('>') : ''}`;
    let draft = this.#drafts.get(key);
    if (!draft) this.#drafts.set(key, (draft = newDraft(site, link, role)));
    return draft;
  }

  #exits(
    run: Exploration,
    site: Site,
    draft: Draft,
    role: Role,
    test: string | undefined,
    afterNormal: (ways: readonly Way[]) => PhaseResult,
    afterRaised: (ways: readonly Way[]) => PhaseResult,
    isSwept = role !== 'helper' && role !== 'fixture' && this.#engine.isSwept(site.tracked, site.scope),
  ): void {
    const { scope } = site;
    if (run.exhausted) {
      draft.letGo ??= 'budget';
      this.#engine.cutOff(scope, 'paths');
      return;
    }
    if (isExpectedToFail(run, site, this.#engine)) {
      draft.managed = true;
      return;
    }
    for (const { node, end, raisedBy } of run.ends) {
      if (end.end === 'released' || end.end === 'registered')
        draft.releases.push({ how: end.how, registered: end.end === 'registered', scope: end.scope, instr: end.instr, role });
      else if (end.end === 'released-again' || end.end === 'used-after') {
        if (node.raises > 0) continue; // A wrong use on the way of an unexpected exception is not what the test is about.
        const first = run.ends.find((e) => e.end.end === 'released')?.end;
        draft.misuses.push({
          kind: end.end,
          scope: end.scope,
          instr: end.instr,
          how: end.how,
          steps: pathSteps(node, scope),
          first: first && { how: first.how, registered: false, scope: first.scope, instr: first.instr, role },
        });
      } else if (end.end === 'transferred') draft.transferred = true;
      else if (end.end === 'escaped') draft.letGo ??= end.how;
      else if (end.end === 'intended') draft.managed = true;
      else if (end.end === 'lost' && hasStarted(node) && (node.state.phase & RELEASED) === 0) {
        this.#leak(
          draft,
          node,
          raisedBy || node.state.failed || node.state.facts.has(CAUGHT) ? failureKind(role) : 'normal',
          (end.instr === site.instr || end.how === 'overwritten') && nameOf(site) !== '' ? 'overwritten' : 'held', // What has no name was dropped.
          'unlikely',
          role,
          test ?? [],
          site,
          raisedBy && { state: node.state, pathKind: failureKind(role), odds: 'unlikely', test, raised: { scope, instr: raisedBy } },
          end,
        );
      }
    }
    for (const exit of run.exits) {
      // What a setup only makes may be started by a test: a client that connects with its first request.
      const mayStart = exit.kind === 'normal' && /setup$/.test(role) && site.match.pattern.startedBy.length > 0;
      if ((exit.state.phase & RELEASED) !== 0 || !(hasStarted(exit) || mayStart)) continue;
      if (exit.kind === 'raised' && isEndedByLoop(site)) continue;
      const failed = exit.kind === 'raised' || exit.state.failed || exit.state.facts.has(CAUGHT);
      // What a test returns goes to nobody; a framework that awaits it asks for work, not for things.
      const named = withoutLocals(exit.state, scope).filter((h) => role !== 'test' || site.tracked.kind.asynchronous || !isResult(h));
      // What sweeps by a name's prefix needs no holder: the obligation goes on into the cleanups without one.
      const surviving = named.length === 0 && isSwept ? [SWEPT] : named;
      const pathKind: PathKind = !failed ? 'normal' : failureKind(role, exit.state.facts.get('yielded') === true);
      const odds: Odds = exit.state.inFlight?.odds ?? (exit.state.failed || 'unlikely');
      if (surviving.length === 0) {
        if (!hasStarted(exit)) continue;
        // The interpreter closes it at the end of its statement: what raises later has nothing to do with it.
        const dropped = isDroppedBefore(exit.state.inFlight?.at?.instr, site, this.#engine);
        if (dropped) this.#leak(draft, exit.node, 'normal', 'discarded', odds, role, test ?? [], site, undefined);
        else this.#leak(draft, exit.node, pathKind, isUnbound(site, this.#engine) ? 'discarded' : 'held', odds, role, test ?? [], site, undefined);
        continue;
      }
      const isHandedOn = surviving.some((h) => isResult(h) || (!h.startsWith('@') && !h.startsWith('g:')));
      if (isHandedOn || (role === 'helper' && (named.length > 0 || (exit.kind === 'normal' && isNamedInLine(site.tracked))))) {
        draft.transferred ||= hasStarted(exit);
        continue;
      }
      const way: Way = {
        state: { ...exit.state, holders: surviving, facts: lasting(exit.state), pending: 0, inFlight: null },
        pathKind,
        odds,
        test,
      };
      const result = throughFixtures((exit.kind === 'raised' ? afterRaised : afterNormal)([way]), scope, site.tracked, this.#engine);
      draft.releases.push(...result.releases);
      if (result.letGo !== undefined) draft.letGo ??= result.letGo;
      for (const lost of result.lost.filter(hasStarted))
        this.#leak(draft, exit.node, lost.pathKind, 'overwritten', lost.odds, role, lost.test ?? [], site, undefined, { how: 'overwritten' });
      for (const held of result.held.filter(hasStarted)) {
        const hook = releasingHook(held.state, site.tracked, scope.cls, this.#engine);
        draft.letGo ??= hook ?? (held.state.holders.some(isModuleVariable) ? 'kept in a module variable' : undefined);
        if (hook !== undefined || held.state.holders.some(isModuleVariable)) continue;
        draft.startsLater ||= !hasStarted(exit);
        this.#leak(draft, exit.node, held.pathKind, 'held', held.odds, role, held.test ?? [], site, held);
      }
    }
  }

  #leak(
    draft: Draft,
    node: Node,
    pathKind: PathKind,
    how: LeakHow,
    odds: Odds,
    role: Role,
    test: string | readonly string[],
    site: Site,
    way: Way | undefined,
    ending?: Pick<End, 'how'> | End,
  ): void {
    const raised = way?.raised ?? raisedInHelper(node);
    const raise = raised?.instr ?? raiseOf(node);
    if (pathKind !== 'normal' && raise) {
      const { likelihood } = this.#engine.calls.closely(raise, raised?.scope ?? site.scope);
      if (likelihood === 'never' || (likelihood === 'rare' && odds === 'unlikely')) {
        this.#isDoubtful = true;
        return;
      }
    }
    if (pathKind !== 'normal' && raise && isNeededForRelease(raise, raised?.scope ?? site.scope, site, draft.releases, this.#engine)) return;
    // The message names a line of the test's own file.
    const isNear = way?.raised !== undefined || raised?.scope.module === site.scope.module;
    const key = `${pathKind} ${how}`;
    const known = draft.leaks.get(key);
    const tests = known?.tests ?? new Set<string>();
    if (typeof test === 'string') tests.add(test);
    if (known && ODDS.indexOf(known.leak.odds) <= ODDS.indexOf(odds)) return;
    const leak: Leak = {
      pathKind,
      how,
      odds,
      raise: pathKind === 'normal' ? undefined : isNear ? raise : raiseOf(node),
      raiseScope: isNear && raised ? raised.scope : site.scope,
      steps: raised ? [...pathSteps(node, site.scope), { kind: 'raise', scope: raised.scope, instr: raised.instr }] : pathSteps(node, site.scope),
      end: node,
      ending: ending ? `${ending.how} while still held` : '',
      endsAt: ending && 'instr' in ending ? ending : undefined,
      skipped: undefined,
      tests,
      role,
      unawaited: unawaitedIn(way?.state ?? node.state),
    };
    draft.leaks.set(key, { leak, tests });
  }
}

function unawaitedIn(state: State): number | undefined {
  const at = state.facts.get(UNAWAITED);
  return typeof at === 'number' ? at : undefined;
}
const keepAll = (ways: readonly Way[]): PhaseResult => ({ held: ways, releases: [], letGo: undefined, lost: [] });
const open: PhaseResult = { held: [], releases: [], letGo: undefined, lost: [] };
