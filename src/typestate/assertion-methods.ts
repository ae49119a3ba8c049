/**
 * Is a called method an assertion by its name alone?
 *
 * The frameworks' assertions are most of what tests call, and their patterns ask for nothing but the name (`assert*`): for these nothing has to be
 * resolved. Left out: patterns with any other condition; who needs them asks for the call's models.
 */
import type { Patterns } from '../config/call-view.ts';
import type { CallPattern } from '../config/model.ts';
import { indexPatterns } from '../config/pattern-index.ts';
import type { Operand } from '../ir/ir.ts';

const byPatterns = new WeakMap<Patterns, (name: string) => boolean>();

/** True where a call of it has a model that asserts, whatever its receiver and arguments are; `false` says nothing. */
export function isAssertionMethod(callee: Operand, patterns: Patterns): boolean {
  if (callee.op !== 'attr') return false;
  let named = byPatterns.get(patterns);
  if (!named) byPatterns.set(patterns, (named = namedBy(patterns)));
  return named(callee.name);
}

function namedBy({ packs }: Patterns): (name: string) => boolean {
  const index = indexPatterns(packs.flatMap((p) => p.models).filter((m) => m.effect === 'asserts' && asksForName(m)));
  return (name) => index.mayFind(undefined, name);
}

function asksForName(p: CallPattern): boolean {
  const conditions = p.when.length + p.unlessInside.length + p.except.length + p.inClasses.length;
  return (
    p.method !== undefined && p.call === undefined && p.expression === undefined && p.on === undefined && p.command === undefined && conditions === 0
  );
}
