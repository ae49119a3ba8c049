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
  children: readonly GrowingNode[];
}

/** What one walk yields. */
export interface WalkedTree {
  readonly root: SyntaxNode;
  readonly comments: readonly Comment[];
  readonly problems: readonly SyntaxProblem[];
}

/** Shared by all nodes without children. */
const noChildren: readonly GrowingNode[] = Object.freeze([]);

/**
 * Copies the tree under `cursor`, which stands on the root. `hasError` is tree-sitter's own flag of the root; without it no problems are
 * looked for. `table` is filled with the types and fields met and may be shared by all walks of one back end.
 * Children wait in one list until their parent ends, and are cut off it: an array that grows by itself begins with room for seventeen.
 */
export function walkTree(cursor: NodeCursor, text: string, table: NodeTable, hasError: boolean): WalkedTree {
  const comments: Comment[] = [];
  const problems: SyntaxProblem[] = [];
  const { treatments, readsFields } = table;
  const rootType = cursor.type();
  learnType(cursor, table, rootType);
  const root: GrowingNode = { type: table.typeNames[rootType], field: null, start: 0, end: text.length, children: noChildren };
  if (rootType === ERROR_TYPE) problems.push(errorAt(0, text.length));
  if (!cursor.first()) return { root, comments, problems };

  const parents: GrowingNode[] = [];
  /** Children of all open nodes, and at which of them each open node's own begin. */
  const waiting: GrowingNode[] = [];
  const firsts: number[] = [];
  let first = 0;
  let parent = root;
  let withFields = readsFields[rootType] === 1;
  const fieldFlags: boolean[] = [];
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
        children: noChildren,
      };
      waiting.push(node);
      if (enters && cursor.first()) {
        parents.push(parent);
        firsts.push(first);
        fieldFlags.push(withFields);
        parent = node;
        first = waiting.length;
        withFields = readsFields[type] === 1;
        continue;
      }
    }
    while (!cursor.next()) {
      if (first < waiting.length) {
        parent.children = waiting.slice(first);
        waiting.length = first;
      }
      if (parents.length === 0) return { root, comments, problems };
      cursor.parent();
      if (parent.type === 'type_alias_statement') waiting[waiting.length - 1] = realTypeStatement(text, parent) as GrowingNode;
      parent = parents.pop() as GrowingNode;
      first = firsts.pop() as number;
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
