/**
 * How is Python parsed with the native binding of tree-sitter?
 *
 * An optional dependency: it may be missing, or lie there without a binary that fits this machine. Then there is no native back end, and
 * that is no error. The binding brings no types of its own for the language object, so the few calls used are described here.
 */
import type { NodeTable } from './cursor.ts';
import { newNodeTable } from './cursor.ts';
import { patience } from './patience.ts';
import type { WalkedTree } from './walk.ts';
import { walkTree } from './walk.ts';
import type { Backend } from './wasm.ts';

interface NativeCursor {
  readonly nodeTypeId: number;
  readonly nodeType: string;
  readonly nodeIsNamed: boolean;
  readonly nodeIsMissing: boolean;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly currentFieldId: number | undefined;
  readonly currentFieldName: string | null;
  gotoFirstChild(): boolean;
  gotoNextSibling(): boolean;
  gotoParent(): boolean;
}

interface NativeTree {
  readonly rootNode: { readonly hasError: boolean; walk(): NativeCursor };
}

interface NativeParser {
  setLanguage(language: unknown): void;
  parse(read: (offset: number) => string, old: undefined, options: { readonly progressCallback: () => boolean }): NativeTree | undefined;
  reset(): void;
}

/** The binding refuses strings of 32 KiB and more, and reads what a callback returns into a buffer of that size; a quarter is safe. */
const CHUNK_UNITS = 8 * 1024;

/** A native parser, or null where the binding does not load here. */
export async function createNativeBackend(): Promise<Backend | null> {
  let parser: NativeParser;
  try {
    const { default: Parser } = (await import('tree-sitter')) as unknown as { default: new () => NativeParser };
    const { default: language } = (await import('tree-sitter-python')) as { default: unknown };
    parser = new Parser();
    parser.setLanguage(language);
  } catch {
    return null;
  }
  const table = newNodeTable();
  return {
    name: 'native',
    parse(text) {
      const tree = parseText(parser, text);
      return tree ? copy(tree, text, table) : null;
    },
    parseOnly(text) {
      parseText(parser, text);
    },
  };
}

function parseText(parser: NativeParser, text: string): NativeTree | undefined {
  const tree = parser.parse((offset) => text.slice(offset, offset + CHUNK_UNITS), undefined, { progressCallback: patience(text) });
  if (!tree) parser.reset(); // Otherwise the next file would be taken for the rest of this one.
  return tree;
}

function copy(tree: NativeTree, text: string, table: NodeTable): WalkedTree {
  const { rootNode } = tree;
  const cursor = rootNode.walk();
  return walkTree(
    {
      type: () => cursor.nodeTypeId,
      start: () => cursor.startIndex,
      end: () => cursor.endIndex,
      field: () => cursor.currentFieldId ?? 0,
      missing: () => cursor.nodeIsMissing,
      first: () => cursor.gotoFirstChild(),
      next: () => cursor.gotoNextSibling(),
      parent: () => cursor.gotoParent(),
      typeName: () => cursor.nodeType,
      named: () => cursor.nodeIsNamed,
      fieldName: () => cursor.currentFieldName,
    },
    text,
    table,
    rootNode.hasError,
  );
}
