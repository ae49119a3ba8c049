/**
 * Is what a call releases the tracked resource, or may it be?
 *
 * It is the resource, or something that identifies it. Where the analysis cannot see (an element of a collection, something in a list that
 * was asked for), it may be: then the obligation escapes.
 */
import type { Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import type { Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';
import { comprehensionSource } from './origin.ts';
import { pathOf } from './path.ts';
import { membersText, relationOf } from './relation.ts';
import type { State } from './state.ts';
import type { Tracked } from './transfer.ts';

/** The resource is only an element of collections, and what is released comes from where the analysis cannot see: it may be that element. */
export function mayBeElement(operand: Operand, state: State, scope: Scope, engine: Engine): boolean {
  if (!state.holders.every((h) => h.includes('[')) || !state.holders.some((h) => h.includes('[*]'))) return false;
  if (operand.op !== 'name' && operand.op !== 'temp' && operand.op !== 'index') return false;
  const call = callBehind(operand, scope);
  if (call) return engine.patternsFor(scope).acquisitions(engine.calls.info(call, scope).view).length === 0;
  return operand.op === 'index' || (operand.op === 'name' && engine.facts(scope).names.get(operand.name)?.length !== 1);
}

/** A thing on another machine may be found again by asking for a list of them: what a loop over the answer deletes may be it. */
export function mayBeListed(operand: Operand, { kind }: Tracked, scope: Scope, engine: Engine): boolean {
  if (kind.identities.length === 0) return false;
  let base = operand;
  while (base.op === 'attr' || base.op === 'index') base = base.of;
  if (base.op !== 'name' || base.scope !== 'local') return false;
  const defs = engine.facts(scope).names.get(base.name) ?? [];
  return defs.some((d) => d.instr?.op === 'next' && isAnswer(d.instr.iterable, scope, engine));
}

/** What something else answered, and what is picked from that: `{s['id']: s for s in api.get_servers()}.values()`. */
function isAnswer(operand: Operand, scope: Scope, engine: Engine): boolean {
  const call = callBehind(operand, scope);
  if (call?.callee.op === 'attr') {
    const of = call.callee.of;
    if (!/^(values|items|keys)$/.test(call.callee.name)) return true;
    const defs = of.op === 'name' && of.scope === 'local' ? (engine.facts(scope).names.get(of.name) ?? []) : [];
    const [def] = defs;
    const picked = defs.length === 1 && def?.kind === 'value' ? def.value : of;
    const source = picked.op === 'temp' ? comprehensionSource(picked.id, scope) : undefined;
    return source !== undefined && isAnswer(source, scope, engine);
  }
  const source = operand.op === 'temp' ? comprehensionSource(operand.id, scope) : undefined;
  return source !== undefined && isAnswer(source, scope, engine);
}

/** The operand is the resource or something that identifies it, also inside a format string or a call of str(). */
export function isHandle(operand: Operand, state: State, tracked: Tracked, scope: Scope, engine: Engine): boolean {
  const path = pathOf(operand, scope, engine.values);
  const rel = path === undefined ? undefined : relationOf(path, state, tracked.kind);
  if (rel?.kind === 'exact' || rel?.kind === 'identity') return true;
  return rel?.kind === 'owner' && tracked.kind.identities.some((i) => rel.members.includes(membersText(i)));
}
