/**
 * Which fixtures of a test class end after each of its tests, with the test's own instance as `self`?
 *
 * `@pytest.fixture(autouse=True) def client(self): self.client = None; yield; if self.client: self.client.close()` is a teardown in all but
 * name. Fixtures of a wider scope get another instance; those that no test and no other fixture asks for do not run.
 */
import type { IrFunction } from '../ir/ir.ts';
import type { ClassUnit } from '../program/classes.ts';
import type { Scope } from '../program/scope.ts';
import { fixtureFunctions, fixtureOf, isFixture, type TestRef } from './discover.ts';
import { markedFixtures, usedFixtures } from './marks.ts';

const NONE: readonly IrFunction[] = [];

/** By class body: hundreds of subclasses ask for those of their common base. */
const cache = new WeakMap<IrFunction, readonly IrFunction[]>();

/** The fixtures that the class itself defines. */
function ownFixtures({ module, body, members }: ClassUnit): readonly IrFunction[] {
  if (fixtureFunctions(module).length === 0) return NONE; // Most modules have none.
  const known = cache.get(body);
  if (known) return known;
  const found: IrFunction[] = [];
  for (const index of members.values()) {
    const fn = module.ir.functions[index] as IrFunction;
    if (fn.kind === 'function' && isFixture(fn)) found.push(fn);
  }
  cache.set(body, found);
  return found;
}

/** The fixtures in which something follows a yield, as they run for the class. */
export function classFixtures(cls: ClassUnit, tests: readonly TestRef[]): readonly Scope[] {
  const found = new Map<string, { readonly scope: Scope; readonly runsAlways: boolean }>();
  const asked = new Set<string>();
  for (const c of cls.mro) {
    for (const fn of ownFixtures(c)) {
      const fixture = fixtureOf({ module: c.module, fn, cls, definedIn: c });
      for (const p of fn.params) asked.add(p.name);
      if (found.has(fixture.name) || fixture.fixtureScope !== 'function') continue;
      found.set(fixture.name, { scope: fixture.scope, runsAlways: fixture.isAutouse });
    }
  }
  if (found.size === 0) return [];
  for (const t of tests)
    for (const name of [...t.scope.fn.params.map((p) => p.name), ...usedFixtures(t.scope.fn.decorators, t.scope.module)]) asked.add(name);
  for (const c of cls.mro)
    for (const name of [...usedFixtures(c.body.decorators, c.module), ...markedFixtures(c.module, c.body.index)]) asked.add(name);
  for (const name of markedFixtures(cls.module, 0)) asked.add(name);
  return [...found].flatMap(([name, f]) => (f.scope.fn.isGenerator && (f.runsAlways || asked.has(name)) ? [f.scope] : []));
}
