/**
 * Which fixture gives a test's parameter its value, and what is that value?
 *
 * pytest looks in the class, then in the module, then in the conftest files from the nearest folder up to the root, then in the plug-ins
 * that they name. The value is what the fixture returns or yields, so that a factory fixture (`def make(): …; return make`) can be called
 * through the parameter. Misses: fixtures of installed plug-ins, `getfixturevalue`, and names that a parametrisation gives (samples/08-fixtures).
 */
import type { Operand } from '../ir/ir.ts';
import { forEachInstr } from '../program/module.ts';
import type { Program } from '../program/program.ts';
import type { Scope } from '../program/scope.ts';
import type { Value, Values } from '../program/values.ts';
import { type Fixture, fixturesOf, isFixture } from './discover.ts';
import { fixtureModules } from './fixture-modules.ts';

/** Fixtures that ask for fixtures are followed this deep. */
const MAX_DEPTH = 6;

export class FixtureValues {
  readonly #program: Program;
  readonly #values: Values;

  constructor(program: Program, values: Values) {
    this.#program = program;
    this.#values = values;
  }

  /** The fixture that a parameter of the scope's function requests; undefined where there is none in reach. */
  find(name: string, scope: Scope): Fixture | undefined {
    const { module } = scope;
    const own = fixturesOf(module, this.#values).filter((f) => f.name === name && f.scope.fn !== scope.fn);
    const inClass = own.find((f) => f.scope.cls && scope.cls?.mro.some((c) => c.body === f.scope.cls?.body));
    const inModule = inClass ?? own.find((f) => !f.scope.cls);
    if (inModule) return inModule;
    for (const unit of fixtureModules(module, this.#program)) {
      const found = fixturesOf(unit, this.#values).find((f) => f.name === name && !f.scope.cls && f.scope.fn !== scope.fn);
      if (found) return found;
    }
    return undefined;
  }

  /** What the parameter stands for. */
  value(name: string, scope: Scope, depth: number): Value | undefined {
    if (depth > MAX_DEPTH || (!scope.fn.name.startsWith('test') && !isFixture(scope.fn))) return undefined;
    const fixture = this.find(name, scope);
    if (!fixture) return undefined;
    let given: Operand | null = null;
    let several = false;
    forEachInstr(fixture.scope.fn.body, (i) => {
      if ((i.op === 'return' || i.op === 'yield') && i.value !== null) {
        several ||= given !== null;
        given = i.value;
      }
    });
    return given === null || several ? undefined : this.#values.of(given, fixture.scope, depth + 1);
  }
}
