/**
 * Which functions and classes does a body define, in order, and which of them whatever happens?
 *
 * A definition in an `if`, `try`, loop or `match` is one of several that may come true; one that stands plainly in its body always does.
 * Left out: names that are bound by anything else than `def` and `class`.
 */
import type { FunctionIndex, Instr, IrFunction, Stmt } from '../ir/ir.ts';

export interface Defined {
  readonly name: string;
  readonly index: FunctionIndex;
  readonly instr: Extract<Instr, { op: 'define' }>;
  /** False inside `if`, `try`, loops and `match`. */
  readonly always: boolean;
}

/** The definitions of a function, class or module body, nested blocks included, nested functions left out. */
export function definitionsIn(body: Stmt): readonly Defined[] {
  const out: Defined[] = [];
  const visit = (s: Stmt, always: boolean): void => {
    switch (s.op) {
      case 'seq':
        for (const i of s.items) visit(i, always);
        break;
      case 'run':
        for (const i of s.instrs) if (i.op === 'define') out.push({ name: i.name, index: i.index, instr: i, always });
        break;
      case 'with':
        visit(s.body, always);
        break;
      case 'if':
        visit(s.then, false);
        if (s.otherwise) visit(s.otherwise, false);
        break;
      case 'loop':
        visit(s.head, false);
        visit(s.body, false);
        if (s.otherwise) visit(s.otherwise, false);
        break;
      case 'try':
        visit(s.body, false);
        for (const h of s.handlers) visit(h.body, false);
        if (s.otherwise) visit(s.otherwise, false);
        if (s.final) visit(s.final, false);
        break;
      case 'match':
        for (const c of s.cases) visit(c.body, false);
        break;
      default:
    }
  };
  visit(body, true);
  return out;
}

/** True where all that the body holds is documentation, `pass` or `...`. */
export function isEmptyBody(fn: IrFunction): boolean {
  const empty = (s: Stmt): boolean => {
    if (s.op === 'seq') return s.items.every(empty);
    if (s.op === 'return') return s.instr.value === null || (s.instr.value.op === 'const' && s.instr.value.kind === 'none');
    return s.op === 'run' && s.instrs.every((i) => i.op === 'evaluate' && i.value.op === 'const');
  };
  return !fn.isGenerator && empty(fn.body);
}
