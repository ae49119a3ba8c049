/**
 * Of which statements does a statement consist?
 *
 * The tree as it was written, outermost first; what runs when is the graph's to say. Nested functions are left out: each has a tree of its own.
 */
import type { Stmt } from './ir.ts';

/** The statements directly inside of a statement, in source order. */
export function partsOf(stmt: Stmt): readonly Stmt[] {
  if (stmt.op === 'seq') return stmt.items;
  if (stmt.op === 'run') return none;
  const parts: Stmt[] = [];
  forEachPart(stmt, (part) => parts.push(part));
  return parts;
}

const none: readonly Stmt[] = [];

/** Calls `visit` with every statement of the tree, outermost first. */
export function forEachStmt(stmt: Stmt, visit: (s: Stmt) => void): void {
  const all = (s: Stmt): void => {
    visit(s);
    forEachPart(s, all);
  };
  all(stmt);
}

function forEachPart(stmt: Stmt, visit: (part: Stmt) => void): void {
  switch (stmt.op) {
    case 'seq':
      for (const item of stmt.items) visit(item);
      break;
    case 'if':
      visit(stmt.then);
      if (stmt.otherwise !== null) visit(stmt.otherwise);
      break;
    case 'loop':
      visit(stmt.head);
      visit(stmt.body);
      if (stmt.otherwise !== null) visit(stmt.otherwise);
      break;
    case 'try':
      visit(stmt.body);
      for (const { body } of stmt.handlers) visit(body);
      if (stmt.otherwise !== null) visit(stmt.otherwise);
      if (stmt.final !== null) visit(stmt.final);
      break;
    case 'with':
      visit(stmt.body);
      break;
    case 'match':
      for (const { bind, guardHead, body } of stmt.cases) {
        visit(bind);
        if (guardHead !== null) visit(guardHead);
        visit(body);
      }
      break;
    default:
  }
}
