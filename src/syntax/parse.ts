/**
 * How does text become a syntax tree?
 *
 * One parser with two back ends that yield the same trees. Parsing never fails: what the grammar does not understand is listed in the
 * file's problems. Reading files and their encodings is somebody else's business.
 * WebAssembly is the default even where the native binding loads: parsing alone is slower, but parsing and copying together took 6.4 s
 * against 7.4 s (802 files, 15.7 MB), and 220 MB against 550 MB, because native trees are freed only when the garbage collector feels like it.
 */
import { backendOf, type ParserBackend } from './backend.ts';
import { excessIndentation, MAX_WIDTHS } from './indentation.ts';
import { createNativeBackend } from './native.ts';
import type { ParsedFile } from './tree.ts';
import type { WalkedTree } from './walk.ts';
import type { Backend } from './wasm.ts';
import { createWasmBackend } from './wasm.ts';

/** Such a file is not parsed at all: Python would refuse it too. */
const TOO_DEEP = `more than ${MAX_WIDTHS} different indentations: the file was not analysed`;

/** Nor is this one: a few first errors of it would be wrong guesses. */
const TOO_BROKEN = 'so many syntax errors that the parser was stopped: the file was not analysed';

export { backendOf, type ParserBackend };

/** A parser may be used for any number of files, one after the other. */
export interface PythonParser {
  readonly backend: ParserBackend;
  /** Parses one file. Never throws for what the text holds. */
  parse(text: string): ParsedFile;
  /** Parses and throws the result away: the floor that benchmarks compare with. */
  parseOnly(text: string): void;
}

/**
 * A parser with the given back end; without one, with the one that CAMPSITE_PARSER names, or else the WebAssembly one. Throws when a back end
 * that was asked for cannot be had, or is not known.
 */
export async function createParser(backend?: ParserBackend): Promise<PythonParser> {
  const made = await createBackend(backendOf(backend));
  return {
    backend: made.name,
    parse: (text) => {
      const excess = excessIndentation(text);
      const parsed = excess < 0 ? made.parse(text) : null;
      if (parsed) return { text, ...parsed };
      const start = Math.max(excess, 0);
      const nothing: WalkedTree = { root: { type: 'module', field: null, start: 0, end: 0, children: [] }, comments: [], problems: [] };
      return { text, ...nothing, problems: [{ start, end: start, message: excess < 0 ? TOO_BROKEN : TOO_DEEP }] };
    },
    parseOnly: (text) => made.parseOnly(excessIndentation(text) < 0 ? text : ''),
  };
}

async function createBackend(wanted: ParserBackend): Promise<Backend> {
  if (wanted === 'wasm') return createWasmBackend();
  const native = await createNativeBackend();
  if (native === null) throw new Error('CAMPSITE_PARSER asks for the native parser, but the package tree-sitter does not load here');
  return native;
}
