/**
 * In which order does pytest set up the fixtures of a test?
 *
 * Requests are the test's parameters, `usefixtures` marks and autouse fixtures, then what those request. pytest sorts the names by scope
 * (the widest first, autouse before the others) and sets each up after what it requests: a topological order of the request graph whose
 * only sink is the test. A ring has no order and is named. A name that is overridden means the nearest fixture for every requester but
 * itself. Leaves out: `getfixturevalue`, and fixtures of installed plug-ins.
 */
import { alg, Graph } from '@dagrejs/graphlib';
import type { Operand } from '../ir/ir.ts';
import type { Program } from '../program/program.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Values } from '../program/values.ts';
import { type Fixture, fixturesOf } from './discover.ts';
import { fixtureModules } from './fixture-modules.ts';
import type { FixtureValues } from './fixture-values.ts';
import { decoratorArguments, decoratorText, markedFixtures, texts, usedFixtures } from './marks.ts';

/** Scopes of fixtures, the widest first; what is set up first is torn down last. */
export const FIXTURE_SCOPES: readonly string[] = ['session', 'package', 'module', 'class', 'function'];

/** Fixtures of one test that are printed; a suite that requests more has generated them. The analysis does not go by this order. */
const MAX_FIXTURES = 200;

export interface FixtureOrder {
  /** Fixtures in the order of their setup; the teardown's order is the opposite one. Empty where there is a ring. */
  readonly fixtures: readonly Fixture[];
  /** Names that each fixture that requests itself goes through: ['a', 'b', 'a']; undefined where the graph has an order. */
  readonly ring: readonly string[] | undefined;
  /** Requested names that no fixture of the program answers: built-in ones, those of plug-ins, values of a parametrisation. */
  readonly elsewhere: readonly string[];
}

/** What fixture look-ups need to know of the program. */
export interface FixtureWorld {
  readonly program: Program;
  readonly values: Values;
  readonly fixtures: FixtureValues;
}

/** The order of the fixtures that a test requests, directly or not. */
export function fixtureOrder(test: Scope, world: FixtureWorld): FixtureOrder {
  const elsewhere = new Set<string>();
  const found = new Map<string, Fixture>();
  const requests = new Map<string, readonly string[]>();
  /** Fixtures that only the one overriding them asks for: no name of the test means them. */
  const overridden = new Set<string>();
  const resolve = (name: string, by: Fixture | undefined): string | undefined => {
    const overrides = by !== undefined && by.name === name;
    const fixture = world.fixtures.find(name, overrides ? by.scope : test);
    if (!fixture) {
      elsewhere.add(name);
      return undefined;
    }
    const id = idOf(fixture);
    if (found.size >= MAX_FIXTURES && !found.has(id)) return undefined;
    if (overrides) overridden.add(id);
    found.set(id, fixture);
    return id;
  };
  const ids = (names: readonly string[], by: Fixture | undefined): readonly string[] => [...new Set(names.flatMap((n) => resolve(n, by) ?? []))];
  const first = ids([...autouseNames(test, world), ...markedNames(test), ...parameters(test, decoratorsOf(test))], undefined);
  if (found.size === 0) return { fixtures: [], ring: undefined, elsewhere: [...elsewhere] };
  // A map grows while it is walked: every fixture found is asked for its own requests.
  for (const [id, fixture] of found) requests.set(id, ids(parameters(fixture.scope, fixture.scope.fn.decorators), fixture));

  const graph = new Graph({ directed: true });
  for (const [id, wanted] of requests) for (const w of wanted) graph.setEdge(w, id);
  for (const id of found.keys()) graph.setNode(id);
  const rank = (id: string): number => FIXTURE_SCOPES.indexOf((found.get(id) as Fixture).fixtureScope);
  const closure = [...new Set([...first, ...found.keys()])].filter((id) => !overridden.has(id));
  for (const id of closure.sort((a, b) => rank(a) - rank(b))) graph.setEdge(id, TEST);
  const ring = alg.findCycles(graph)[0];
  if (ring) return { fixtures: [], ring: around(graph, ring).map((id) => (found.get(id) as Fixture).name), elsewhere: [...elsewhere] };
  return { fixtures: alg.topsort(graph).flatMap((id) => found.get(id) ?? []), ring: undefined, elsewhere: [...elsewhere] };
}

/** The node of the test itself; no fixture has a name with a space. */
const TEST = 'the test';

const idOf = (f: Fixture): string => `${f.scope.module.path}:${f.scope.fn.qualifiedName}`;

/** A strongly connected component as a walk along its edges: each of them requests the next, the last one is the first again. */
function around(graph: Graph, component: readonly string[]): readonly string[] {
  const inside = new Set(component);
  const start = [...component].sort()[0] as string;
  const walk = [start];
  for (let at = start; ; ) {
    const next = (graph.predecessors(at) ?? []).filter((id) => inside.has(id));
    const unseen = next.find((id) => !walk.includes(id));
    if (unseen === undefined || next.includes(start)) return [...walk, next.includes(start) ? start : (next[0] as string)];
    walk.push((at = unseen));
  }
}

/** Parameters that are requests: without a default, not the instance, not what mock decorators or a parametrisation give. */
function parameters(scope: Scope, decorators: readonly Operand[]): readonly string[] {
  const receiver = factsOf(scope.module, scope.fn).receiver?.name;
  const given = new Set(decorators.flatMap((d) => (decoratorText(d).endsWith('parametrize') ? parametrised(d) : [])));
  const plain = scope.fn.params.filter((p) => p.default === null && (p.kind === 'normal' || p.kind === 'keyword-only') && p.name !== receiver);
  // `@patch(target)` without a replacement gives the first parameters, the nearest decorator first.
  const patches = decorators.filter(isInjecting).length;
  return plain.slice(patches).flatMap((p) => (given.has(p.name) ? [] : [p.name]));
}

const decoratorsOf = (scope: Scope): readonly Operand[] => [...scope.fn.decorators, ...(scope.cls?.mro.flatMap((c) => c.body.decorators) ?? [])];

/** Names of the fixtures that the marks of the test, its classes and its module ask for. */
export function markedNames({ module, fn, cls }: Scope): readonly string[] {
  return [
    ...usedFixtures(fn.decorators, module),
    ...(cls?.mro.flatMap((c) => [...usedFixtures(c.body.decorators, c.module), ...markedFixtures(c.module, c.body.index)]) ?? []),
    ...markedFixtures(module, 0),
  ];
}

/** Names of a `parametrize` mark: "a, b", or a list of names; none where they are handed on to fixtures. */
function parametrised(d: Operand): readonly string[] {
  const args = decoratorArguments(d);
  const indirect = args.find((a) => a.kind === 'keyword' && a.name === 'indirect')?.value;
  if (indirect?.op === 'const' && indirect.value === true) return [];
  const names = args.find((a) => a.kind === 'positional' || (a.kind === 'keyword' && a.name === 'argnames'))?.value;
  const passedOn = indirect ? new Set(texts(indirect)) : new Set<string>();
  return (names ? texts(names) : []).flatMap((t) => t.split(',').map((n) => n.trim())).filter((n) => !passedOn.has(n));
}

function isInjecting(d: Operand): boolean {
  if (d.op !== 'described-call' || !/(^|\.)patch(\.object)?$/.test(decoratorText(d))) return false;
  const own = decoratorText(d).endsWith('.object') ? 2 : 1;
  return (
    decoratorArguments(d).filter((a) => a.kind === 'positional').length <= own &&
    !decoratorArguments(d).some((a) => a.kind === 'keyword' && a.name === 'new')
  );
}

/** Autouse fixtures in reach of the test, from the outermost conftest and its plug-ins inwards. */
function autouseNames(test: Scope, { program, values }: FixtureWorld): readonly string[] {
  const out: string[] = [];
  for (const unit of fixtureModules(test.module, program).toReversed())
    for (const f of fixturesOf(unit, values)) if (!f.scope.cls && f.isAutouse) out.push(f.name);
  const own = fixturesOf(test.module, values).filter((f) => f.isAutouse);
  const inClass = own.filter((f) => f.scope.cls && test.cls?.mro.some((c) => c.body === f.scope.cls?.body));
  return [...new Set([...out, ...[...own.filter((f) => !f.scope.cls), ...inClass].map((f) => f.name)])];
}
