/**
 * What must a tree-sitter back end offer so that its tree can be copied?
 *
 * The WASM and the native binding have different cursors; both are wrapped in this one, and walk.ts knows nothing else. Every method is a
 * call out of JavaScript, so the interface has only what the copy reads. Types and fields are numbers; their names are asked for once a
 * number (`NodeTable`).
 */

/** A position in a tree-sitter tree. The move methods answer whether they moved. */
export interface NodeCursor {
  /** Number of the current node's type; `ERROR_TYPE` for an error node. */
  type(): number;
  /** Offset of the first UTF-16 unit, 0-based. */
  start(): number;
  /** Offset after the last UTF-16 unit. */
  end(): number;
  /** Number of the current node's field in its parent; 0 for none. */
  field(): number;
  /** True for a token that the parser had to invent. */
  missing(): boolean;
  first(): boolean;
  next(): boolean;
  parent(): boolean;
  /** The grammar's name of the current node's type. */
  typeName(): string;
  /** False for punctuation and keywords. */
  named(): boolean;
  /** The grammar's name of the current node's field. */
  fieldName(): string | null;
}

/** The number tree-sitter gives to ERROR nodes in every grammar. */
export const ERROR_TYPE = 0xffff;

/** What is known about the node types and fields of one back end, filled in while walking. */
export interface NodeTable {
  readonly typeNames: string[];
  /** By type number: one of `Treatment`; 0 is "not asked yet". */
  readonly treatments: Uint8Array;
  /** By type number: bits of `Trait`. */
  readonly traits: Uint8Array;
  readonly fieldNames: (string | null)[];
}

/** An empty table. */
export function newNodeTable(): NodeTable {
  return { typeNames: [], treatments: new Uint8Array(ERROR_TYPE + 1), traits: new Uint8Array(ERROR_TYPE + 1), fieldNames: [null] };
}
