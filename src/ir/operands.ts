/**
 * Which operands are inside an operand, an instruction, or a statement?
 *
 * One place that knows the shape of every union of ir.ts, for those who look for something in all of them.
 */
import type { Instr, Operand, Target } from './ir.ts';

type Inside = Operand | Target | null;

/** Calls `visit` with each operand directly inside `operand`. */
export function forEachInside(operand: Operand | Target, visit: (inner: Operand | Target) => void): void {
  const all = (operands: readonly Inside[]): void => {
    for (const inner of operands) if (inner !== null) visit(inner);
  };
  switch (operand.op) {
    case 'attr':
    case 'star':
    case 'unary':
      return visit(operand.of);
    case 'index':
      visit(operand.of);
      return visit(operand.key);
    case 'slice':
      return all(operand.parts);
    case 'tuple':
    case 'list':
    case 'set':
    case 'boolean':
      return all(operand.items);
    case 'dict':
      for (const { key, value } of operand.entries) all([key, value]);
      return;
    case 'format':
      for (const part of operand.parts) if (typeof part !== 'string') visit(part);
      return;
    case 'binary':
      visit(operand.left);
      return visit(operand.right);
    case 'compare':
      visit(operand.left);
      return all(operand.rest.map(({ value }) => value));
    case 'choice':
      return all([operand.test, operand.then, operand.otherwise]);
    case 'described-call':
      visit(operand.callee);
      return all(operand.args.map(({ value }) => value));
    case 'targets':
      return all(operand.items.map((item) => (item.op === 'starred' ? item.of : item)));
    case 'name':
    case 'temp':
    case 'const':
    case 'function':
    case 'unknown':
      return;
  }
}

/** What an instruction reads, in order. The target of an assignment is read as far as it is an attribute or item of something. */
export function operandsOf(instr: Instr): readonly (Operand | Target)[] {
  return insideInstr(instr).filter((operand) => operand !== null);
}

function insideInstr(instr: Instr): readonly Inside[] {
  switch (instr.op) {
    case 'call':
      return [instr.callee, ...instr.args.map(({ value }) => value)];
    case 'assign':
      return [instr.value, instr.target, instr.annotation ?? null];
    case 'augment':
      return [instr.target, instr.value];
    case 'evaluate':
    case 'await':
    case 'yield':
      return [instr.value];
    case 'assert':
      return [instr.test, instr.message];
    case 'delete':
      return [instr.target];
    case 'next':
      return [instr.iterable, instr.target];
    case 'collect':
      return [instr.key, instr.value];
    case 'enter':
    case 'exit':
      return [instr.manager, instr.target];
    case 'define':
      return [instr.target];
    case 'import':
      return instr.bindings.map(({ bound }) => bound);
    case 'raise':
      return [instr.value, instr.cause];
    case 'return':
      return [instr.value];
    case 'caught':
      return [instr.target, instr.types];
  }
}

/** The temporary that an instruction's result goes to, or null. */
export function resultOf(instr: Instr): number | null {
  return instr.op === 'call' || instr.op === 'await' || instr.op === 'yield' || instr.op === 'enter' ? instr.result : null;
}
