/**
 * How is a tree-sitter tree copied into the slim tree of tree.ts?
 *
 * One cursor walk without recursion, so that nesting depth costs no stack. Each property read is a call out of JavaScript; therefore the
 * type is read first and decides what else is. Problems are looked for only in files that have some.
 */
import type { NodeCursor, NodeTable } from './cursor.ts';
import { ERROR_TYPE } from './cursor.ts';
import { bareStatements, EXPRESSION_STATEMENT, mayInterpolate, Trait, Treatment, traitsOf, treatmentOf } from './grammar.ts';
import type { Comment, SyntaxNode, SyntaxProblem } from './tree.ts';
import { realTypeStatement } from './type-statement.ts';

/** A node whose children are still to come. */
export interface GrowingNode extends SyntaxNode {
  children: readonly GrowingNode[];
}

/** What one walk yields. */
export interface WalkedTree {
  readonly root: SyntaxNode;
  readonly comments: readonly Comment[];
  readonly problems: readonly SyntaxProblem[];
}

const COMMA = 44;
const DOT = 46;
const CLOSED = Trait.brackets | Trait.closed;
/** Length of brackets that nothing stands in, not even a blank. */
const EMPTY_BRACKETS = 2;

/** Shared by all nodes without children. */
export const noChildren: readonly GrowingNode[] = Object.freeze([]);

/**
 * Copies the tree under `cursor`, which stands on the root. `hasError` is tree-sitter's own flag of the root; without it no problems are
 * looked for. `table` is filled with the types and fields met and may be shared by all walks of one back end.
 * Children wait in one list until their parent ends: an array that grows by itself begins with room for seventeen.
 * Where nothing is broken, the grammar and the text say what some calls would answer, and these are not made (`Trait`).
 */
export function walkTree(cursor: NodeCursor, text: string, table: NodeTable, hasError: boolean): WalkedTree {
  const comments: Comment[] = [];
  const problems: SyntaxProblem[] = [];
  const { treatments } = table;
  const believed = hasError ? Trait.fields : ~0;
  const rootType = cursor.type();
  learnType(cursor, table, rootType);
  const root: GrowingNode = { type: table.typeNames[rootType], field: null, start: 0, end: text.length, children: noChildren };
  if (rootType === ERROR_TYPE) problems.push(errorAt(0, text.length));
  if (!cursor.first()) return { root, comments, problems };

  const parents: GrowingNode[] = [];
  /** Children of all open nodes, as many as `count` says, and at which of them each open node's own begin. */
  const waiting: GrowingNode[] = [];
  const firsts: number[] = [];
  let first = 0;
  let count = 0;
  let parent = root;
  let traits = table.traits[rootType] & believed;
  const outerTraits: number[] = [];
  for (;;) {
    const type = cursor.type();
    let treatment = treatments[type];
    if (treatment === Treatment.unknown) treatment = learnType(cursor, table, type);
    if (hasError) noteProblem(cursor, type, problems, table);
    /** Where the node ends that has just been copied; -1 for what is dropped. */
    let end = -1;
    if (treatment === Treatment.comment) {
      comments.push({ start: cursor.start(), end: cursor.end() });
    } else if (treatment !== Treatment.drop) {
      const start = cursor.start();
      end = cursor.end();
      const node: GrowingNode = {
        type: table.typeNames[type],
        field: (traits & Trait.fields) !== 0 ? fieldOf(cursor, table) : null,
        start,
        end,
        children: noChildren,
      };
      waiting[count++] = node;
      const inside = table.traits[type] & believed;
      const enters =
        treatment === Treatment.inner
          ? (inside & Trait.brackets) === 0 || end - start > EMPTY_BRACKETS
          : treatment === Treatment.string && (hasError || mayInterpolate(text, start));
      if (enters && cursor.first()) {
        parents.push(parent);
        firsts.push(first);
        outerTraits.push(traits);
        parent = node;
        first = count;
        traits = inside;
        if ((inside & Trait.brackets) !== 0) cursor.next();
        continue;
      }
    }
    for (;;) {
      if (end < 0 || !isLast(traits, end, parent.end)) {
        if (end >= 0 && (traits & Trait.attribute) !== 0 && isNameNext(text, end)) {
          waiting[count++] = { type: 'identifier', field: null, start: end + 1, end: parent.end, children: noChildren };
        } else if (cursor.next()) {
          if (end >= 0 && (traits & Trait.brackets) !== 0 && text.charCodeAt(end) === COMMA) cursor.next();
          break;
        }
      }
      if (first < count) parent.children = cutOff(waiting, first, count);
      count = first;
      if (parents.length === 0) return { root, comments, problems };
      cursor.parent();
      if (parent.type === 'type_alias_statement') waiting[count - 1] = realTypeStatement(text, parent) as GrowingNode;
      else if (isBare(parent)) waiting[count - 1] = parent.children[0];
      end = parent.end;
      parent = parents.pop() as GrowingNode;
      first = firsts.pop() as number;
      traits = outerTraits.pop() as number;
    }
  }
}

/** Whether a node says no more than the one inside of it. */
export function isBare({ type, field, start, end, children }: GrowingNode): boolean {
  if (type !== EXPRESSION_STATEMENT || field !== null || children.length !== 1) return false;
  const [inside] = children;
  return bareStatements.has(inside.type) && inside.start === start && inside.end === end;
}

/** The nodes from `first` to `count` as an array of their own. Most are one or two, and a literal is made faster than a slice. */
export function cutOff(waiting: readonly GrowingNode[], first: number, count: number): readonly GrowingNode[] {
  if (count === first + 1) return [waiting[first]];
  if (count === first + 2) return [waiting[first], waiting[first + 1]];
  return waiting.slice(first, count);
}

/** Whether a child that ends at `end` is its parent's last, as far as what is copied goes. Only the closing bracket may follow it. */
function isLast(traits: number, end: number, parentEnd: number): boolean {
  if (end === parentEnd) return (traits & Trait.endsWithChild) !== 0;
  return end + 1 === parentEnd && (traits & CLOSED) !== 0;
}

/** Whether a dot stands at `at` and an ASCII letter or `_` right after it, so that all up to the attribute's end is the name. */
function isNameNext(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== DOT) return false;
  const unit = text.charCodeAt(at + 1);
  const lower = unit | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || unit === 0x5f;
}

function learnType(cursor: NodeCursor, table: NodeTable, type: number): Treatment {
  const name = type === ERROR_TYPE ? 'ERROR' : interned(cursor.typeName());
  const treatment = treatmentOf(name, cursor.named());
  table.typeNames[type] = name;
  table.treatments[type] = treatment;
  table.traits[type] = traitsOf(name);
  return treatment;
}

function fieldOf(cursor: NodeCursor, table: NodeTable): string | null {
  const field = cursor.field();
  if (field === 0) return null;
  return (table.fieldNames[field] ??= interned(cursor.fieldName() ?? ''));
}

/** The same text as the engine keeps the literals of this program, so that comparing them is comparing two addresses. */
export function interned(name: string): string {
  return Object.keys({ [name]: true })[0];
}

function noteProblem(cursor: NodeCursor, type: number, problems: SyntaxProblem[], table: NodeTable): void {
  if (type === ERROR_TYPE) problems.push(errorAt(cursor.start(), cursor.end()));
  else if (cursor.missing())
    problems.push({ start: cursor.start(), end: cursor.end(), message: `syntax error: ${table.typeNames[type]} is missing` });
}

function errorAt(start: number, end: number): SyntaxProblem {
  return { start, end, message: 'syntax error' };
}
