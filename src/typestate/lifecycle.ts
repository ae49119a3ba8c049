/**
 * How does an obligation end when all that the framework runs around a test is counted?
 *
 * A test is one graph: setup, body, teardown, cleanups. The graph is walked phase by phase: what is still held at an exit of one phase
 * (on `self`, on the class, in a global) enters the next one that the framework runs after that exit. A failed setup skips the test and
 * the teardown but not the cleanups; a failed test does not skip the teardown. Tests that mention none of the holders are passed
 * through without being walked, so a class costs its methods once, not times its setups.
 */
import type { PathKind } from '../findings/finding.ts';
import type { Instr } from '../ir/ir.ts';
import { callsIn, forEachInstr } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { classFixtures } from '../suite/class-fixtures.ts';
import { isFixture, type TestGroup } from '../suite/discover.ts';
import { callsSuper } from './anchor.ts';
import { runLater } from './call-transfer.ts';
import type { Engine } from './engine.ts';
import { isGuarded } from './guarded-release.ts';
import { membersOf, rootOf } from './path.ts';
import { PROCESS } from './process-state.ts';
import type { RegisteredCallable } from './registrations.ts';
import type { Release, Role } from './report.ts';
import { keyOf, type Odds, type State, withHolders } from './state.ts';
import { type End, isEnd, type Out, type Tracked } from './transfer.ts';

/** A way through the phases that is still open. */
export interface Way {
  readonly state: State;
  readonly pathKind: PathKind;
  readonly odds: Odds;
  /** The test it goes through, where that matters. */
  readonly test: string | undefined;
  /** Where a later phase raised, if that is why it is still held. */
  readonly raised?: { readonly scope: Scope; readonly instr: Instr };
}

export interface PhaseResult {
  /** Ways on which the obligation is held to the end. */
  readonly held: readonly Way[];
  readonly releases: readonly Release[];
  /** Something let go of it on some way. */
  readonly letGo: string | undefined;
  /** A later phase dropped its last holder. */
  readonly lost: readonly Way[];
  /** Ways on which a hook raised: the later hooks of its kind, and after a setup the test, are skipped. */
  readonly aborted?: readonly Way[];
}

export class Lifecycle {
  readonly #engine: Engine;
  readonly #group: TestGroup;
  readonly #cleanups = new Map<Scope, readonly RegisteredCallable[]>();
  readonly #classLevel = new Map<string, boolean>();
  /** What runs after each test: the framework's hooks, and what follows the yield of the class's own fixtures. */
  readonly #teardown: readonly Scope[];

  constructor(engine: Engine, group: TestGroup) {
    this.#engine = engine;
    this.#group = group;
    this.#teardown = group.cls ? [...group.teardown, ...classFixtures(group.cls, group.tests)] : group.teardown;
  }

  /** What follows an exit of a setup, test or teardown function for the ways still holding. */
  afterSetup(ways: readonly Way[], failed: boolean, setupIndex: number, tracked: Tracked): PhaseResult {
    const g = this.#group;
    const cleanups = g.setup.slice(0, failed ? setupIndex : g.setup.length).flatMap((s) => this.#registered(s));
    if (failed)
      return this.#finish(
        g.framework?.teardownAfterFailedSetup ? this.#through(this.#teardown, ways, tracked, 'teardown') : open(ways),
        cleanups,
        tracked,
      );
    const set = this.#through(g.setup.slice(setupIndex + 1), ways, tracked, 'setup');
    let at = this.#throughTests(set, tracked);
    at = join(at, this.#through(this.#teardown, at.held, tracked, 'teardown'));
    return this.#finish({ ...at, held: [...at.held, ...(set.aborted ?? [])] }, cleanups, tracked);
  }

  afterTest(ways: readonly Way[], tracked: Tracked): PhaseResult {
    const g = this.#group;
    return this.#finish(
      this.#through(this.#teardown, ways, tracked, 'teardown'),
      g.setup.flatMap((s) => this.#registered(s)),
      tracked,
    );
  }

  afterTeardown(ways: readonly Way[], index: number, tracked: Tracked): PhaseResult {
    const g = this.#group;
    return this.#finish(
      this.#through(this.#teardown.slice(index + 1), ways, tracked, 'teardown'),
      g.setup.flatMap((s) => this.#registered(s)),
      tracked,
    );
  }

  afterClassSetup(ways: readonly Way[], failed: boolean, tracked: Tracked): PhaseResult {
    const g = this.#group;
    const cleanups = failed ? [] : g.classSetup.flatMap((s) => this.#registered(s));
    if (failed)
      return this.#end(
        g.framework?.classTeardownAfterFailedSetup ? this.#through(g.classTeardown, ways, tracked, 'class-teardown') : open(ways),
        cleanups,
        tracked,
      );
    // Each test runs setup, body and teardown: whichever of them releases counts where all tests go through it.
    let at = this.#through(g.setup, ways, tracked, 'setup');
    at = join(at, this.#through(this.#teardown, at.held, tracked, 'teardown'));
    at = join(at, this.#throughTests({ ...at }, tracked, true));
    at = join(at, this.#through(g.classTeardown, at.held, tracked, 'class-teardown'));
    return this.#end(at, cleanups, tracked);
  }

  afterModuleSetup(ways: readonly Way[], tracked: Tracked): PhaseResult {
    return this.#end(
      this.#through(this.#group.moduleTeardown, ways, tracked, 'module-teardown'),
      this.#group.moduleSetup.flatMap((s) => this.#registered(s)),
      tracked,
    );
  }

  /** The place outlives the instance: stored by a class method, in the class body, or in a global. */
  isClassLevel(path: string): boolean {
    if (path.startsWith('@c')) return true;
    const name = membersOf(path.slice(rootOf(path).length))[0]?.slice(1);
    const cls = this.#group.cls;
    if (!path.startsWith('@') || name === undefined || !cls) return false;
    let known = this.#classLevel.get(name);
    if (known === undefined) {
      const all = this.#engine.values.assignedTo(cls, name);
      known = all.length > 0 && all.every((a) => a.scope.fn.kind === 'class' || this.#engine.facts(a.scope).receiver?.isClass === true);
      this.#classLevel.set(name, known);
    }
    return known;
  }

  #registered(scope: Scope): readonly RegisteredCallable[] {
    let known = this.#cleanups.get(scope);
    if (!known) this.#cleanups.set(scope, (known = this.#engine.registrations.certain(scope)));
    return known;
  }

  #throughTests(at: PhaseResult, tracked: Tracked, keepUntouched = false): PhaseResult {
    const held: Way[] = [];
    const releases: Release[] = [...at.releases];
    const lost: Way[] = [...at.lost];
    let letGo = at.letGo;
    for (const way of at.held) {
      const places = way.state.holders.filter((h) => h.startsWith('@') || h.startsWith('g:'));
      let untouched = 0;
      for (const test of this.#group.tests) {
        if (!this.#engine.mentions(test.scope, places)) {
          untouched++;
          if (!keepUntouched) held.push({ ...way, test: test.name });
          continue;
        }
        const step = this.#through([test.scope], [{ ...way, test: test.name }], tracked, 'test');
        for (const h of step.held) held.push(h);
        releases.push(...step.releases);
        lost.push(...step.lost);
        if (step.held.length === 0) letGo ??= step.letGo; // What one test hands on says nothing about the others.
      }
      if (keepUntouched && (untouched > 0 || this.#group.tests.length === 0)) held.push(way);
    }
    return { held: distinct(held), releases, letGo: held.length > 0 ? at.letGo : letGo, lost };
  }

  /** One phase function after the other; a raise goes on to the next function with its path kind. */
  #through(phases: readonly Scope[], ways: readonly Way[], tracked: Tracked, role: Role): PhaseResult {
    let current = ways;
    const aborted: Way[] = [];
    const releases: Release[] = [];
    const lost: Way[] = [];
    let letGo: string | undefined;
    for (const scope of phases) {
      const next: Way[] = [];
      for (const way of current) {
        const places = way.state.holders.filter((h) => h.startsWith('@') || h.startsWith('g:'));
        if (places.length === 0 || !this.#engine.mentions(scope, places)) {
          next.push(way);
          // A later setup hook that fails leaves what the earlier one made: neither test nor teardown runs.
          if (role === 'setup' && this.#mayFail(scope)) aborted.push({ ...way, pathKind: 'setup-failure' });
          continue;
        }
        const entry: State = { ...withHolders(way.state, places), inFlight: null, pending: 0 };
        const effect = isFixture(scope.fn) ? this.#engine.effectAfterYield(scope, tracked, entry) : this.#engine.effectOf(scope, tracked, entry);
        const raisedKind: PathKind =
          role === 'teardown' || role === 'class-teardown' || role === 'module-teardown'
            ? 'teardown-failure'
            : role === 'setup'
              ? 'setup-failure'
              : 'failure';
        const ended =
          role === 'test' || role === 'setup' ? undefined : effect.normal.find((out) => isEnd(out) && isGuarded(out, scope, this.#engine.values));
        const isOpen = (out: Out): boolean => isEnd(out) || !(ended && isEnd(ended)) || isBefore(out, ended, scope);
        // That the hook fails after the test did is a second failure, no path of its own.
        const isSecond = raisedKind === 'teardown-failure' && way.pathKind !== 'normal' && effect.normal.length > 0;
        const raised = isSecond ? [] : effect.raised.filter(isOpen);
        for (const [outs, kind] of [
          [effect.normal.filter(isOpen), way.pathKind],
          [raised, way.pathKind === 'normal' || raisedKind === 'teardown-failure' ? raisedKind : way.pathKind],
        ] as const) {
          for (const out of outs) {
            const hasRaised = outs === raised;
            if (!isEnd(out))
              (hasRaised && (role === 'setup' || role === 'teardown') ? aborted : next).push({
                state: { ...out, inFlight: null },
                pathKind: kind,
                odds: hasRaised ? (out.inFlight?.odds ?? way.odds) : way.odds,
                test: way.test,
                raised: hasRaised ? out.inFlight?.at : way.raised,
              });
            else if (out.end === 'released' || out.end === 'registered')
              releases.push({ how: out.how, registered: out.end === 'registered', scope: out.scope, instr: out.instr, role });
            else if (out.end === 'lost') lost.push({ ...way, pathKind: kind });
            else letGo ??= out.how;
          }
        }
      }
      current = distinct(next);
    }
    if (role === 'setup') return { held: current, releases, letGo, lost, aborted };
    return { held: distinct([...current, ...aborted]), releases, letGo, lost };
  }

  /** Some call of the hook may raise. */
  #mayFail(scope: Scope): boolean {
    const cfg = this.#engine.cfg(scope);
    return cfg.raisedExit >= 0 && cfg.instrs.some((i) => i.op === 'call' && this.#engine.calls.raising(i, scope).likelihood !== 'never');
  }

  /** Runs the cleanups registered by earlier phases, then the class's own end. */
  #finish(at: PhaseResult, cleanups: readonly RegisteredCallable[], tracked: Tracked): PhaseResult {
    const after = this.#run(at, cleanups, tracked);
    const classLevel: Way[] = [];
    const done: Way[] = [];
    for (const way of after.held) (way.state.holders.some((h) => h.startsWith('g:') || this.isClassLevel(h)) ? classLevel : done).push(way);
    if (classLevel.length === 0) return after;
    const g = this.#group;
    const end = this.#end(
      this.#through([...g.classTeardown, ...g.moduleTeardown], classLevel, tracked, 'class-teardown'),
      g.classSetup.flatMap((s) => this.#registered(s)),
      tracked,
    );
    return join(
      { ...after, held: done },
      {
        ...end,
        held: [...done, ...end.held.filter((w) => !w.state.holders.some(isModuleVariable))],
        letGo: end.letGo ?? (end.held.some((w) => w.state.holders.some(isModuleVariable)) ? 'kept in a module variable' : undefined),
      },
    );
  }

  #end(at: PhaseResult, cleanups: readonly RegisteredCallable[], tracked: Tracked): PhaseResult {
    return this.#run(at, cleanups, tracked);
  }

  #run(at: PhaseResult, cleanups: readonly RegisteredCallable[], tracked: Tracked): PhaseResult {
    if (cleanups.length === 0) return at;
    const held: Way[] = [];
    const releases = [...at.releases];
    let letGo = at.letGo;
    for (const way of at.held) {
      let ended = false;
      for (const c of cleanups) {
        const answer = runLater(c.callee, c.args, CLEANUP(c.scope), { ...way.state, inFlight: null }, tracked, c.scope, this.#engine);
        if (answer === 'none') continue;
        ended = true;
        if (answer === 'released') releases.push({ how: 'addCleanup', registered: true, scope: c.scope, instr: CLEANUP(c.scope), role: 'setup' });
        else letGo ??= 'a cleanup that is not understood';
        break;
      }
      if (!ended) held.push(way);
    }
    return { held, releases, letGo, lost: at.lost };
  }
}

/**
 * What a helper leaves without a name is swept by the hooks of the tests that call it: those of its class, or of the module's classes.
 * Where the module has none, that is for its callers to say. Misses: a patch that a module of helpers starts for good (samples/12-patches).
 */
export function afterCallers(ways: readonly Way[], tracked: Tracked, groups: readonly TestGroup[], engine: Engine): PhaseResult {
  const results = groups.map((g) => new Lifecycle(engine, g).afterTest(ways, tracked));
  return results.find((r) => r.held.length === 0) ?? results[0] ?? { ...open([]), letGo: 'left for the callers to end' };
}

/** The hook has raised before it came to the release. */
function isBefore(out: State, release: End, hook: Scope): boolean {
  const at = out.inFlight?.at;
  if (!at) return false;
  if (release.scope.fn === hook.fn || at.scope.fn !== hook.fn) return at.instr.start < release.instr.start;
  const up = callsIn(hook.fn.body).find((i) => callsSuper(i, hook));
  return up !== undefined && at.instr.start < up.start;
}

const placeholders = new WeakMap<Scope['fn'], Instr>();

/** The place of a cleanup that an earlier phase registered: its function's first instruction. */
export function CLEANUP(scope: Scope): Instr {
  let known = placeholders.get(scope.fn);
  if (!known) {
    forEachInstr(scope.fn.body, (i) => {
      known ??= i;
    });
    known ??= { op: 'evaluate', value: { op: 'unknown', start: scope.fn.start, end: scope.fn.start }, start: scope.fn.start, end: scope.fn.start };
    placeholders.set(scope.fn, known);
  }
  return known;
}

/** A module's own variable outlives the tests; process state and names written as literals do not count as one. */
export const isModuleVariable = (h: string): boolean => h.startsWith('g:') && !h.startsWith(PROCESS) && !h.startsWith('g:literal:');

const open = (ways: readonly Way[]): PhaseResult => ({ held: ways, releases: [], letGo: undefined, lost: [] });

function join(before: PhaseResult, after: PhaseResult): PhaseResult {
  return {
    held: after.held,
    releases: [...before.releases, ...after.releases],
    letGo: before.letGo ?? after.letGo,
    lost: [...before.lost, ...after.lost],
  };
}

function distinct(ways: readonly Way[]): readonly Way[] {
  const seen = new Map<string, Way>();
  for (const w of ways) {
    const key = `${keyOf(w.state)} ${w.pathKind} ${w.odds} ${w.test ?? ''}`;
    if (!seen.has(key)) seen.set(key, w);
  }
  return [...seen.values()];
}
