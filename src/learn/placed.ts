/**
 * Where in its function does an instruction stand: in the body, in a `finally`, in an exception handler, behind the `yield` of a fixture?
 *
 * One walk over the statement tree, in source order. What stands in a `finally`, or behind the `yield` of a generator that gives something
 * to its caller, is written to undo what came before; a handler is weaker, it runs on failure only.
 */
import type { Instr, Stmt } from '../ir/ir.ts';

export type Position = 'body' | 'finally' | 'handler' | 'after-yield';

/** Calls `visit` for every instruction with its position; nested functions are left out. */
export function forEachPlaced(body: Stmt, visit: (instr: Instr, position: Position) => void): void {
  let yielded = false;
  const instr = (i: Instr, position: Position): void => {
    visit(i, position === 'body' && yielded ? 'after-yield' : position);
    if (i.op === 'yield') yielded = true;
  };
  const walk = (s: Stmt, position: Position): void => {
    switch (s.op) {
      case 'seq':
        for (const item of s.items) walk(item, position);
        break;
      case 'run':
        for (const i of s.instrs) instr(i, position);
        break;
      case 'if':
        walk(s.then, position);
        if (s.otherwise) walk(s.otherwise, position);
        break;
      case 'loop':
        walk(s.head, position);
        walk(s.body, position);
        if (s.otherwise) walk(s.otherwise, position);
        break;
      case 'try':
        walk(s.body, position);
        for (const h of s.handlers) walk(h.body, position === 'body' ? 'handler' : position);
        if (s.otherwise) walk(s.otherwise, position);
        if (s.final) walk(s.final, 'finally');
        break;
      case 'with':
        instr(s.enter, position);
        walk(s.body, position);
        break;
      case 'match':
        for (const c of s.cases) {
          walk(c.bind, position);
          if (c.guardHead) walk(c.guardHead, position);
          walk(c.body, position);
        }
        break;
      case 'return':
      case 'raise':
        instr(s.instr, position);
        break;
      default:
    }
  };
  walk(body, 'body');
}
