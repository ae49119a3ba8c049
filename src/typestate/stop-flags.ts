/**
 * Does a step tell what was started to come to its end: `running[0] = False`, `stop.set()`, where the thread's loop asks for that?
 *
 * Asked on the way of an exception only, in a `finally` or a handler: whoever stops a thread there and does not wait for it has provided for a
 * failed test. On the way on, a thread that is stopped and not joined is one all the same.
 */
import type { Instr, NameRef, Operand, Stmt, Target } from '../ir/ir.ts';
import { forEachInside } from '../ir/operands.ts';
import { partsOf } from '../ir/statements.ts';
import { callsIn } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { operandAt } from './call-transfer.ts';
import type { Engine } from './engine.ts';
import { nameInOperand, nameRead } from './mentions.ts';
import type { Tracked } from './transfer.ts';

/** What a flag is: a variable, or an attribute of the receiver. */
type Flag = { readonly name: NameRef } | { readonly attribute: string };

export function tellsToStop(instr: Instr, tracked: Tracked, scope: Scope, engine: Engine): boolean {
  const { pattern } = tracked;
  const flag = pattern.runs && flagOf(instr, scope);
  if (!flag || !pattern.runs) return false;
  for (const call of callsIn(scope.fn.body)) {
    if (
      !engine
        .patternsFor(scope)
        .acquisitions(engine.calls.info(call, scope).view)
        .some((m) => m.pattern.runs !== undefined)
    )
      continue;
    const target = operandAt(pattern.runs, call.args, undefined);
    const runner = target && engine.values.of(target, scope);
    if (runner?.kind !== 'function' && runner?.kind !== 'method' && runner?.kind !== 'nested') continue;
    if (asksInLoop(engine.values.scopeOf(runner).fn.body, flag)) return true;
  }
  return false;
}

/** `running[0] = False`, `running = False`, `self.running = False`, `stop.set()`. */
function flagOf(instr: Instr, scope: Scope): Flag | undefined {
  if (instr.op === 'assign') return instr.value.op === 'const' ? rootOf(instr.target, scope) : undefined;
  if (instr.op !== 'call' || instr.callee.op !== 'attr' || instr.args.length > 0 || !/^(set|clear)$/.test(instr.callee.name)) return undefined;
  return rootOf(instr.callee.of, scope);
}

function rootOf(place: Operand | Target, scope: Scope): Flag | undefined {
  const at = place.op === 'index' ? place.of : place;
  if (at.op === 'name') return { name: at };
  const receiver = factsOf(scope.module, scope.fn).receiver?.name;
  return at.op === 'attr' && at.of.op === 'name' && at.of.name === receiver ? { attribute: at.name } : undefined;
}

/** A loop of the body goes on as the flag says. */
function asksInLoop(stmt: Stmt, flag: Flag): boolean {
  if (stmt.op === 'loop' && ((stmt.test && mentions(stmt.test, flag)) || headMentions(stmt.head, flag))) return true;
  return partsOf(stmt).some((s) => asksInLoop(s, flag));
}

function headMentions(stmt: Stmt, flag: Flag): boolean {
  if (stmt.op !== 'run') return partsOf(stmt).some((s) => headMentions(s, flag));
  return stmt.instrs.some((i) =>
    'name' in flag ? nameRead(i, (n) => isSame(n, flag.name)) !== undefined : i.op === 'call' && mentions(i.callee, flag),
  );
}

const isSame = (a: NameRef, b: NameRef): boolean => a.name === b.name && a.owner === b.owner;

function mentions(operand: Operand | Target, flag: Flag): boolean {
  if ('name' in flag) return nameInOperand(operand, (n) => isSame(n, flag.name)) !== undefined;
  if (operand.op === 'attr' && operand.name === flag.attribute) return true;
  let found = false;
  forEachInside(operand, (inner) => {
    found ||= mentions(inner, flag);
  });
  return found;
}
