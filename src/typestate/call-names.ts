/**
 * Can this call be one that a list of patterns knows, as far as its written name says?
 *
 * Asked of every call before its name is resolved: `x.close()` is nothing that a list knows in which no name ends in `close`. The answer
 * only ever errs towards yes. Invariant: the last segment of an attribute, of an import and of a function or builtin that the module calls by
 * its own name is the last segment of the canonical path, so `no` is certain there; other names may be aliases of anything.
 */
import type { Patterns } from '../config/call-view.ts';
import { compileGlob, lastSegments, mayEndWith } from '../config/globs.ts';
import type { CallPattern, Pack } from '../config/model.ts';
import type { Operand } from '../ir/ir.ts';
import type { ModuleUnit } from '../program/module.ts';
import { byPatterns } from './by-patterns.ts';

/** Names remembered for one list; a code base of 4,000,000 lines has fewer distinct callee names than this. */
const MEMO_LIMIT = 200_000;

/** The question for the patterns that `select` takes from a pack; `false` is certain. */
export function mayBeOneOf(select: (pack: Pack) => readonly CallPattern[]): (callee: Operand, module: ModuleUnit, patterns: Patterns) => boolean {
  const endsFor = byPatterns((patterns) => endsLike(patterns.packs.flatMap(select)));
  return (callee, module, patterns) => {
    const name = callee.op === 'attr' ? callee.name : callee.op === 'name' && callee.scope === 'global' ? canonicalName(callee.name, module) : null;
    return name === null || endsFor(patterns)(name);
  };
}

/** The last segment of what a global name stands for; null where it is a variable, or may come from a star import. */
function canonicalName(name: string, module: ModuleUnit): string | null {
  const imported = module.imports.get(name);
  if (imported) return imported.name;
  return module.topLevel.has(name) || (!module.globals.has(name) && module.starImports.length === 0) ? name : null;
}

function endsLike(patterns: readonly CallPattern[]): (name: string) => boolean {
  const globs = patterns.map((p) => compileGlob(p.call ?? p.method ?? p.expression ?? '*'));
  const exact = new Set(globs.flatMap((g) => lastSegments(g).exact));
  const open = globs.filter((g) => lastSegments(g).open);
  const memo = new Map<string, boolean>();
  return (name) => {
    if (open.length === 0) return exact.has(name);
    let answer = memo.get(name);
    if (answer === undefined) {
      if (memo.size >= MEMO_LIMIT) memo.clear();
      memo.set(name, (answer = exact.has(name) || open.some((g) => mayEndWith(g, name))));
    }
    return answer;
  };
}
