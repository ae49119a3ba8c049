/**
 * Can this call be one that a list of patterns knows, as far as its written name says?
 *
 * Asked of every call before its name is resolved: `x.close()` is nothing that a list knows in which no name ends in `close`. The answer
 * only ever errs towards yes. Invariant: the last segment of an attribute is the last segment of its canonical path, so `no` is certain
 * there; a plain name may be an alias of anything and is always `yes`.
 */
import type { Patterns } from '../config/call-view.ts';
import { compileGlob, mayEndWith } from '../config/globs.ts';
import type { CallPattern, Pack } from '../config/model.ts';
import type { Operand } from '../ir/ir.ts';

/** Names remembered for one list; a code base of 4,000,000 lines has fewer distinct callee names than this. */
const MEMO_LIMIT = 200_000;

/** The question for the patterns that `select` takes from a pack; `false` is certain. */
export function mayBeOneOf(select: (pack: Pack) => readonly CallPattern[]): (callee: Operand, patterns: Patterns) => boolean {
  const byPatterns = new WeakMap<Patterns, (name: string) => boolean>();
  return (callee, patterns) => {
    if (callee.op !== 'attr') return true;
    let ends = byPatterns.get(patterns);
    if (!ends) byPatterns.set(patterns, (ends = endsLike(patterns.packs.flatMap(select))));
    return ends(callee.name);
  };
}

function endsLike(patterns: readonly CallPattern[]): (name: string) => boolean {
  const globs = patterns.map((p) => compileGlob(p.call ?? p.method ?? p.expression ?? '*'));
  const memo = new Map<string, boolean>();
  return (name) => {
    let answer = memo.get(name);
    if (answer === undefined) {
      if (memo.size >= MEMO_LIMIT) memo.clear();
      memo.set(name, (answer = globs.some((g) => mayEndWith(g, name))));
    }
    return answer;
  };
}
