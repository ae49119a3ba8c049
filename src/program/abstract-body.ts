/**
 * Does a function only stand for what subclasses do?
 *
 * Its whole body is `raise NotImplementedError`, with a docstring or without: what is called in its name is another function, also where no
 * subclass is in sight. Leaves out: bodies of `pass` or `...`, which do something where they are called: nothing.
 */
import type { Instr, IrFunction, Operand } from '../ir/ir.ts';
import { forEachInstr } from './module.ts';

/** True where the body is nothing but `raise NotImplementedError`, its message included. */
export function isAbstractBody(fn: IrFunction): boolean {
  const known = fn.memo?.isAbstract;
  if (known !== undefined) return known;
  const isAbstract = read(fn);
  if (fn.memo) fn.memo.isAbstract = isAbstract;
  return isAbstract;
}

function read(fn: IrFunction): boolean {
  const instrs: Instr[] = [];
  forEachInstr(fn.body, (i) => {
    if (i.op !== 'evaluate' || i.value.op !== 'const') instrs.push(i);
  });
  const last = instrs.at(-1);
  if (last?.op !== 'raise' || last.value === null) return false;
  const [first] = instrs;
  if (instrs.length === 1) return isName(last.value);
  return instrs.length === 2 && first?.op === 'call' && last.value.op === 'temp' && last.value.id === first.result && isName(first.callee);
}

const isName = (o: Operand): boolean => o.op === 'name' && o.name === 'NotImplementedError';
