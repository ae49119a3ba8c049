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

/** What an assertion says of presence: the call that asks whether something is there and is told no, or what is over. */
type Claim = { readonly absent: Operand } | { readonly over: Operand };

/** By instruction: most assertions claim nothing of the kind, and are asked about for every obligation. */
const claims = new WeakMap<Instr, Claim | null>();

/** True where the instruction is an assertion that holds only when the resource is gone. */
export function provesGone(instr: Instr, state: State, tracked: Tracked, scope: Scope, engine: Engine): boolean {
  if (!soundsLikeAssertion(instr)) return false;
  let claim = claims.get(instr);
  if (claim === undefined) claims.set(instr, (claim = claimOf(instr, scope, engine)));
  if (claim === null) return false;
  if ('absent' in claim) return asksForPresence(claim.absent, state, tracked.kind, scope, engine.values);
  const path = engine.path(claim.over, scope);
  return path !== undefined && relationOf(path, state, tracked.kind)?.kind === 'exact';
}

function claimOf(instr: Instr, scope: Scope, engine: Engine): Claim | null {
  const assertion = assertionOf(instr, scope, engine.values);
  if (!assertion) return null;
  let { left, negated } = assertion;
  if (assertion.relation === 'equal' || assertion.relation === 'identical') {
    const { right } = assertion;
    if (right?.op !== 'const' || typeof right.value !== 'boolean') return null;
    negated = right.value === negated;
  } else if (assertion.relation !== 'truth') return null;
  while (left.op === 'unary' && left.operator === 'not') {
    left = left.of;
    negated = !negated;
  }
  if (negated) return left.op === 'temp' ? { absent: left } : null;
  const call = left.op === 'temp' ? callBehind(left, scope) : undefined;
  const asked = call ? call.callee : left;
  if (asked.op !== 'attr' || !(call ? SAYS_OVER : SAYS_CLOSED).test(asked.name) || asked.name === 'returncode') return null;
  return { over: asked.of };
}
