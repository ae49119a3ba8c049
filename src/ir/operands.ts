/**
 * Which operands are inside an operand, an instruction, or a statement?
 *
 * One place that knows the shape of every union of ir.ts, for those who look for something in all of them.
 */
import type { Argument, Instr, Operand, Target } from './ir.ts';

type Inside = Operand | Target | null;

/** Calls `visit` with each operand directly inside `operand`. */
export function forEachInside(operand: Operand | Target, visit: (inner: Operand | Target) => void): void {
  // What is met most stands first: where nothing is optimised, each case is a comparison.
  switch (operand.op) {
    case 'name':
    case 'const':
    case 'temp':
      break;
    case 'attr':
    case 'star':
    case 'unary':
      visit(operand.of);
      break;
    case 'index':
      visit(operand.of);
      visit(operand.key);
      break;
    case 'slice':
      for (const part of operand.parts) if (part !== null) visit(part);
      break;
    case 'tuple':
    case 'list':
    case 'set':
    case 'boolean':
      for (const item of operand.items) visit(item);
      break;
    case 'dict':
      for (const { key, value } of operand.entries) {
        if (key !== null) visit(key);
        visit(value);
      }
      break;
    case 'format':
      for (const part of operand.parts) if (typeof part !== 'string') visit(part);
      break;
    case 'binary':
      visit(operand.left);
      visit(operand.right);
      break;
    case 'compare':
      visit(operand.left);
      for (const { value } of operand.rest) visit(value);
      break;
    case 'choice':
      visit(operand.test);
      visit(operand.then);
      visit(operand.otherwise);
      break;
    case 'described-call':
      visit(operand.callee);
      for (const { value } of operand.args) visit(value);
      break;
    case 'targets':
      for (const item of operand.items) visit(item.op === 'starred' ? item.of : item);
      break;
    case 'function':
    case 'unknown':
      break;
  }
}

/** What an instruction reads, in order. The target of an assignment is read as far as it is an attribute or item of something. */
export function operandsOf(instr: Instr): readonly (Operand | Target)[] {
  switch (instr.op) {
    case 'call': {
      const { callee, args } = instr;
      const all: Operand[] = new Array(args.length + 1);
      all[0] = callee;
      for (let i = 0; i < args.length; i++) all[i + 1] = (args[i] as Argument).value;
      return all;
    }
    case 'assign':
      return instr.annotation === undefined ? [instr.value, instr.target] : [instr.value, instr.target, instr.annotation];
    case 'augment':
      return [instr.target, instr.value];
    case 'evaluate':
    case 'await':
      return [instr.value];
    case 'yield':
    case 'return':
      return instr.value === null ? none : [instr.value];
    case 'assert':
      return both(instr.test, instr.message);
    case 'delete':
    case 'define':
      return [instr.target];
    case 'next':
      return [instr.iterable, instr.target];
    case 'collect':
      return both(instr.key, instr.value);
    case 'enter':
    case 'exit':
      return both(instr.manager, instr.target);
    case 'import':
      return instr.bindings.map(({ bound }) => bound);
    case 'raise':
      return both(instr.value, instr.cause);
    case 'caught':
      return both(instr.target, instr.types);
  }
}

const none: readonly Operand[] = [];

function both(first: Inside, second: Inside): readonly (Operand | Target)[] {
  if (first === null) return second === null ? none : [second];
  return second === null ? [first] : [first, second];
}

/** The temporary that an instruction's result goes to, or null. */
export function resultOf(instr: Instr): number | null {
  return instr.op === 'call' || instr.op === 'await' || instr.op === 'yield' || instr.op === 'enter' ? instr.result : null;
}
