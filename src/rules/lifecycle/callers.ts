/**
 * Which tests of the module go through a helper?
 *
 * Those that call it, by way of other helpers too, whose setup calls it, or in which it is written. For the count that a finding in the helper
 * shows; nothing is concluded from it. Leaves out: tests of other modules, and calls by names that are made at run time.
 */
import type { IrFunction } from '../../ir/ir.ts';
import { callsIn, type ModuleUnit } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import type { RuleContext } from '../define.ts';

const cache = new WeakMap<ModuleUnit, ReadonlyMap<IrFunction, ReadonlySet<string>>>();
/** Calls of calls that are followed: helpers of helpers of helpers. */
const MAX_DEPTH = 6;

/** Names of the tests that go through the function. */
export function testsThrough(scope: Scope, context: RuleContext): ReadonlySet<string> {
  let known = cache.get(context.module);
  if (!known) cache.set(context.module, (known = reached(context)));
  for (let fn: IrFunction | undefined = scope.fn; fn; fn = fn.parent === null ? undefined : scope.module.ir.functions[fn.parent]) {
    const tests = known.get(fn);
    if (tests) return tests;
  }
  return NONE;
}

const NONE: ReadonlySet<string> = new Set();

function reached({ groups, engine }: RuleContext): ReadonlyMap<IrFunction, ReadonlySet<string>> {
  const out = new Map<IrFunction, Set<string>>();
  const walk = (scope: Scope, tests: readonly string[], seen: Set<IrFunction>, depth: number): void => {
    if (seen.has(scope.fn) || depth > MAX_DEPTH) return;
    seen.add(scope.fn);
    let known = out.get(scope.fn);
    if (!known) out.set(scope.fn, (known = new Set()));
    for (const t of tests) known.add(t);
    for (const call of callsIn(scope.fn.body)) {
      const { callee } = engine.calls.info(call, scope);
      if (callee && callee.kind !== 'class') walk(engine.values.scopeOf(callee), tests, seen, depth + 1);
    }
  };
  for (const g of groups) {
    const all = g.tests.map((t) => t.name);
    for (const hook of [...g.setup, ...g.classSetup, ...g.teardown]) walk(hook, all, new Set(), 0);
    for (const t of g.tests) walk(t.scope, [t.name], new Set(), 0);
  }
  return out;
}
