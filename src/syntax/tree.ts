/**
 * What does a parsed Python file look like to the rest of campsite?
 *
 * A slim, plain copy of the tree-sitter tree, made in one cursor walk (parse.ts): punctuation and keywords without meaning are left
 * out, strings without interpolation have no children, comments are a list of their own. Nothing here knows tree-sitter.
 * Offsets are 0-based UTF-16 units into `text`; lines and columns are made from them on demand (base/lines.ts).
 */

/** One node. `type` is the grammar's name of it (interned, so `===` is cheap); `field` is its role in the parent, or null. */
export interface SyntaxNode {
  readonly type: string;
  readonly field: string | null;
  readonly start: number;
  readonly end: number;
  readonly children: readonly SyntaxNode[];
}

/** A comment with its `#`, from `start` to `end` (exclusive). */
export interface Comment {
  readonly start: number;
  readonly end: number;
}

/** A place the grammar did not understand: an ERROR node or a token it had to invent. */
export interface SyntaxProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** The result of parsing; broken code is data, never an exception. */
export interface ParsedFile {
  readonly text: string;
  readonly root: SyntaxNode;
  readonly comments: readonly Comment[];
  readonly problems: readonly SyntaxProblem[];
}
