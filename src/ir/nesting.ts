/**
 * Which tests stand around an instruction: the conditions of the `if` statements that it is written in?
 *
 * By place in the source, so that no graph is needed. Tests of loops do not count: they say how often.
 */
import type { Instr, Operand, Stmt } from './ir.ts';
import { partsOf } from './statements.ts';

/** Outermost first. */
export function testsAround(instr: Instr, stmt: Stmt): readonly Operand[] {
  if ('start' in stmt && (instr.start < stmt.start || instr.end > stmt.end)) return [];
  const inner = partsOf(stmt).flatMap((s) => testsAround(instr, s));
  return stmt.op === 'if' && partsOf(stmt).some((s) => isIn(instr, s)) ? [stmt.test, ...inner] : inner;
}

function isIn(instr: Instr, stmt: Stmt): boolean {
  return stmt.op === 'run' ? stmt.instrs.includes(instr) : partsOf(stmt).some((s) => isIn(instr, s));
}
