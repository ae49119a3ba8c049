/**
 * Is a called method an assertion by its name alone?
 *
 * The frameworks' assertions are most of what tests call, and their patterns ask for nothing but the name (`assert*`): for these nothing has to be
 * resolved. Left out: patterns with any other condition; who needs them asks for the call's models.
 */
import type { Patterns } from '../config/call-view.ts';
import { compileGlob, testGlob } from '../config/globs.ts';
import type { CallPattern } from '../config/model.ts';
import type { Operand } from '../ir/ir.ts';

/** Names remembered for one set of packs; a code base of 4,000,000 lines has fewer distinct callee names than this. */
const MEMO_LIMIT = 200_000;

const byPatterns = new WeakMap<Patterns, (name: string) => boolean>();

/** True where a call of it has a model that asserts, whatever its receiver and arguments are; `false` says nothing. */
export function isAssertionMethod(callee: Operand, patterns: Patterns): boolean {
  if (callee.op !== 'attr') return false;
  let named = byPatterns.get(patterns);
  if (!named) byPatterns.set(patterns, (named = namedBy(patterns)));
  return named(callee.name);
}

function namedBy({ packs }: Patterns): (name: string) => boolean {
  const globs = packs.flatMap((p) => p.models).flatMap((m) => (m.effect === 'asserts' && asksForName(m) ? compileGlob(m.method) : []));
  const memo = new Map<string, boolean>();
  return (name) => {
    let answer = memo.get(name);
    if (answer === undefined) {
      if (memo.size >= MEMO_LIMIT) memo.clear();
      memo.set(name, (answer = globs.some((g) => testGlob(g, name))));
    }
    return answer;
  };
}

function asksForName(p: CallPattern): p is CallPattern & { readonly method: string } {
  const conditions = p.when.length + p.unlessInside.length + p.except.length + p.inClasses.length;
  return (
    p.method !== undefined && p.call === undefined && p.expression === undefined && p.on === undefined && p.command === undefined && conditions === 0
  );
}
