/**
 * Which tests stand around an instruction: the conditions of the `if` statements that it is written in?
 *
 * By place in the source, so that no graph is needed. Tests of loops do not count: they say how often.
 */
import type { Instr, Operand, Stmt } from './ir.ts';

/** Outermost first. */
export function testsAround(instr: Instr, stmt: Stmt): readonly Operand[] {
  if ('start' in stmt && (instr.start < stmt.start || instr.end > stmt.end)) return [];
  const inner = partsOf(stmt).flatMap((s) => testsAround(instr, s));
  return stmt.op === 'if' && partsOf(stmt).some((s) => isIn(instr, s)) ? [stmt.test, ...inner] : inner;
}

function isIn(instr: Instr, stmt: Stmt): boolean {
  return stmt.op === 'run' ? stmt.instrs.includes(instr) : partsOf(stmt).some((s) => isIn(instr, s));
}

function partsOf(stmt: Stmt): readonly Stmt[] {
  const some = (list: readonly (Stmt | null)[]): readonly Stmt[] => list.filter((s) => s !== null);
  switch (stmt.op) {
    case 'seq':
      return stmt.items;
    case 'if':
      return some([stmt.then, stmt.otherwise]);
    case 'loop':
      return some([stmt.head, stmt.body, stmt.otherwise]);
    case 'try':
      return some([stmt.body, ...stmt.handlers.map((h) => h.body), stmt.otherwise, stmt.final]);
    case 'with':
      return [stmt.body];
    case 'match':
      return stmt.cases.flatMap((c) => some([c.bind, c.guardHead, c.body]));
    default:
      return [];
  }
}
