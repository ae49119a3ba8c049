/**
 * Does the call of a base's hook, `super().tearDown()`, run nothing that raises?
 *
 * Where the base is the framework's own, the configuration says whether its hook does something, and of some that do that it raises nothing
 * (`testtools.TestCase.tearDown`); where it is a class of the project, each of the hook's instructions answers, further calls up the order
 * of the class among them. An unknown base may raise.
 */
import { compileGlob, testGlob } from '../config/globs.ts';
import { forEachInstr } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { frameworkOf } from '../suite/discover.ts';
import type { CallInfo, CallInstr, Calls } from './calls.ts';

/** True where neither the project's hooks above nor the framework's raise. */
export function isQuietUpcall(instr: CallInstr, info: CallInfo, scope: Scope, calls: Calls): boolean {
  const { callee } = instr;
  if (callee.op !== 'attr' || callee.of.op !== 'temp' || instr.args.length > 0) return false;
  const base = calls.values.of(callee.of, scope);
  if (base?.kind !== 'super') return false;
  const framework = frameworkOf(base.cls, calls.patternsOf(scope).frameworks);
  if (!framework) return false;
  const hooks = [...framework.setup, ...framework.teardown, ...framework.classSetup, ...framework.classTeardown];
  if (!hooks.includes(callee.name)) return false;
  if (info.callee) return info.callee.kind === 'method' && !mayRaise(calls.values.scopeOf(info.callee), calls);
  const { externalBases, hasUnknownBase } = base.cls;
  const own = framework.upcalls.includes(callee.name) ? [] : framework.bases.map((b) => compileGlob(b));
  return (
    !hasUnknownBase && externalBases.every((name) => own.some((glob) => testGlob(glob, name)) || calls.isSafeName(`${name}.${callee.name}`, scope))
  );
}

function mayRaise(scope: Scope, calls: Calls): boolean {
  let found = scope.fn.isAsync || scope.fn.isGenerator;
  forEachInstr(scope.fn.body, (instr) => {
    found ||= calls.mayRaise(instr, scope);
  });
  return found;
}
