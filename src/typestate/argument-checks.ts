/**
 * Does a function raise there because it was called wrongly?
 *
 * `if timeout is None: raise RuntimeError('timeout is required')`, `else: raise ValueError(mode)`: a suite that runs calls its helpers as they
 * want to be called, and what they hold then is no leak. Only tests of parameters that keep their value count, and only exceptions that say so.
 * Misses: a helper that a test calls wrongly on purpose (samples/09-helpers).
 */
import type { Instr, Operand } from '../ir/ir.ts';
import { forEachInside } from '../ir/operands.ts';
import { forEachStmt } from '../ir/statements.ts';
import { callBehind } from '../program/call-site.ts';
import { type FunctionFacts, factsOf, type Scope } from '../program/scope.ts';

/** What a wrong argument is told with; assertions and exceptions of somebody's own are what a test is about. */
const OF_ARGUMENTS = new Set(['ValueError', 'TypeError', 'RuntimeError', 'NotImplementedError', 'KeyError']);
/** Questions about a parameter. */
const ASKS = /^(isinstance|issubclass|callable|len|hasattr)$/;

const known = new WeakMap<Scope['fn'], ReadonlySet<number>>();

export function isArgumentCheck(instr: Instr, scope: Scope): boolean {
  if (instr.op !== 'raise' || scope.fn.params.length === 0) return false;
  let checks = known.get(scope.fn);
  if (!checks) known.set(scope.fn, (checks = checksOf(scope)));
  return checks.has(instr.start);
}

/** Where the function raises in an arm of a test of its parameters. */
function checksOf(scope: Scope): ReadonlySet<number> {
  const found = new Set<number>();
  const facts = factsOf(scope.module, scope.fn);
  forEachStmt(scope.fn.body, (s) => {
    if (s.op !== 'if' || !asksParameters(s.test, scope, facts)) return;
    for (const arm of [s.then, s.otherwise]) {
      const last = arm?.op === 'seq' ? arm.items.at(-1) : arm;
      if (last?.op === 'raise' && tellsOfArguments(last.instr, scope)) found.add(last.instr.start);
    }
  });
  return found;
}

/** Nothing but parameters decides: `mode not in ('r', 'w')`, `not isinstance(name, str)`. */
function asksParameters(test: Operand, scope: Scope, facts: FunctionFacts): boolean {
  let asked = 0;
  let other = false;
  const visit = (o: Operand): void => {
    if (o.op === 'name') {
      const isParameter = o.scope === 'local' && o.name !== facts.receiver?.name && scope.fn.params.some((p) => p.name === o.name);
      if (isParameter && facts.names.get(o.name)?.length === 1) asked++;
      else other ||= o.scope !== 'global';
    } else if (o.op === 'temp') {
      const call = callBehind(o, scope);
      if (call?.callee.op === 'name' && ASKS.test(call.callee.name)) for (const a of call.args) visit(a.value);
      else other = true;
    } else if (o.op === 'unknown' || o.op === 'function' || o.op === 'described-call') other = true;
    else forEachInside(o, (inner) => visit(inner as Operand));
  };
  visit(test);
  return asked > 0 && !other;
}

function tellsOfArguments({ value }: Extract<Instr, { op: 'raise' }>, scope: Scope): boolean {
  if (value === null) return false;
  const named = callBehind(value, scope)?.callee ?? value;
  return named.op === 'name' && OF_ARGUMENTS.has(named.name);
}
