/**
 * Which assertions does a module make?
 *
 * Each once, in source order, seen from the class it is written in; several rules read the same list, so it is made once a module.
 */
import type { Scope } from '../program/scope.ts';
import { type Assertion, assertionOf, soundsLikeAssertion } from '../suite/assertions.ts';
import type { RuleContext } from './define.ts';
import { assertsAndCalls } from './placed.ts';
import { isFunction } from './scopes.ts';

export interface PlacedAssertion {
  readonly scope: Scope;
  readonly assertion: Assertion;
}

const cache = new WeakMap<RuleContext['module'], readonly PlacedAssertion[]>();

/** The assertions in all functions of the module. */
export function assertionsOf(context: RuleContext): readonly PlacedAssertion[] {
  const known = cache.get(context.module);
  if (known) return known;
  const out: PlacedAssertion[] = [];
  for (const { instr, scope } of assertsAndCalls(context, soundsLikeAssertion)) {
    const assertion = isFunction(scope) ? assertionOf(instr, scope, context.engine.calls) : undefined;
    if (assertion) out.push({ scope, assertion });
  }
  cache.set(context.module, out);
  return out;
}
