/**
 * Which functions of a module may install a stub?
 *
 * Those with a decorator that is called, a call with the name of one that installs, or an assignment to an attribute; what they do install is
 * asked of `stubsOf`. Invariant: no function left out here has a stub.
 */
import type { ModuleUnit } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { mayInstall } from '../typestate/stubs.ts';
import type { RuleContext } from './define.ts';
import { callsThat, placedAssignments } from './placed.ts';
import { functionScopes, patternsOf } from './scopes.ts';

const cache = new WeakMap<ModuleUnit, readonly Scope[]>();

/** Those of `functionScopes` that may install a stub. */
export function stubbingScopes(context: RuleContext): readonly Scope[] {
  let known = cache.get(context.module);
  if (!known) cache.set(context.module, (known = find(context)));
  return known;
}

function find(context: RuleContext): readonly Scope[] {
  const patterns = patternsOf(context);
  const writing = new Set<Scope>();
  for (const { scope } of callsThat(context, ({ callee }) => mayInstall(callee, context.module, patterns))) writing.add(scope);
  for (const { scope, instr } of placedAssignments(context)) if (instr.target.op === 'attr') writing.add(scope);
  return functionScopes(context).filter((s) => writing.has(s) || s.fn.decorators.some((d) => d.op === 'described-call'));
}
