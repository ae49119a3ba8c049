/**
 * Which loop statement does an instruction belong to, and can the loop be left before its end?
 *
 * Reads the tree of statements; comprehensions are loops too.
 */
import type { Instr, IrFunction, Stmt } from '../../ir/ir.ts';
import { Kind, kindsIn } from '../../program/module.ts';

export type Loop = Extract<Stmt, { op: 'loop' }>;

const cache = new WeakMap<IrFunction, readonly Loop[]>();

/** All loops of the function, outer ones first; those of nested functions left out. */
export function loopsOf(fn: IrFunction): readonly Loop[] {
  const known = cache.get(fn);
  if (known) return known;
  const out: Loop[] = [];
  if ((kindsIn(fn.body) & Kind.loop) !== 0)
    visitStatements(fn.body, (s) => {
      if (s.op === 'loop') out.push(s);
      return true;
    });
  cache.set(fn, out);
  return out;
}

/** Calls `visit` for a statement and all below it; false from `visit` leaves out what is below. */
export function visitStatements(stmt: Stmt, visit: (s: Stmt) => boolean | undefined): void {
  if (visit(stmt) === false) return;
  const each = (s: Stmt | null): void => {
    if (s) visitStatements(s, visit);
  };
  switch (stmt.op) {
    case 'seq':
      stmt.items.forEach(each);
      break;
    case 'if':
      each(stmt.then);
      each(stmt.otherwise);
      break;
    case 'loop':
      each(stmt.head);
      each(stmt.body);
      each(stmt.otherwise);
      break;
    case 'try':
      each(stmt.body);
      stmt.handlers.forEach((h) => each(h.body));
      each(stmt.otherwise);
      each(stmt.final);
      break;
    case 'with':
      each(stmt.body);
      break;
    case 'match':
      stmt.cases.forEach((c) => {
        each(c.bind);
        each(c.guardHead);
        each(c.body);
      });
      break;
    default:
  }
}

/** The for loop (or comprehension) whose head takes the element. */
export function loopOfNext(fn: IrFunction, next: Instr): Loop | undefined {
  return loopsOf(fn).find((l) => l.kind === 'for' && holds(l.head, next));
}

function holds(stmt: Stmt, instr: Instr): boolean {
  let found = false;
  visitStatements(stmt, (s) => {
    if (s.op === 'run' && s.instrs.includes(instr)) found = true;
    return true;
  });
  return found;
}

/** True where a `break` leaves the loop. */
export function canBreak(loop: Loop): boolean {
  let found = false;
  visitStatements(loop.body, (s) => {
    if (s.op === 'break') found = true;
    return s.op !== 'loop';
  });
  return found;
}

/** The innermost loop around an offset; undefined outside of loops. */
export function loopAround(fn: IrFunction, offset: number): Loop | undefined {
  let inner: Loop | undefined;
  for (const l of loopsOf(fn)) if (l.start <= offset && offset < l.end && (!inner || l.start >= inner.start)) inner = l;
  return inner;
}
