/**
 * Does an assertion prove that the resource has been given back, whoever did it?
 *
 * `self.assertFalse(os.path.exists(path))`, `assert file.closed`, `self.assertTrue(task.done())`: where the test goes on after one of these,
 * nothing is held any more. Where the assertion fails, that very leak is what the test reports: it ends the obligation too. Leaves out:
 * assertions that looking the thing up raises.
 */
import type { Instr, Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import type { Scope } from '../program/scope.ts';
import { assertionOf, soundsLikeAssertion } from '../suite/assertions.ts';
import { asksForPresence, SAYS_CLOSED } from './branch.ts';
import type { Engine } from './engine.ts';
import { relationOf } from './relation.ts';
import type { State } from './state.ts';
import type { Tracked } from './transfer.ts';

/** Methods that answer whether the thing is over. */
const SAYS_OVER = /^(done|cancelled|closed|is_closed|is_closing|finished|is_finished|stopped|is_stopped|terminated)$/;

/** True where the instruction is an assertion that holds only when the resource is gone. */
export function provesGone(instr: Instr, state: State, tracked: Tracked, scope: Scope, engine: Engine): boolean {
  if (!soundsLikeAssertion(instr)) return false;
  const assertion = assertionOf(instr, scope, engine.values);
  if (!assertion) return false;
  let { left, negated } = assertion;
  if (assertion.relation === 'equal' || assertion.relation === 'identical') {
    const { right } = assertion;
    if (right?.op !== 'const' || typeof right.value !== 'boolean') return false;
    negated = right.value === negated;
  } else if (assertion.relation !== 'truth') return false;
  while (left.op === 'unary' && left.operator === 'not') {
    left = left.of;
    negated = !negated;
  }
  return negated ? asksForPresence(left, state, tracked.kind, scope, engine.values) : saysOver(left, state, tracked, scope, engine);
}

/** `file.closed`, `task.done()`: true only of what is over. */
function saysOver(operand: Operand, state: State, tracked: Tracked, scope: Scope, engine: Engine): boolean {
  const call = operand.op === 'temp' ? callBehind(operand, scope) : undefined;
  const asked = call ? call.callee : operand;
  if (asked.op !== 'attr' || !(call ? SAYS_OVER : SAYS_CLOSED).test(asked.name) || asked.name === 'returncode') return false;
  const path = engine.path(asked.of, scope);
  return path !== undefined && relationOf(path, state, tracked.kind)?.kind === 'exact';
}
