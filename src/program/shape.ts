/**
 * What kinds of statements is a function made of? Answered from the statement tree, without its graph.
 *
 * Most test functions are straight lines: where nothing branches there is no path to choose, and where nothing leaves early every
 * instruction is reached. Nested functions are left out.
 */
import type { IrFunction, Stmt } from '../ir/ir.ts';
import { Kind, kindsIn } from './module.ts';

export interface Shape {
  /** It has a branch, a loop or a match, comprehensions and `and`/`or` among them. */
  readonly branches: boolean;
  /**
   * Normal and raised edges together lead to every instruction, whatever stands in it: there is no statement after which another one may be
   * out of reach (a return before the end, raise, break, continue), no try or match, and no test that is a literal.
   */
  readonly straight: boolean;
}

const cache = new WeakMap<IrFunction, Shape>();

const BRANCHES = Kind.if | Kind.loop | Kind.match;
const BENDS = BRANCHES | Kind.try | Kind.return | Kind.leave;
const LINE: Shape = { branches: false, straight: true };

/** The shape of the function's body; found once. */
export function shapeOf(fn: IrFunction): Shape {
  if ((kindsIn(fn.body) & BENDS) === 0) return LINE;
  let shape = cache.get(fn);
  if (!shape) cache.set(fn, (shape = read(fn.body)));
  return shape;
}

function read(body: Stmt): Shape {
  let branches = false;
  let straight = true;
  const last = body.op === 'seq' ? body.items.at(-1) : body;
  const todo: Stmt[] = [body];
  for (let s = todo.pop(); s; s = todo.pop()) {
    switch (s.op) {
      case 'run':
        break;
      case 'seq':
        todo.push(...s.items);
        break;
      case 'with':
        todo.push(s.body);
        break;
      case 'if':
        branches = true;
        if (s.test.op === 'const') straight = false;
        todo.push(s.then);
        if (s.otherwise) todo.push(s.otherwise);
        break;
      case 'loop':
        branches = true;
        if (s.test?.op === 'const') straight = false;
        todo.push(s.head, s.body);
        if (s.otherwise) todo.push(s.otherwise);
        break;
      case 'try':
        straight = false;
        todo.push(s.body, ...s.handlers.map((h) => h.body));
        if (s.otherwise) todo.push(s.otherwise);
        if (s.final) todo.push(s.final);
        break;
      case 'match':
        branches = true;
        straight = false;
        break;
      case 'return':
        if (s !== last) straight = false;
        break;
      default:
        straight = false;
    }
  }
  return { branches, straight };
}
