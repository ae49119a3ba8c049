/**
 * What do the decorators of tests, test classes and fixtures say?
 *
 * `@pytest.mark.usefixtures("client")` requests fixtures, `@unittest.skip("…")` and `@pytest.mark.skip` say that a test is never run, and so does
 * `@skipIf(sys.version_info >= (3,), "…")`; any other condition depends on where it would run, and says nothing. A mark may have a name of its own (`with_log = pytest.mark.usefixtures("log")`), and
 * `pytestmark` stands for a decorator of everything in its module or class. Leaves out: skipping by code or by `pytestmark`.
 */
import type { Argument, Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import type { ModuleUnit } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
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

/** The names in `usefixtures` marks: of decorators, each as its module means it, and of `pytestmark`. */
export function usedFixtures(decorators: readonly Operand[], module: ModuleUnit): readonly string[] {
  const body = scopeOf(module, 0);
  return decorators.flatMap((d) => {
    if (d.op === 'described-call') return decoratorText(d).endsWith('usefixtures') ? d.args.flatMap((a) => texts(a.value)) : [];
    return d.op === 'name' ? assigned(d.name, body).flatMap((v) => fixturesIn(v, body)) : [];
  });
}

/** What `pytestmark` of a module (the function 0) or class body asks for. */
export function markedFixtures(module: ModuleUnit, index: number): readonly string[] {
  const body = scopeOf(module, index);
  return assigned('pytestmark', body).flatMap((v) => fixturesIn(v, body));
}

const scopeOf = (module: ModuleUnit, index: number): Scope => ({
  module,
  fn: module.ir.functions[index] as Scope['fn'],
  cls: undefined,
  definedIn: undefined,
});

const assigned = (name: string, body: Scope): readonly Operand[] =>
  (factsOf(body.module, body.fn).names.get(name) ?? []).flatMap((d) => (d.kind === 'value' ? [d.value] : []));

function fixturesIn(mark: Operand, body: Scope): readonly string[] {
  if (mark.op === 'list' || mark.op === 'tuple') return mark.items.flatMap((m) => fixturesIn(m, body));
  const call = callBehind(mark, body);
  return call && decoratorText(call.callee).endsWith('usefixtures') ? call.args.flatMap((a) => texts(a.value)) : [];
}

/** Dotted names of what skips a test wherever it runs: a mark, a decorator; and of what skips it under a condition. */
const SKIPS = /(^|\.)mark\.skip$|^((unittest|unittest2|testtools)\.)?(case\.|testcase\.)?skip$/;
const SKIPS_IF = /(^|\.)mark\.skipif$|^((unittest|unittest2|testtools)\.)?(case\.|testcase\.)?skipIf$/;

/** True for a decorator that skips a test wherever it runs, and says so. */
export function isSkipMark(decorator: Operand, scope: Scope, values: Values): boolean {
  return /skip$/.test(decoratorText(decorator)) && SKIPS.test(canonicalOf(decorator, scope, values));
}

/** True for a decorator that skips a test under a condition which every Python that runs tests today fulfils. */
function isOldPythonMark(decorator: Operand, scope: Scope, values: Values): boolean {
  const [condition] = /skip[iI]f$/.test(decoratorText(decorator)) ? decoratorArguments(decorator) : [];
  return condition !== undefined && isPythonThree(condition.value, scope, values) && SKIPS_IF.test(canonicalOf(decorator, scope, values));
}

function canonicalOf(decorator: Operand, scope: Scope, values: Values): string {
  return values.canonical(decorator.op === 'described-call' ? decorator.callee : decorator, scope) ?? decoratorText(decorator);
}

/** `sys.version_info >= (3,)` */
function isPythonThree(condition: Operand, scope: Scope, values: Values): boolean {
  const [only, ...others] = condition.op === 'compare' ? condition.rest : [];
  if (condition.op !== 'compare' || !only || others.length > 0 || (only.operator !== '>=' && only.operator !== '>')) return false;
  const [major, ...more] = only.value.op === 'tuple' ? only.value.items : [];
  return more.length === 0 && major?.op === 'const' && major.value === 3 && values.canonical(condition.left, scope) === 'sys.version_info';
}

/** True for a test that is skipped wherever it runs, by a decorator of its own or of its class: its body is never entered. */
export function neverRuns(scope: Scope, values: Values): boolean {
  const skips = (decorators: readonly Operand[], at: Scope): boolean =>
    decorators.some((d) => isSkipMark(d, at, values) || isOldPythonMark(d, at, values));
  return (
    skips(scope.fn.decorators, scope) ||
    (scope.cls?.mro.some((c) => skips(c.body.decorators, { module: c.module, fn: c.body, cls: c, definedIn: c })) ?? false)
  );
}
