/**
 * What is around a function of the tests when pytest runs it: which fixtures, and which managers do they hold open meanwhile?
 *
 * `@pytest.fixture(autouse=True) def environment(): with mock.patch.dict(os.environ): yield` is around every test of the module, or of the
 * folder whose conftest has it; what a test or another fixture of it changes there is put back. Leaves out: a fixture that is asked for by
 * `getfixturevalue`, and fixtures of plug-ins, of which only the configuration can speak.
 */
import type { Operand } from '../ir/ir.ts';
import { forEachInstr } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { type Fixture, isFixture } from './discover.ts';
import { type FixtureWorld, fixtureOrder } from './fixture-graph.ts';

/** A manager whose body is the time that the test takes. */
export interface OpenManager {
  readonly manager: Operand;
  readonly scope: Scope;
}

export class Around {
  readonly #world: FixtureWorld;
  readonly #keyOf: (scope: Scope) => number;
  readonly #fixtures = new Map<number, readonly Fixture[]>();
  readonly #managers = new Map<number, readonly OpenManager[]>();

  constructor(world: FixtureWorld, keyOf: (scope: Scope) => number) {
    this.#world = world;
    this.#keyOf = keyOf;
  }

  /** Fixtures that are set up before a test, a fixture or a hook, and end after it. */
  fixtures(scope: Scope): readonly Fixture[] {
    const key = this.#keyOf(scope);
    let known = this.#fixtures.get(key);
    if (!known) {
      const isAsked = isFixture(scope.fn) || /^(test|setup_|setUp)/.test(scope.fn.name);
      known = isAsked ? fixtureOrder(scope, this.#world).fixtures.filter((f) => f.scope.fn !== scope.fn) : [];
      this.#fixtures.set(key, known);
    }
    return known;
  }

  /** Managers that those fixtures are in while the test runs. */
  managers(scope: Scope): readonly OpenManager[] {
    const key = this.#keyOf(scope);
    let known = this.#managers.get(key);
    if (!known) this.#managers.set(key, (known = this.fixtures(scope).flatMap((f) => aroundYield(f.scope))));
    return known;
  }
}

function aroundYield(scope: Scope): readonly OpenManager[] {
  if (!scope.fn.isGenerator) return [];
  const { enclosing } = factsOf(scope.module, scope.fn);
  const out: OpenManager[] = [];
  forEachInstr(scope.fn.body, (i) => {
    if (i.op === 'yield') out.push(...enclosing(i).map((manager) => ({ manager, scope })));
  });
  return out;
}
