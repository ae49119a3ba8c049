/** Is an assignment to an attribute the replacement of something that others use, and is what it is given code or data? */
import type { Instr, Operand } from '../../ir/ir.ts';
import { callBehind } from '../../program/call-site.ts';
import type { Scope } from '../../program/scope.ts';
import { fixtureOf, isFixture } from '../../suite/discover.ts';
import type { RuleContext } from '../define.ts';

/** A module's or class's attribute that is given something else; attributes of other imported objects only where they are given a callable. */
export function isReplacement(
  instr: Extract<Instr, { op: 'assign' }>,
  target: Extract<Operand, { op: 'attr' }>,
  scope: Scope,
  context: RuleContext,
): boolean {
  const { values } = context.engine;
  const base = values.of(target.of, scope);
  if (!isStub(instr.value, scope, context)) {
    // A knob of the tests' own fake; what a fixture of every test sets for good, the whole run is to have.
    if (base?.kind === 'class' && values.program.isTestCode(base.cls.module.name)) return false;
    if (isFixture(scope.fn) && !scope.fn.isGenerator && fixtureOf(scope).isAutouse) return false;
  }
  if (target.name.startsWith('__') || isOnMember(target.of) || isOfMock(target)) return false;
  if (SETUP.test(scope.fn.name) && isEmpty(instr.value)) return false;
  if (base?.kind === 'module' || base?.kind === 'class') return true;
  const of = target.of;
  if (of.op === 'name' && scope.module.imports.get(of.name)?.name === null) return true;
  if ((of.op === 'name' || of.op === 'attr') && /^[A-Z]/.test(of.name) && !/^[A-Z0-9_]+$/.test(of.name)) return true;
  return isStub(instr.value, scope, context);
}

/** Hooks that run before tests. */
const SETUP = /^(asyncSetUp|_?setUp|setUpClass|setUpModule|setUpTestData|setup(_\w+)?|resource_setup)$/;

/** `Cache.instance = None` in a setup: it begins with nothing left over, and leaves nothing. */
function isEmpty(value: Operand): boolean {
  if (value.op === 'const') return value.value === null || value.value === 0 || value.value === '';
  return ((value.op === 'list' || value.op === 'tuple') && value.items.length === 0) || (value.op === 'dict' && value.entries.length === 0);
}

/** What a mock is told to return belongs to the mock; that it stands there was somebody else's doing. */
function isOfMock(target: Operand): boolean {
  return target.op === 'attr' && (/^(return_value|side_effect)$/.test(target.name) || isOfMock(target.of));
}

/** `Class.member.x`: the place belongs to what the class holds, which may be a stub already. */
function isOnMember(of: Operand): boolean {
  return of.op === 'attr' && of.of.op !== 'temp' && isClassName(of.of);
}

function isClassName(of: Operand): boolean {
  return (of.op === 'name' || of.op === 'attr') && /^[A-Z][a-z]/.test(of.name);
}

/** The value is code that stands in for other code: a function, a class, a mock, or something called so. */
export function isStub(value: Operand, scope: Scope, context: RuleContext): boolean {
  const v = context.engine.values.of(value, scope);
  if (v?.kind === 'function' || v?.kind === 'nested' || v?.kind === 'method' || v?.kind === 'class' || v?.kind === 'module') return true;
  const call = callBehind(value, scope);
  if (call && (call.callee.op === 'attr' || call.callee.op === 'name') && /mock|fake|stub|dummy/i.test(call.callee.name)) return true;
  return (value.op === 'name' || value.op === 'attr') && /mock|fake|stub|dummy/i.test(value.name);
}
