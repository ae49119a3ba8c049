/**
 * What do the decorators of tests, test classes and fixtures say?
 *
 * `@pytest.mark.usefixtures("client")` requests fixtures, `@unittest.skip("…")` and `@pytest.mark.skip` say that a test is never run; `skipif` and its
 * like depend on where it would run, and say nothing. Leaves out: `pytestmark`, and skipping by code.
 */
import type { Argument, Operand } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import type { Values } from '../program/values.ts';

/** Dotted text of a decorator without its arguments; '' where it is computed. */
export function decoratorText(decorator: Operand): string {
  const of = decorator.op === 'described-call' ? decorator.callee : decorator;
  if (of.op === 'name') return of.name;
  if (of.op !== 'attr') return '';
  const head = decoratorText(of.of);
  return head === '' ? '' : `${head}.${of.name}`;
}

export const decoratorArguments = (d: Operand): readonly Argument[] => (d.op === 'described-call' ? d.args : []);

/** The texts in a literal: of a string, or of the items of a list or tuple. */
export const texts = (o: Operand): readonly string[] =>
  o.op === 'const' && typeof o.value === 'string' ? [o.value] : o.op === 'list' || o.op === 'tuple' ? o.items.flatMap(texts) : [];

/** The names in `usefixtures` marks. */
export function usedFixtures(decorators: readonly Operand[]): readonly string[] {
  return decorators.flatMap((d) => (decoratorText(d).endsWith('usefixtures') ? decoratorArguments(d).flatMap((a) => texts(a.value)) : []));
}

/** Dotted names of what skips a test wherever it runs: a mark, a decorator. */
const SKIPS = /(^|\.)mark\.skip$|^((unittest|unittest2|testtools)\.)?(case\.|testcase\.)?skip$/;

/** True for a decorator that skips a test wherever it runs. */
export function isSkipMark(decorator: Operand, scope: Scope, values: Values): boolean {
  const text = decoratorText(decorator);
  return text.endsWith('skip') && SKIPS.test(values.canonical(decorator.op === 'described-call' ? decorator.callee : decorator, scope) ?? text);
}

/** True for a test that is skipped wherever it runs, by a decorator of its own or of its class: its body is never entered. */
export function neverRuns(scope: Scope, values: Values): boolean {
  return (
    scope.fn.decorators.some((d) => isSkipMark(d, scope, values)) ||
    (scope.cls?.mro.some((c) => c.body.decorators.some((d) => isSkipMark(d, { module: c.module, fn: c.body, cls: c, definedIn: c }, values))) ??
      false)
  );
}
