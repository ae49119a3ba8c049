/**
 * How is a tree-sitter tree copied into the slim tree of tree.ts?
 *
 * One cursor walk without recursion, so that nesting depth costs no stack. Each property read is a call out of JavaScript; therefore the
 * type is read first and decides what else is. Problems are looked for only in files that have some.
 */
import type { NodeCursor, NodeTable } from './cursor.ts';
import { ERROR_TYPE } from './cursor.ts';
import { mayInterpolate, readsFieldsOf, Treatment, treatmentOf } from './grammar.ts';
import type { Comment, SyntaxNode, SyntaxProblem } from './tree.ts';
import { realTypeStatement } from './type-statement.ts';

interface GrowingNode extends SyntaxNode {
  readonly children: GrowingNode[];
}

/** What one walk yields. */
export interface WalkedTree {
  readonly root: SyntaxNode;
  readonly comments: readonly Comment[];
  readonly problems: readonly SyntaxProblem[];
}

/** Shared by all nodes without children; frozen, so that a mistaken push is noticed. */
const noChildren = Object.freeze([]) as unknown as GrowingNode[];

/**
 * Copies the tree under `cursor`, which stands on the root. `hasError` is tree-sitter's own flag of the root; without it no problems are
 * looked for. `table` is filled with the types and fields met and may be shared by all walks of one back end.
 */
export function walkTree(cursor: NodeCursor, text: string, table: NodeTable, hasError: boolean): WalkedTree {
  const comments: Comment[] = [];
  const problems: SyntaxProblem[] = [];
  const { treatments, readsFields } = table;
  const rootType = cursor.type();
  learnType(cursor, table, rootType);
  const root: GrowingNode = { type: table.typeNames[rootType], field: null, start: 0, end: text.length, children: [] };
  if (rootType === ERROR_TYPE) problems.push(errorAt(0, text.length));
  if (!cursor.first()) return { root, comments, problems };

  const parents: GrowingNode[] = [];
  let parent = root;
  let withFields = readsFields[rootType] === 1;
  const fieldFlags: boolean[] = [];
  const typeStatements: { readonly siblings: GrowingNode[]; readonly place: number }[] = [];
  for (;;) {
    const type = cursor.type();
    let treatment = treatments[type];
    if (treatment === Treatment.unknown) treatment = learnType(cursor, table, type);
    if (hasError) noteProblem(cursor, type, problems, table);
    if (treatment === Treatment.comment) {
      comments.push({ start: cursor.start(), end: cursor.end() });
    } else if (treatment !== Treatment.drop) {
      const start = cursor.start();
      const enters = treatment === Treatment.inner || (treatment === Treatment.string && (hasError || mayInterpolate(text, start)));
      const node: GrowingNode = {
        type: table.typeNames[type],
        field: withFields ? fieldOf(cursor, table) : null,
        start,
        end: cursor.end(),
        children: enters ? [] : noChildren,
      };
      parent.children.push(node);
      if (node.type === 'type_alias_statement') typeStatements.push({ siblings: parent.children, place: parent.children.length - 1 });
      if (enters && cursor.first()) {
        parents.push(parent);
        fieldFlags.push(withFields);
        parent = node;
        withFields = readsFields[type] === 1;
        continue;
      }
    }
    while (!cursor.next()) {
      if (parents.length === 0) {
        for (const { siblings, place } of typeStatements) siblings[place] = realTypeStatement(text, siblings[place]) as GrowingNode;
        return { root, comments, problems };
      }
      cursor.parent();
      parent = parents.pop() as GrowingNode;
      withFields = fieldFlags.pop() as boolean;
    }
  }
}

function learnType(cursor: NodeCursor, table: NodeTable, type: number): Treatment {
  const name = type === ERROR_TYPE ? 'ERROR' : cursor.typeName();
  const treatment = treatmentOf(name, cursor.named());
  table.typeNames[type] = name;
  table.treatments[type] = treatment;
  table.readsFields[type] = readsFieldsOf(name) ? 1 : 0;
  return treatment;
}

function fieldOf(cursor: NodeCursor, table: NodeTable): string | null {
  const field = cursor.field();
  if (field === 0) return null;
  return (table.fieldNames[field] ??= cursor.fieldName());
}

function noteProblem(cursor: NodeCursor, type: number, problems: SyntaxProblem[], table: NodeTable): void {
  if (type === ERROR_TYPE) problems.push(errorAt(cursor.start(), cursor.end()));
  else if (cursor.missing())
    problems.push({ start: cursor.start(), end: cursor.end(), message: `syntax error: ${table.typeNames[type]} is missing` });
}

function errorAt(start: number, end: number): SyntaxProblem {
  return { start, end, message: 'syntax error' };
}
