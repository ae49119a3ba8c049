/**
 * Is a called method an assertion by its name alone?
 *
 * The frameworks' assertions are most of what tests call, and their patterns ask for nothing but the name (`assert*`): for these nothing has to be
 * resolved. Left out: patterns with any other condition; who needs them asks for the call's models.
 */
import type { Patterns } from '../config/call-view.ts';
import type { CallPattern } from '../config/model.ts';
import { asksForNamesOnly, indexPatterns } from '../config/pattern-index.ts';
import type { Operand } from '../ir/ir.ts';
import { byPatterns } from './by-patterns.ts';

/** True where a call of it has a model that asserts, whatever its receiver and arguments are; `false` says nothing. */
export function isAssertionMethod(callee: Operand, patterns: Patterns): boolean {
  return callee.op === 'attr' && namesOf(patterns).mayFind(undefined, callee.name);
}

const namesOf = byPatterns(({ packs }) => indexPatterns(packs.flatMap((p) => p.models).filter((m) => m.effect === 'asserts' && asksForName(m))));

function asksForName(p: CallPattern): boolean {
  return p.method !== undefined && p.call === undefined && p.expression === undefined && asksForNamesOnly(p);
}
