/**
 * Which instructions are the test's own judgement: an assertion, a `fail`, a call of a helper that asserts?
 *
 * Three grades, because rules differ in what they may take for an assertion: `direct` (an `assert` statement, an assertion method of the
 * framework or of a mock, a call that only fails), `custom` (a call whose name says that it checks, or a project function that asserts),
 * and nothing. A product function that happens to be called `assert_ready` is custom, never direct.
 */
import type { Instr } from '../ir/ir.ts';
import { forEachInstr } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';

/** Assertion methods of mocks: they raise AssertionError and nothing else. */
const OF_MOCKS =
  /^assert_(called|called_once|called_with|called_once_with|any_call|has_calls|not_called|awaited\w*|any_await|has_awaits|not_awaited)$/;
const NAMED = /^_*(assert|check|verify|expect|ensure|validate|compare|should)(_|[A-Z]|$)/;

export type AssertionGrade = 'direct' | 'custom';

/** The grade of an instruction; undefined where it judges nothing. */
export function assertionGrade(instr: Instr, scope: Scope, engine: Engine): AssertionGrade | undefined {
  if (instr.op === 'assert') return 'direct';
  if (instr.op === 'raise') return engine.calls.raising(instr, scope).type === 'AssertionError' ? 'direct' : undefined;
  if (instr.op !== 'call') return undefined;
  const callee = instr.callee;
  if (callee.op !== 'attr' && callee.op !== 'name') return undefined;
  const info = engine.calls.info(instr, scope);
  const effect = info.models.find((m) => m.pattern.effect === 'asserts' || m.pattern.effect === 'raises')?.pattern.effect;
  if (!info.callee && effect !== undefined) {
    if (callee.op === 'name' || OF_MOCKS.test(info.view.method)) return 'direct';
    // `self.assertX`, `case.assertX`, `numpy.testing.assert_x`: what the receiver is decides.
    const path = info.view.importPath;
    if (path !== undefined) return 'direct';
    return isTestCase(callee, scope, engine) ? 'direct' : 'custom';
  }
  if (NAMED.test(callee.name)) return 'custom';
  return info.callee && engine.calls.asserts(info.callee) ? 'custom' : undefined;
}

/** The receiver of the method is the test: `self`, `cls`, or a name that says so. */
function isTestCase(callee: { readonly op: string; readonly of?: unknown }, scope: Scope, engine: Engine): boolean {
  const of = callee.of as Parameters<Engine['values']['of']>[0];
  if (of.op !== 'name') return false;
  if (/^(self|cls|case|test_?case|test|testcase)$/i.test(of.name)) return true;
  const value = engine.values.of(of, scope);
  return value?.kind === 'instance' || value?.kind === 'class';
}

const direct = new WeakMap<Scope['fn'], boolean>();

/** True where the function's own code (nested functions aside) judges anything. */
export function assertsItself(scope: Scope, engine: Engine): boolean {
  const known = direct.get(scope.fn);
  if (known !== undefined) return known;
  let found = false;
  forEachInstr(scope.fn.body, (i) => {
    found ||= assertionGrade(i, scope, engine) !== undefined;
  });
  direct.set(scope.fn, found);
  return found;
}
