/**
 * What does a rule find in the statement tree: the try statements of a function, the instructions of a part of it?
 *
 * The tree says what belongs to a handler or a finally clause; the graph says what happens. Nested functions are left out.
 */
import type { Instr, Operand, Stmt, Target } from '../../ir/ir.ts';
import { forEachInside, operandsOf } from '../../ir/operands.ts';
import { forEachStmt } from '../../ir/statements.ts';
import { forEachInstr, instrsIn, Kind, kindsIn } from '../../program/module.ts';

export type TryStmt = Extract<Stmt, { op: 'try' }>;
export type WithStmt = Extract<Stmt, { op: 'with' }>;

/** All instructions of a statement, in source order. */
export const instrsOf = instrsIn;

/** True where the tree holds a try statement. */
export function holdsTry(stmt: Stmt): boolean {
  return (kindsIn(stmt) & Kind.try) !== 0;
}

const readTemps = new WeakMap<Stmt, ReadonlySet<number>>();

/** True where anything in the function's body reads the result of the call: an instruction, a test, the subject of a match. */
export function isResultRead(call: Extract<Instr, { op: 'call' }>, body: Stmt): boolean {
  let read = readTemps.get(body);
  if (!read) {
    const found = new Set<number>();
    const visit = (o: Operand | Target): void => {
      if (o.op === 'temp') found.add(o.id);
      else forEachInside(o, visit);
    };
    forEachStmt(body, (s) => {
      if ((s.op === 'if' || s.op === 'loop') && s.test) visit(s.test);
      else if (s.op === 'match') visit(s.subject);
    });
    forEachInstr(body, (i) => {
      // A bare call statement may be kept as the evaluation of its own result.
      if (i.op !== 'evaluate') for (const operand of operandsOf(i)) visit(operand);
    });
    readTemps.set(body, (read = found));
  }
  return read.has(call.result);
}
