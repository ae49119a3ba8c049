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

/** Names remembered; a code base of 4,000,000 lines has fewer distinct callee names than this. */
const MEMO_LIMIT = 200_000;
const byPatterns = new WeakMap<Patterns, (name: string) => boolean>();
/** The patterns asked about last, and their answer: most questions are about one module after another. */
let patternsOfLast: Patterns | undefined;
let last: (name: string) => boolean = () => false;

/** True where a call of it has a model that asserts, whatever its receiver and arguments are; `false` says nothing. */
export function isAssertionMethod(callee: Operand, patterns: Patterns): boolean {
  if (callee.op !== 'attr') return false;
  if (patterns !== patternsOfLast) {
    let named = byPatterns.get(patterns);
    if (!named) byPatterns.set(patterns, (named = namedBy(patterns)));
    patternsOfLast = patterns;
    last = named;
  }
  return last(callee.name);
}

function namedBy({ packs }: Patterns): (name: string) => boolean {
  const index = indexPatterns(packs.flatMap((p) => p.models).filter((m) => m.effect === 'asserts' && asksForName(m)));
  const known = new Map<string, boolean>();
  return (name) => {
    let answer = known.get(name);
    if (answer === undefined) {
      if (known.size >= MEMO_LIMIT) known.clear();
      known.set(name, (answer = index.mayFind(undefined, name)));
    }
    return answer;
  };
}

function asksForName(p: CallPattern): boolean {
  const conditions = p.when.length + p.unlessInside.length + p.except.length + p.inClasses.length;
  return (
    p.method !== undefined && p.call === undefined && p.expression === undefined && p.on === undefined && p.command === undefined && conditions === 0
  );
}
