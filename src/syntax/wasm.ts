/**
 * How is Python parsed with WebAssembly?
 *
 * web-tree-sitter loads everywhere. Its cursor copies its state in and out of the WebAssembly memory at every call, which costs more than
 * the call itself: copying the trees of 802 files (15.7 MB) took 1.0 s of CPU time with it, 0.4 s where the same exported functions are called directly,
 * and 0.2 s where the trees are read where they lie (memory-walk.ts); parsing them takes 1.8 s. Neither of the faster ways is documented; therefore each
 * is tried once on a small text, against the documented cursor, and left alone unless both give the same tree. Where a tree is broken, the functions
 * are called.
 */

import type { Tree } from 'web-tree-sitter';
import { Language, Parser } from 'web-tree-sitter';
import type { NodeTable } from './cursor.ts';
import { newNodeTable } from './cursor.ts';
import { locateWasm } from './locate.ts';
import type { GrammarTable, ParserMemory } from './memory-walk.ts';
import { readGrammar, walkMemory } from './memory-walk.ts';
import { patience } from './patience.ts';
import type { WalkedTree } from './walk.ts';
import { walkTree } from './walk.ts';

/** What parse.ts needs of a back end. */
export interface Backend {
  readonly name: 'wasm' | 'native';
  /** Parses and copies; null where the parser was stopped (`patience`). */
  parse(text: string): WalkedTree | null;
  /** Parses and throws the tree away. */
  parseOnly(text: string): void;
}

type TreeFunction = (tree: number) => number;

const exportedNames = {
  root: '_ts_tree_root_node_wasm',
  open: '_ts_tree_cursor_new_wasm',
  close: '_ts_tree_cursor_delete_wasm',
  type: '_ts_tree_cursor_current_node_type_id_wasm',
  start: '_ts_tree_cursor_start_index_wasm',
  end: '_ts_tree_cursor_end_index_wasm',
  field: '_ts_tree_cursor_current_field_id_wasm',
  missing: '_ts_tree_cursor_current_node_is_missing_wasm',
  first: '_ts_tree_cursor_goto_first_child_wasm',
  next: '_ts_tree_cursor_goto_next_sibling_wasm',
  parent: '_ts_tree_cursor_goto_parent_wasm',
} as const;

/**
 * The exported functions of the WebAssembly module that a walk needs. They take the tree's address, and work on the node or cursor that
 * the call before has left in the transfer buffer; so nothing else may use the module during a walk.
 */
type DirectFunctions = { readonly [name in keyof typeof exportedNames]: TreeFunction };

/** Reads a tree without errors straight out of the memory; null where it does not lie there in the form that is known. */
type MemoryWalk = (tree: Tree, text: string) => WalkedTree | null;

interface Loaded {
  readonly parser: Parser;
  readonly direct: DirectFunctions | null;
  readonly memory: MemoryWalk | null;
}

let loading: Promise<Loaded> | null = null;

/** The ways of walking, from the fastest to the documented one. Each is left out where it does not give the trees that the last one gives. */
export type WasmWalk = 'memory' | 'functions' | 'cursor';

/**
 * Loads the WebAssembly modules (once a thread) and returns the parser. All back ends share it: its memory lies in the module and would only be
 * given back by hand, and runs out after some ten thousand short runs in one process. `fastest` is another one in the test that holds the ways of
 * walking to each other.
 */
export async function createWasmBackend(fastest: WasmWalk = 'memory'): Promise<Backend> {
  loading ??= load();
  const { parser, direct, memory } = await loading;
  return backendOf(parser, fastest === 'cursor' ? null : direct, fastest === 'memory' ? memory : null);
}

/** The fastest way that gives the right trees with the modules that are installed. */
export async function fastestWalk(): Promise<WasmWalk> {
  const { direct, memory } = await (loading ??= load());
  if (memory !== null) return 'memory';
  return direct === null ? 'cursor' : 'functions';
}

async function load(): Promise<Loaded> {
  // Emscripten leaves the functions and the memory of the module on the object that it is given.
  const module: Record<string, unknown> = { locateFile: (file: string) => locateWasm(file, 'web-tree-sitter') };
  await Parser.init(module);
  const language = await Language.load(locateWasm('tree-sitter-python.wasm', 'tree-sitter-python'));
  const parser = new Parser();
  parser.setLanguage(language);
  const direct = directFunctions(module);
  const memory = memoryWalk(module);
  return {
    parser,
    direct: direct !== null && agrees(parser, brokenTrial, (tree, text) => walkDirectly(tree, text, newNodeTable(), direct)) ? direct : null,
    memory: agrees(parser, goodTrial, memory) ? memory : null,
  };
}

function backendOf(parser: Parser, direct: DirectFunctions | null, memory: MemoryWalk | null): Backend {
  const table = newNodeTable();
  return {
    name: 'wasm',
    parse(text) {
      const tree = parseText(parser, text);
      if (tree === null) return null;
      try {
        const walked = memory === null || tree.rootNode.hasError ? null : memory(tree, text);
        if (walked !== null) return walked;
        return direct === null ? walkDocumented(tree, text, table) : walkDirectly(tree, text, table, direct);
      } finally {
        tree.delete();
      }
    },
    parseOnly(text) {
      parseText(parser, text)?.delete();
    },
  };
}

function parseText(parser: Parser, text: string): Tree | null {
  const tree = parser.parse(text, null, { progressCallback: patience(text) });
  if (tree === null) parser.reset(); // Otherwise the next file would be taken for the rest of this one.
  return tree;
}

function walkDocumented(tree: Tree, text: string, table: NodeTable): WalkedTree {
  const cursor = tree.walk();
  const walked = walkTree(
    {
      type: () => cursor.nodeTypeId,
      start: () => cursor.startIndex,
      end: () => cursor.endIndex,
      field: () => cursor.currentFieldId,
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
    tree.rootNode.hasError,
  );
  cursor.delete();
  return walked;
}

function walkDirectly(tree: Tree, text: string, table: NodeTable, direct: DirectFunctions): WalkedTree {
  const { language } = tree;
  const hasError = tree.rootNode.hasError;
  const address = addressOf(tree);
  direct.root(address);
  direct.open(address);
  const walked = walkTree(
    {
      type: () => direct.type(address),
      start: () => direct.start(address),
      end: () => direct.end(address),
      field: () => direct.field(address),
      missing: () => direct.missing(address) === 1,
      first: () => direct.first(address) === 1,
      next: () => direct.next(address) === 1,
      parent: () => direct.parent(address) === 1,
      typeName: () => language.types[direct.type(address)],
      named: () => language.nodeTypeIsNamed(direct.type(address)),
      fieldName: () => language.fields[direct.field(address)],
    },
    text,
    table,
    hasError,
  );
  direct.close(address);
  return walked;
}

function addressOf(tree: Tree): number {
  return (tree as unknown as { readonly 0: number })[0];
}

function directFunctions(module: Readonly<Record<string, unknown>>): DirectFunctions | null {
  const found: Record<string, unknown> = {};
  for (const [name, exported] of Object.entries(exportedNames)) {
    if (typeof module[exported] !== 'function') return null;
    found[name] = module[exported];
  }
  return found as DirectFunctions;
}

/** The grammar's table is read with the first tree, whose address leads to it. */
function memoryWalk(module: Readonly<Record<string, unknown>>): MemoryWalk {
  let grammar: GrammarTable | null = null;
  return (tree, text) => {
    const memory: ParserMemory = { words: module['HEAPU32'] as Uint32Array, halves: module['HEAPU16'] as Uint16Array };
    const address = addressOf(tree);
    grammar ??= readGrammar(memory, address, tree.language);
    return walkMemory(memory, address, text, grammar);
  };
}

/** Small, but deeper than a cursor's first stack, with a field, a comment, an f-string and an error. */
const brokenTrial = `def f(a):  # note\n    return ${'('.repeat(40)}f'{a}'${')'.repeat(40)}\nclass\n`;

/** Without an error, but with hidden nodes, aliases, words that are names here, and tokens, comments and blanks that are too long for the short form of a leaf. */
const goodTrial = [
  '\n# note\nimport a.b as c, d',
  '@e(*a, **{b: c for c in d if c}, match=type)',
  `async def print(a, *, b: int = 1, **c) -> d:${'\n'.repeat(300)}    """${'é'.repeat(300)}"""`,
  `    with a as b, (c) as d: # ${'note'.repeat(75)}\n        yield -1, not a, a if b else lambda: {1, *c}`,
  '    if a: pass\n    elif b:\n        exec = 1',
  `    else: a.b[c:d, ...] += f'{a!r:>{b}}' "b" ${' '.repeat(300)}`,
  '    try:\n        for a, *b in c: del d\n    except a as b: raise c from d\n    finally:',
  `        return [${'('.repeat(40)}${'a'.repeat(300)}${')'.repeat(40)}, b,  # note\n 1.5]`,
  "match a:\n    case {'b': c, **d} | e(f=1) as g if h: global i",
  'class j[k](l, m=n): o: p = q = r < s <= t\n',
].join('\n');

function agrees(parser: Parser, text: string, walk: (tree: Tree, text: string) => WalkedTree | null): boolean {
  const tree = parseText(parser, text);
  if (tree === null) return false;
  try {
    return JSON.stringify(walkDocumented(tree, text, newNodeTable())) === JSON.stringify(walk(tree, text));
  } catch {
    return false;
  } finally {
    tree.delete();
  }
}
