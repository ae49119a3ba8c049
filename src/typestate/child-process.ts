/**
 * Does this run in a process of its own, which takes along whatever it leaves?
 *
 * `Process(target=cls._serve)` runs the function in a child, and nobody else calls it: its sockets, threads and handlers are the child's. After
 * `pid = os.fork()` the arm for 0 is the child: it ends in `exec` or `_exit`, and is no way of the test. What is left on the disk or elsewhere is
 * another matter. Leaves out: functions that only a child's function calls, and what a text for another interpreter names.
 */
import type { Instr, IrFunction, Operand, Stmt } from '../ir/ir.ts';
import { forEachStmt } from '../ir/statements.ts';
import { callBehind } from '../program/call-site.ts';
import { callsIn, instrsIn, type ModuleUnit } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { mayBeOneOf } from './call-names.ts';
import { operandAt } from './call-transfer.ts';
import type { CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';

const mayRunInChild = mayBeOneOf((pack) => pack.models.filter((m) => m.effect === 'runs-in-child'));
const mayFork = mayBeOneOf((pack) => pack.models.filter((m) => m.effect === 'forks'));

/** By module: names of functions that are handed to what starts a child, and mentioned by no other call. */
const targets = new WeakMap<ModuleUnit, ReadonlySet<string>>();

/** The function is run by children only. */
export function runsInChild({ module, fn }: Scope, engine: Engine): boolean {
  let names = targets.get(module);
  if (!names) targets.set(module, (names = targetsIn(module, engine)));
  return names.has(fn.name);
}

function targetsIn(module: ModuleUnit, engine: Engine): ReadonlySet<string> {
  const handed = new Set<Operand>();
  const names = new Set<string>();
  const patterns = engine.patternsFor({ module, fn: module.ir.functions[0] as IrFunction, cls: undefined, definedIn: undefined });
  for (const fn of module.ir.functions) {
    const scope: Scope = { module, fn, cls: undefined, definedIn: undefined };
    for (const call of callsIn(fn.body)) {
      const target = call.args.length > 0 && mayRunInChild(call.callee, module, patterns) ? targetOf(call, scope, engine) : undefined;
      if ((target?.op !== 'name' && target?.op !== 'attr') || !call.args.some((a) => a.value === target)) continue;
      handed.add(target);
      names.add(target.name);
    }
  }
  if (names.size === 0) return names;
  const take = (o: Operand): void => {
    if ((o.op === 'name' || o.op === 'attr') && !handed.has(o)) names.delete(o.name);
  };
  for (const fn of module.ir.functions) {
    for (const call of callsIn(fn.body)) {
      take(call.callee);
      for (const { value } of call.args) take(value);
    }
  }
  return names;
}

function targetOf(call: CallInstr, scope: Scope, engine: Engine): Operand | undefined {
  const found = engine.calls.info(call, scope).models.find((m) => m.pattern.effect === 'runs-in-child')?.pattern.of;
  return found ? operandAt(found, call.args, undefined) : undefined;
}

/** The instruction stands in the arm of a forked child. */
export function isInForkedArm(instr: Instr, scope: Scope, engine: Engine): boolean {
  if (!forks(scope, engine)) return false;
  let found = false;
  forEachStmt(scope.fn.body, (s: Stmt) => {
    const child = s.op === 'if' ? outcomeInChild(s.test, scope, engine) : undefined;
    const arm = s.op !== 'if' || child === undefined ? null : child ? s.then : s.otherwise;
    if (arm && instrsIn(arm).includes(instr)) found = true;
  });
  return found;
}

/** The outcome that the test has in the child: `pid == 0` is true there, `pid` false. undefined for tests of anything else. */
export function outcomeInChild(test: Operand, scope: Scope, engine: Engine): boolean | undefined {
  return forks(scope, engine) ? outcome(test, scope, engine) : undefined;
}

/** Hardly a function forks: asked once of each, for every test on every path is asked about. */
const forking = new WeakMap<IrFunction, boolean>();

function forks(scope: Scope, engine: Engine): boolean {
  let known = forking.get(scope.fn);
  if (known === undefined) {
    const patterns = engine.patternsFor(scope);
    forking.set(scope.fn, (known = callsIn(scope.fn.body).some((c) => mayFork(c.callee, scope.module, patterns) && isFork(c, scope, engine))));
  }
  return known;
}

function outcome(test: Operand, scope: Scope, engine: Engine): boolean | undefined {
  if (test.op === 'unary' && test.operator === 'not') {
    const inner = outcome(test.of, scope, engine);
    return inner === undefined ? undefined : !inner;
  }
  if (test.op !== 'compare') return isForked(test, scope, engine) ? false : undefined;
  const [only] = test.rest;
  if (test.rest.length !== 1 || only?.value.op !== 'const' || only.value.value !== 0) return undefined;
  const isChild = only.operator === '==' ? true : /^(!=|>)$/.test(only.operator) ? false : undefined;
  return isChild !== undefined && isForked(test.left, scope, engine) ? isChild : undefined;
}

/** The operand is what a fork has returned. */
function isForked(operand: Operand, scope: Scope, engine: Engine): boolean {
  if (operand.op === 'temp') {
    const call = callBehind(operand, scope);
    return call !== undefined && isFork(call, scope, engine);
  }
  if (operand.op !== 'name' || operand.scope !== 'local') return false;
  return (factsOf(scope.module, scope.fn).names.get(operand.name) ?? []).some(({ instr }) => {
    const call = instr?.op === 'assign' ? callBehind(instr.value, scope) : undefined;
    return call !== undefined && isFork(call, scope, engine);
  });
}

function isFork(call: CallInstr, scope: Scope, engine: Engine): boolean {
  return engine.calls.info(call, scope).models.some((m) => m.pattern.effect === 'forks');
}
