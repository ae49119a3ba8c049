/**
 * Of which statements does a statement consist?
 *
 * The tree as it was written, outermost first; what runs when is the graph's to say. Nested functions are left out: each has a tree of its own.
 */
import type { Stmt } from './ir.ts';

/** The statements directly inside of a statement, in source order. */
export function partsOf(stmt: Stmt): readonly Stmt[] {
  const some = (list: readonly (Stmt | null)[]): readonly Stmt[] => list.filter((s) => s !== null);
  switch (stmt.op) {
    case 'seq':
      return stmt.items;
    case 'if':
      return some([stmt.then, stmt.otherwise]);
    case 'loop':
      return some([stmt.head, stmt.body, stmt.otherwise]);
    case 'try':
      return some([stmt.body, ...stmt.handlers.map((h) => h.body), stmt.otherwise, stmt.final]);
    case 'with':
      return [stmt.body];
    case 'match':
      return stmt.cases.flatMap((c) => some([c.bind, c.guardHead, c.body]));
    default:
      return [];
  }
}

/** Calls `visit` with every statement of the tree, outermost first. */
export function forEachStmt(stmt: Stmt, visit: (s: Stmt) => void): void {
  visit(stmt);
  for (const inner of partsOf(stmt)) forEachStmt(inner, visit);
}
