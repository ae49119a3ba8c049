/**
 * Where in an instruction, or an operand, is a name mentioned?
 *
 * Reads whole operands, not only paths. The name that an assignment binds is no mention; members of it that are assigned are.
 */
import type { Instr, NameRef, Operand, Target } from '../ir/ir.ts';
import { forEachInside, operandsOf } from '../ir/operands.ts';

/** The first name in the operand that is accepted. */
export function nameInOperand(operand: Operand | Target, accept: (name: NameRef) => boolean): NameRef | undefined {
  if (operand.op === 'name') return accept(operand) ? operand : undefined;
  let found: NameRef | undefined;
  forEachInside(operand, (o) => {
    found ??= nameInOperand(o, accept);
  });
  return found;
}

/** The first name that the instruction reads and that is accepted. */
export function nameRead(instr: Instr, accept: (name: NameRef) => boolean): NameRef | undefined {
  const bound: unknown =
    instr.op === 'assign' || instr.op === 'next' || instr.op === 'enter' || instr.op === 'caught' || instr.op === 'define' ? instr.target : null;
  for (const o of operandsOf(instr)) {
    if (o === bound && (o.op === 'name' || o.op === 'targets')) continue;
    const found = nameInOperand(o, accept);
    if (found) return found;
  }
  return undefined;
}

/** The first name in any operand of the instruction, bound ones included, that is accepted. */
export function nameAnywhere(instr: Instr, accept: (name: NameRef) => boolean): NameRef | undefined {
  let found: NameRef | undefined;
  for (const o of operandsOf(instr)) found ??= nameInOperand(o, accept);
  return found;
}
