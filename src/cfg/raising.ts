/**
 * Which instructions may raise, as far as their form tells?
 *
 * Such an instruction ends its block and has a raise edge. How likely the exception is, and whether the edge is taken at all, is configuration
 * and decided by who walks the graph; here only the form counts, so that a graph never depends on configuration.
 * Reading `d['k']` or `x.y` is no raise point: nearly every line would be one. But code such as `try: return cache['k']` followed by
 * `except KeyError` says by itself that a read raises: a try statement with handlers and nothing else in its body that may raise makes every
 * instruction of its body a raise point (`hasRaisePoint` answers that), because a handler without a way into it would never be analysed.
 */
import type { Instr, Stmt } from '../ir/ir.ts';

/** Whether `instr` may raise by its form: call, await, yield, assert, raise, next, enter, exit, import. */
export function mayRaise(instr: Instr): boolean {
  switch (instr.op) {
    case 'call':
    case 'await':
    case 'yield':
    case 'assert':
    case 'raise':
    case 'next':
    case 'enter':
    case 'exit':
    case 'import':
      return true;
    default:
      return false;
  }
}

/** Whether an instruction in `stmt` may raise by its form. Stops at the first, which nearly always is the first instruction at all. */
export function hasRaisePoint(stmt: Stmt): boolean {
  const open: (Stmt | null)[] = [stmt];
  while (open.length > 0) {
    const next = open.pop();
    if (!next) continue;
    switch (next.op) {
      case 'run':
        if (next.instrs.some(mayRaise)) return true;
        break;
      case 'seq':
        for (let i = next.items.length - 1; i >= 0; i--) open.push(next.items[i]);
        break;
      case 'raise':
      case 'with':
        return true;
      case 'if':
        open.push(next.otherwise, next.then);
        break;
      case 'loop':
        open.push(next.otherwise, next.body, next.head);
        break;
      case 'try':
        open.push(next.final, next.otherwise, next.body);
        for (const handler of next.handlers) open.push(handler.body);
        break;
      case 'match':
        for (const one of next.cases) open.push(one.body, one.guardHead, one.bind);
        break;
      case 'return':
      case 'break':
      case 'continue':
        break;
    }
  }
  return false;
}
