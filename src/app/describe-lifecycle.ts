/**
 * What runs around the tests of a class or module, in which order, and what follows when one of the phases raises?
 *
 * The hooks are those that suite/discover.ts found for the group; the edges are what its framework does (FrameworkHooks): a failed setup
 * skips the test and the teardown but not the cleanups registered so far, a failed test skips nothing. pytest's fixtures follow test by
 * test, in the order of fixture-graph.ts. Only cleanups that are registered whenever their function returns are named.
 */

import { forEachInstr } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import type { Fixture, TestGroup } from '../suite/discover.ts';
import { type FixtureOrder, type FixtureWorld, fixtureOrder } from '../suite/fixture-graph.ts';
import { FixtureValues } from '../suite/fixture-values.ts';
import { textOf } from '../typestate/naming.ts';
import type { Session } from './session.ts';

/** Tests named in one line; a reader knows the class by then. */
const MAX_NAMES = 4;

interface Phase {
  readonly role: string;
  readonly what: string;
  /** The phase that follows when nothing raises. */
  readonly next: string;
  /** What follows when it raises; undefined where that is the same. */
  readonly raised: string | undefined;
}

/** The lifecycle of a group of tests as lines of text, one phase a line. */
export function describeLifecycle(session: Session, group: TestGroup): string {
  const title = `${group.cls ? group.cls.body.qualifiedName : group.module.path} (${group.framework?.framework ?? 'no framework known'})`;
  return [title, ...lines(phasesOf(session, group)), ...fixtureLines(session, group)].join('\n');
}

function phasesOf(session: Session, group: TestGroup): readonly Phase[] {
  const hooks = group.framework;
  // Without a base class (pytest's own classes and functions) there is nothing that cleanups could be registered at.
  const hasCleanups = group.cls !== undefined && hooks !== undefined && hooks.bases.length > 0;
  const hasClassHooks = hooks?.hasClassHooks ?? true;
  const out: Phase[] = [];
  const name = (s: Scope): string => (s.definedIn && s.definedIn !== group.cls ? `${s.definedIn.name}.${s.fn.name}` : s.fn.name);
  const registered = (scopes: readonly Scope[]): string => {
    // The last one registered is the first to run.
    const names = scopes
      .flatMap((s) => session.engine.registrations.certain(s).map((r) => `${textOf(r.scope.module, r.callee)} of ${name(s)}`))
      .reverse();
    return names.length > 0 ? names.join(', ') : 'none that is certain';
  };
  const classSetup = hasClassHooks ? group.classSetup : [];
  const classTeardown = hasClassHooks ? group.classTeardown : [];

  const end = 'the end';
  const hasModulePhase = group.moduleSetup.length + group.moduleTeardown.length > 0;
  const moduleEnd = hasCleanups && hasModulePhase ? 'module cleanups' : end;
  const moduleTeardown = first(group.moduleTeardown, 'module teardown', name) ?? moduleEnd;
  const hasClassCleanups = hasCleanups && hasClassHooks && classSetup.length + classTeardown.length > 0;
  const classEnd = hasClassCleanups ? 'class cleanups' : moduleTeardown;
  const classLast = first(classTeardown, 'class teardown', name) ?? classEnd;
  const cleanups = hasCleanups ? 'cleanups' : classLast;
  const early = hooks?.cleanupsBeforeTeardown === true && hasCleanups;
  const teardown = first(group.teardown, 'teardown', name) ?? (early ? classLast : cleanups);
  const testsName = group.tests.length > 0 ? 'test' : 'the tests';

  const chain = (scopes: readonly Scope[], role: string, then: string, raised: string): void => {
    scopes.forEach((s, i) => {
      const following = scopes[i + 1];
      out.push({ role, what: name(s), next: following ? `${role} ${name(following)}` : then, raised });
    });
  };
  const setup = first(group.setup, 'setup', name) ?? testsName;
  chain(group.moduleSetup, 'module setup', first(classSetup, 'class setup', name) ?? setup, moduleEnd);
  chain(classSetup, 'class setup', setup, hooks?.classTeardownAfterFailedSetup ? classLast : classEnd);
  chain(group.setup, 'setup', testsName, hooks?.teardownAfterFailedSetup ? teardown : early ? `cleanups, then ${classLast}` : cleanups);
  if (group.tests.length > 0)
    out.push({ role: 'test', what: someOf(group.tests.map((t) => t.scope.fn.name)), next: early ? cleanups : teardown, raised: undefined });
  const cleanupPhase: Phase = {
    role: 'cleanups',
    what: registered([...group.setup, ...(early ? [] : group.teardown)]),
    next: early ? teardown : classLast,
    raised: undefined,
  };
  if (early) out.push(cleanupPhase);
  chain(group.teardown, 'teardown', early ? classLast : cleanups, early ? classLast : cleanups);
  if (hasCleanups && !early) out.push(cleanupPhase);
  chain(classTeardown, 'class teardown', classEnd, classEnd);
  if (hasClassCleanups) out.push({ role: 'class cleanups', what: registered(classSetup), next: moduleTeardown, raised: undefined });
  chain(group.moduleTeardown, 'module teardown', moduleEnd, moduleEnd);
  if (moduleEnd !== end) out.push({ role: 'module cleanups', what: registered(group.moduleSetup), next: end, raised: undefined });
  return out;
}

const first = (scopes: readonly Scope[], role: string, name: (s: Scope) => string): string | undefined =>
  scopes[0] ? `${role} ${name(scopes[0])}` : undefined;

function someOf(names: readonly string[]): string {
  return names.length <= MAX_NAMES ? names.join(', ') : `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more`;
}

function lines(phases: readonly Phase[]): readonly string[] {
  const roles = Math.max(0, ...phases.map((p) => p.role.length));
  const names = Math.max(0, ...phases.map((p) => p.what.length));
  return phases.map((p) => {
    const raised = p.raised !== undefined && p.raised !== p.next ? `; raises: ${p.raised}` : '';
    return `  ${p.role.padEnd(roles)}  ${p.what.padEnd(names)}  then ${p.next}${raised}`;
  });
}

/** The fixtures of each test with those hooks that pytest orders among them. */
function fixtureLines(session: Session, group: TestGroup): readonly string[] {
  const world: FixtureWorld = { program: session.program, values: session.values, fixtures: new FixtureValues(session.program, session.values) };
  const byText = new Map<string, string[]>();
  for (const t of group.tests) {
    const order = fixtureOrder(t.scope, world);
    const text = orderText(order, group).join('\n');
    if (text === '') continue;
    const tests = byText.get(text);
    if (tests) tests.push(t.scope.fn.name);
    else byText.set(text, [t.scope.fn.name]);
  }
  return [...byText].map(([text, tests]) => `  fixtures of ${someOf(tests)}\n${text}`);
}

function orderText(order: FixtureOrder, group: TestGroup): readonly string[] {
  const out: string[] = [];
  const hooks = xunitHooks(group);
  if (hooks !== '' && order.fixtures.length > 0) out.push(`    ${hooks}`);
  if (order.ring) out.push(`    recursive: ${order.ring.join(' requests ')}`);
  const torn: string[] = [];
  for (const f of order.fixtures) {
    const after = teardownOf(f);
    // A finalizer that is registered runs although the fixture raises after that.
    const own = after?.includes('finalizer') ? ['its finalizers so far'] : [];
    const raised = [...own, ...(torn.length > 0 ? [`teardown of ${torn[torn.length - 1]}`] : [])].join(', then ') || 'nothing is left to tear down';
    const where = f.scope.module === group.module ? '' : ` in ${f.scope.module.path}`;
    const request = f.scope.fn.params.filter((p) => order.fixtures.some((o) => o.name === p.name)).map((p) => p.name);
    out.push(
      `    ${f.name} (${f.fixtureScope}${where})${request.length > 0 ? ` requests ${request.join(', ')}` : ''}${after === undefined ? '; no teardown' : `; teardown: ${after}`}; raises: ${raised}`,
    );
    if (after !== undefined) torn.push(f.name);
  }
  if (torn.length > 0) out.push(`    teardown in the order ${torn.reverse().join(', ')}`);
  if (order.elsewhere.length > 0 && (order.fixtures.length > 0 || order.ring)) out.push(`    from elsewhere: ${order.elsewhere.join(', ')}`);
  return out;
}

/** Setup functions are fixtures of their level for pytest: they run before the other fixtures of it. `setUp` is a part of the test. */
function xunitHooks(group: TestGroup): string {
  const isCase = (group.framework?.bases.length ?? 0) > 0;
  const levels: readonly (readonly [string, readonly Scope[]])[] = [
    ['module', group.moduleSetup],
    ['class', group.classSetup],
    ['function', isCase ? [] : group.setup],
  ];
  const names = (scopes: readonly Scope[]): string => scopes.map((s) => s.fn.name).join(', ');
  return [
    ...levels.filter(([, scopes]) => scopes.length > 0).map(([level, scopes]) => `${names(scopes)} before the fixtures of scope ${level}`),
    ...(isCase && group.setup.length > 0 ? [`${names(group.setup)} after all fixtures`] : []),
  ].join('; ');
}

/** What runs for the fixture when the tests are over; undefined where nothing does. */
function teardownOf(f: Fixture): string | undefined {
  const parts: string[] = [];
  if (f.scope.fn.isGenerator) parts.push('what follows the yield');
  forEachInstr(f.scope.fn.body, (i) => {
    if (i.op === 'call' && i.callee.op === 'attr' && i.callee.name === 'addfinalizer')
      parts.push(`finalizer ${textOf(f.scope.module, i.args[0]?.value ?? i.callee)}`);
  });
  return parts.length > 0 ? parts.join(', ') : undefined;
}
