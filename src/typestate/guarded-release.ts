/**
 * Does a hook, or that of a base which it calls by `super()`, release the thing under a condition of its own, by which it knows whether there is one?
 *
 * `if CONF.service_available.neutron:`, `if not self.keep: rmtree(self.folder)`, `if self.fd >= 0: os.close(self.fd)`, `if self.is_down: return` before
 * the release: what the condition means is the suite's to know, and on the other arm there is nothing, or it is to stay. A question that has the
 * same answer on every run of a machine (`if sys.platform == "win32":`) is none of them, nor a flag that is only given constants: what that says is
 * known. Misses: a hook that forgets it under some setting (samples/18-described-resources).
 */
import type { Instr, Operand, Stmt } from '../ir/ir.ts';
import { testsAround } from '../ir/nesting.ts';
import { forEachStmt } from '../ir/statements.ts';
import { callBehind } from '../program/call-site.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Values } from '../program/values.ts';
import { isWrittenOut } from './plain-values.ts';
import type { End } from './transfer.ts';

/** The end is a release that such a condition stands around, or such a way out before. */
export function isGuarded(end: End, hook: Scope, values: Values): boolean {
  if (end.end !== 'released' || end.scope.fn.name !== hook.fn.name) return false;
  const { body } = end.scope.fn;
  return [...testsAround(end.instr, body), ...waysOutBefore(end.instr, body)].some((t) => isSetting(t) || asksInstance(t, end.scope, values));
}

/** The conditions under which the function returns before it comes to the instruction. */
function waysOutBefore(instr: Instr, body: Stmt): readonly Operand[] {
  const out: Operand[] = [];
  forEachStmt(body, (s) => {
    if (s.op !== 'if' || s.end > instr.start) return;
    let returns = false;
    forEachStmt(s, (inner) => {
      returns ||= inner.op === 'return';
    });
    if (returns) out.push(s.test);
  });
  return out;
}

/** `CONF.service_available.neutron` */
function isSetting(test: Operand): boolean {
  let of = test;
  while (of.op === 'attr') of = of.of;
  return of !== test && of.op === 'name' && of.scope === 'global';
}

/** Something of the test's own instance or class is asked about, of which it is not written down what it is. */
function asksInstance(test: Operand, scope: Scope, values: Values): boolean {
  const asks = (o: Operand): boolean => asksInstance(o, scope, values);
  switch (test.op) {
    case 'name':
      return factsOf(scope.module, scope.fn).receiver?.name === test.name;
    case 'attr':
      return asks(test.of) && !isWrittenFlag(test, scope, values);
    case 'index':
    case 'unary':
      return asks(test.of);
    case 'compare':
      return [test.left, ...test.rest.map((r) => r.value)].some(asks);
    case 'boolean':
      return test.items.every(asks);
    case 'temp': {
      const call = callBehind(test, scope);
      return call !== undefined && [call.callee, ...call.args.map((a) => a.value)].some((o) => o !== test && asks(o));
    }
    default:
      return false;
  }
}

/** All that the attribute is ever given is a constant, or an empty list to be filled. */
function isWrittenFlag({ of, name }: Extract<Operand, { op: 'attr' }>, scope: Scope, values: Values): boolean {
  if (of.op !== 'name' || !scope.cls) return false;
  const given = values.assignedTo(scope.cls, name);
  // `keep = False`: a switch for people, who want to see what a test has left.
  if (given.length === 1 && given[0]?.value.op === 'const' && given[0].value.kind === 'bool') return false;
  return given.length > 0 && given.every((a) => isWrittenOut(a.value));
}
