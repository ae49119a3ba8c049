/**
 * What does an assertion prove about the resource: that it has been given back, whoever did it, or that where it fails there is none?
 *
 * `self.assertFalse(os.path.exists(path))`, `assert file.closed`, `self.assertTrue(task.done())`: where the test goes on after one of these,
 * nothing is held any more. Where the assertion fails, that very leak is what the test reports: it ends the obligation too.
 * `self.assertIn('id', server)`, `self.assertIsNotNone(server['id'])`, `assert not task.done()` are the other way round: they fail only where there
 * is nothing that could be given back; likewise `self.assertTrue(lock.acquire())`, and `self.assertFalse(lock.acquire())` shows that another has it.
 * `assert found is None`, `assertFalse(found)` and `assert opened is sys.stdin` show that nothing was made. Leaves out: assertions that looking the thing up raises.
 */
import type { Member } from '../config/model.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import type { Scope } from '../program/scope.ts';
import { assertionOf, soundsLikeAssertion } from '../suite/assertions.ts';
import { asksForPresence, HOLDS, SAYS_CLOSED, trialBehind } from './branch.ts';
import type { CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';
import { relationOf } from './relation.ts';
import { BEGAN, type State } from './state.ts';
import type { Tracked } from './transfer.ts';

/** Methods that answer whether the thing is over. */
const SAYS_OVER = /^(done|cancelled|closed|is_closed|is_closing|finished|is_finished|stopped|is_stopped|terminated)$/;

/** Nothing is held after it, or only where it does not fail. */
export type Proof = 'gone' | 'gone-where-it-fails';

/** What an assertion says: of the call that asks whether something is there, of what is over, or of a handle and its identity. */
type Claim =
  | { readonly asks: Operand; readonly proof: Proof }
  | { readonly over: Operand; readonly proof: Proof }
  | { readonly there: Operand; readonly isTyping: boolean }
  | { readonly other: Operand; readonly than?: Operand }
  | { readonly tried: CallInstr; readonly proof: Proof }
  | { readonly emptied: Operand }
  | { readonly has: Operand; readonly key: string };

/** By instruction: most assertions claim nothing of the kind, and are asked about for every obligation. */
const claims = new WeakMap<Instr, readonly Claim[]>();

/** What the instruction, where it is an assertion, proves of the resource. */
export function proofOf(instr: Instr, state: State, tracked: Tracked, scope: Scope, engine: Engine): Proof | undefined {
  if (!soundsLikeAssertion(instr)) return undefined;
  let known = claims.get(instr);
  if (known === undefined) claims.set(instr, (known = claimsOf(instr, scope, engine)));
  for (const claim of known) {
    const proof = proofBy(claim, state, tracked, scope, engine);
    if (proof) return proof;
  }
  return undefined;
}

function proofBy(claim: Claim, state: State, { kind }: Tracked, scope: Scope, engine: Engine): Proof | undefined {
  if ('asks' in claim) return asksForPresence(claim.asks, state, kind, scope, engine.values) ? claim.proof : undefined;
  if ('tried' in claim) return state.facts.get(BEGAN) === claim.tried.start ? claim.proof : undefined;
  if ('emptied' in claim) {
    const path = engine.path(claim.emptied, scope);
    return path !== undefined && relationOf(path, state, kind)?.kind === 'exact' ? 'gone' : undefined;
  }
  const path = engine.path('over' in claim ? claim.over : 'there' in claim ? claim.there : 'other' in claim ? claim.other : claim.has, scope);
  const relation = path === undefined ? undefined : relationOf(path, state, kind)?.kind;
  if ('over' in claim) return relation === 'exact' ? claim.proof : undefined;
  if ('other' in claim) return relation === 'exact' && !isHeldBy(claim.than, state, kind, scope, engine) ? 'gone' : undefined;
  // That the handle itself is there tells nothing: a call that acquires does not return None instead. That a member of it is not None is said to a type
  // checker, which knows no better.
  if ('there' in claim) return relation === 'identity' || (relation === 'part' && claim.isTyping) ? 'gone-where-it-fails' : undefined;
  const isIdentity = ([member, ...more]: readonly Member[]): boolean => more.length === 0 && member?.op === 'key' && member.key === claim.key;
  return relation === 'exact' && kind.identities.some(isIdentity) ? 'gone-where-it-fails' : undefined;
}

/** `assertIs(protocol.transport, transport)`: the other name is known to be one of the thing itself. */
function isHeldBy(than: Operand | undefined, state: State, kind: Tracked['kind'], scope: Scope, engine: Engine): boolean {
  const path = than && engine.path(than, scope);
  return path !== undefined && relationOf(path, state, kind)?.kind === 'exact';
}

/** `assert opened is sys.stdin`: what somebody else has for long was not made by the call. Two names of the test's own may be of one thing. */
function isAnother(left: Operand, right: Operand): readonly Claim[] {
  const isElsewhere = (o: Operand): boolean => o.op === 'attr' || (o.op === 'name' && o.scope === 'global');
  return [...(isElsewhere(right) ? [{ other: left, than: right }] : []), ...(isElsewhere(left) ? [{ other: right, than: left }] : [])];
}

function claimsOf(instr: Instr, scope: Scope, engine: Engine): readonly Claim[] {
  const assertion = assertionOf(instr, scope, engine.calls);
  if (!assertion) return [];
  let { left, negated } = assertion;
  const { right } = assertion;
  if (assertion.relation === 'contains')
    return !negated && right && left.op === 'const' && typeof left.value === 'string' ? [{ has: right, key: left.value }] : [];
  const isSame = assertion.relation === 'identical' && !negated;
  if (assertion.relation === 'equal' || assertion.relation === 'identical') {
    if (right?.op !== 'const') return isSame && right ? isAnother(left, right) : [];
    if (right.kind === 'none') negated = !negated;
    else if (typeof right.value === 'boolean') negated = right.value === negated;
    else return [];
  } else if (assertion.relation !== 'truth') return [];
  while (left.op === 'unary' && left.operator === 'not') {
    left = left.of;
    negated = !negated;
  }
  const isTyping = instr.op === 'assert' && assertion.relation === 'identical';
  const out: Claim[] = negated ? [{ other: left }] : [{ there: left, isTyping }];
  // `assertIsNone(client.sock)`: the part that holds something open is empty.
  const isNone = assertion.by === 'assertIsNone' || (right?.op === 'const' && right.kind === 'none');
  if (negated && isNone && left.op === 'attr' && HOLDS.test(left.name)) out.push({ emptied: left.of });
  if (left.op === 'temp') out.push({ asks: left, proof: negated ? 'gone' : 'gone-where-it-fails' });
  const tried = trialBehind(left, scope);
  if (tried) out.push({ tried, proof: negated ? 'gone' : 'gone-where-it-fails' });
  const call = left.op === 'temp' ? callBehind(left, scope) : undefined;
  const asked = call ? call.callee : left;
  if (asked.op !== 'attr') return out;
  // What a process returned may be 0, which is not true: that there is an answer is told by its not being None only.
  const isAnswer = asked.name === 'returncode' || asked.name === 'poll';
  if (isAnswer ? negated : (call ? SAYS_OVER : SAYS_CLOSED).test(asked.name))
    out.push({ over: asked.of, proof: negated ? 'gone-where-it-fails' : 'gone' });
  return out;
}
