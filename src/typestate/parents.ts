/**
 * What is there between a resource and the parent that it was made in?
 *
 * A parent holds its parts under a member of its own (path.ts, OWNED): releasing the parent releases them, by its own kind's releases where
 * the part names that kind (`owned-by`). A call that makes a part of what it is given uses the parent and does not keep it.
 */
import type { Argument, Operand } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import { type Application, operandAt } from './call-transfer.ts';
import type { Engine } from './engine.ts';
import { OWNED, pathOf } from './path.ts';
import { relationOf } from './relation.ts';
import type { State } from './state.ts';
import type { Tracked } from './transfer.ts';

/** The parent that the resource was made in (`mkstemp(dir=folder)`, `connection.cursor()`): releasing it releases what is inside. */
export function isOwner(operand: Operand, state: State, tracked: Tracked, scope: Scope, engine: Engine): boolean {
  const path = pathOf(operand, scope, engine.values);
  const rel = path === undefined ? undefined : relationOf(path, state, tracked.kind);
  return rel?.kind === 'owner' && rel.members.some((m) => m === OWNED);
}

/** The call releases a parent of a kind that takes this one along. */
export function endsParent(call: Application, state: State, tracked: Tracked, scope: Scope, engine: Engine): boolean {
  if (tracked.kind.ownedBy.length === 0) return false;
  const patterns = engine.patternsFor(scope);
  const receiver = call.callee.op === 'attr' ? call.callee.of : undefined;
  return tracked.kind.ownedBy.some((name) => {
    const parent = patterns.kinds.get(name);
    const releases = parent ? patterns.releases(call.info.view, parent, {}) : [];
    return releases.some(({ pattern: { handle } }) => {
      const candidates = handle.position.at === 'any-argument' ? call.args.map((a) => a.value) : [operandAt(handle, call.args, receiver)];
      return candidates.some((operand) => operand !== undefined && isOwner(operand, state, tracked, scope, engine));
    });
  });
}

/** The argument is the parent in which the call makes something (`owner:`). */
export function isParentOfNew(argument: Argument, call: Application, scope: Scope, engine: Engine): boolean {
  return engine
    .patternsFor(scope)
    .acquisitions(call.info.view)
    .some(({ pattern: { owner } }) => owner !== undefined && operandAt(owner, call.args, undefined) === argument.value);
}
