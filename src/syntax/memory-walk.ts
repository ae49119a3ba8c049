/**
 * How is a tree copied straight out of the parser's memory?
 *
 * tree-sitter's cursor asks a node for everything anew at each step, and a copy needs only a few words of it (wasm.ts says what that saves). Where
 * these words lie is not promised (`lib/src/subtree.h` and `parser.h` of tree-sitter 0.25 to 0.27), so wasm.ts tries it on a text of its own
 * first. Only trees without errors are read here: of the others, more would have to be known (walk.ts).
 */
import { mayInterpolate, Trait, Treatment, traitsOf, treatmentOf } from './grammar.ts';
import type { Comment } from './tree.ts';
import { realTypeStatement } from './type-statement.ts';
import { cutOff, type GrowingNode, interned, isBare, noChildren, type WalkedTree } from './walk.ts';

/** The parser's memory, as words and half words. A growing memory is a new one, so it is asked for once a tree. */
export interface ParserMemory {
  readonly words: Uint32Array;
  readonly halves: Uint16Array;
}

/** What the grammar says of its symbols and productions. */
export interface GrammarTable {
  /** These three by symbol. */
  readonly typeNames: readonly string[];
  readonly treatments: Uint8Array;
  readonly hasFields: Uint8Array;
  /** By production, `stride` for each: what stands for the symbol of a child, and the child's field; 0 for none. */
  readonly aliases: Uint16Array;
  readonly fields: Uint16Array;
  readonly stride: number;
  readonly fieldNames: readonly (string | null)[];
}

/** What is asked of the language in words. */
export interface LanguageNames {
  readonly types: readonly string[];
  readonly fields: readonly (string | null)[];
  nodeTypeIsNamed(type: number): boolean;
}

/** Places in a `TSTree`, in words. */
const Tree = { root: 0, language: 2 } as const;

/** Places in a `TSLanguage`, in words. */
const Language = {
  productions: 7,
  longestProduction: 9,
  fieldSlices: 16,
  fieldEntries: 17,
  publicSymbols: 19,
  aliases: 21,
} as const;

/** Places in a `SubtreeHeapData`, in words. `state` holds the symbol in its lower half, `production` the production in its upper. */
const Node = { padding: 1, size: 4, children: 9, state: 10, flags: 11, namedChildren: 13, production: 16 } as const;

/** A small leaf lies in the two words that otherwise hold a node's address; then the lowest bit is set, and the flags are those above it. */
const INLINE = 1;
const VISIBLE = 1;
const EXTRA = 4;

/**
 * Steps a UTF-16 unit before the memory is taken for one that is laid out in another way, whose words may lead in a ring. Real code has 0.6, and
 * the densest that the grammar knows, statements of one letter, 6.
 */
const STEPS_PER_UNIT = 8;

const FRAME_WORDS = 7;

/** A subtree takes two words among its parent's children. */
const CHILD_WORDS = 2;

/** Reads what the grammar of `tree` (its address) says. */
export function readGrammar({ words, halves }: ParserMemory, tree: number, names: LanguageNames): GrammarTable {
  const language = words[(tree >> 2) + Tree.language] >> 2;
  const symbols = names.types.length;
  const productions = words[language + Language.productions];
  const stride = words[language + Language.longestProduction] & 0xffff;
  const publicSymbols = words[language + Language.publicSymbols] >> 1;
  const typeNames: string[] = [];
  const treatments = new Uint8Array(symbols);
  const hasFields = new Uint8Array(symbols);
  for (let symbol = 0; symbol < symbols; symbol++) {
    const type = halves[publicSymbols + symbol];
    const name = interned(names.types[type] ?? '');
    typeNames.push(name);
    treatments[symbol] = treatmentOf(name, names.nodeTypeIsNamed(type));
    hasFields[symbol] = traitsOf(name) & Trait.fields;
  }
  const aliasStart = words[language + Language.aliases] >> 1;
  const fields = new Uint16Array(productions * stride);
  const slices = words[language + Language.fieldSlices] >> 1;
  const entries = words[language + Language.fieldEntries] >> 1;
  for (let production = 0; production < productions; production++) {
    const start = halves[slices + production * 2];
    for (let entry = start + halves[slices + production * 2 + 1] - 1; entry >= start; entry--) {
      // A field's number, then in one byte each which child has it, and whether it is one of the child's own children.
      const place = halves[entries + entry * 2 + 1];
      if (place >> 8 === 0) fields[production * stride + place] = halves[entries + entry * 2];
    }
  }
  return {
    typeNames,
    treatments,
    hasFields,
    aliases: halves.slice(aliasStart, aliasStart + productions * stride),
    fields,
    stride,
    fieldNames: names.fields.map((name) => (name === null || name === undefined ? null : interned(name))),
  };
}

/**
 * Copies the tree at the address `tree`, which has no errors; null where it cannot be one of `text` (`STEPS_PER_UNIT`). Nodes that the grammar
 * hides are entered as if their children were their parent's, and a child's field may be said by any hidden node around it.
 */
export function walkMemory({ words }: ParserMemory, tree: number, text: string, table: GrammarTable): WalkedTree | null {
  const { typeNames, treatments, hasFields, aliases, fields, stride, fieldNames } = table;
  const comments: Comment[] = [];
  const top = words[(tree >> 2) + Tree.root];
  if ((top & INLINE) !== 0) return null;
  let node = top >> 2;
  let parent: GrowingNode = { type: typeNames[words[node + Node.state] & 0xffff], field: null, start: 0, end: text.length, children: noChildren };
  const root = parent;

  /** Of each node around: where its next child lies and its last one ends, what it is made of, and where its own children begin in `waiting`. */
  let frames = new Int32Array(FRAME_WORDS * 256);
  let depth = 0;
  const parents: GrowingNode[] = [];
  /** Children of all open nodes, as many as `count` says. */
  const waiting: GrowingNode[] = [];
  let count = 0;

  let last = node;
  let at = node - words[node + Node.children] * CHILD_WORDS;
  /** Offset in bytes at which the child before ended; blanks belong to the node that follows them. */
  let edge = 0;
  /** Where the aliases and fields of the open node's next child stand. */
  let slot = (words[node + Node.production] >>> 16) * stride;
  /** Where the children begin of an open node that is visible; -1 in a hidden one. */
  let first = 0;
  /** Whether fields are read in the node, and the one that its place gives to all its children where it is hidden. */
  let asksFields = hasFields[words[node + Node.state] & 0xffff];
  let outerField = 0;
  for (let left = (text.length + 1) * STEPS_PER_UNIT; left > 0; left--) {
    if (at === last) {
      if (first >= 0) {
        if (first < count) parent.children = cutOff(waiting, first, count);
        count = first;
        if (depth === 0) return { root, comments, problems: [] };
        if (parent.type === 'type_alias_statement') waiting[count - 1] = realTypeStatement(text, parent) as GrowingNode;
        else if (isBare(parent)) waiting[count - 1] = parent.children[0];
        parent = parents.pop() as GrowingNode;
      }
      outerField = frames[--depth];
      asksFields = frames[--depth];
      first = frames[--depth];
      slot = frames[--depth];
      edge = frames[--depth];
      last = frames[--depth];
      at = frames[--depth];
      continue;
    }
    const word = words[at];
    const before = edge;
    let start: number;
    let symbol: number;
    let flags: number;
    /** Whether anything in it may be worth a copy. */
    let enters = false;
    if ((word & INLINE) !== 0) {
      const extent = words[at + 1];
      start = edge + ((extent >>> 16) & 0xff);
      edge = start + (extent >>> 24);
      symbol = (word >>> 8) & 0xff;
      flags = word >>> 1;
    } else {
      node = word >>> 2;
      start = edge + words[node + Node.padding];
      edge = start + words[node + Node.size];
      symbol = words[node + Node.state] & 0xffff;
      flags = words[node + Node.flags];
      enters = words[node + Node.children] !== 0 && words[node + Node.namedChildren] !== 0;
    }
    at += CHILD_WORDS;
    let field = 0;
    let visible = (flags & VISIBLE) !== 0;
    if ((flags & EXTRA) === 0) {
      const alias = aliases[slot];
      if (alias !== 0) {
        symbol = alias;
        visible = true;
      }
      if (asksFields !== 0) field = fields[slot] || outerField;
      slot++;
    }
    let copy: GrowingNode | null = null;
    if (visible) {
      const treatment = treatments[symbol];
      if (treatment === Treatment.drop) continue;
      if (treatment === Treatment.comment) {
        comments.push({ start: start >>> 1, end: edge >>> 1 });
        continue;
      }
      copy = {
        type: typeNames[symbol],
        field: field === 0 ? null : fieldNames[field],
        start: start >>> 1,
        end: edge >>> 1,
        children: noChildren,
      };
      waiting[count++] = copy;
      if (!enters || treatment === Treatment.leaf) continue;
      if (treatment === Treatment.string && !mayInterpolate(text, copy.start)) continue;
    } else if (!enters) continue;

    if (depth === frames.length) {
      const longer = new Int32Array(depth * 2);
      longer.set(frames);
      frames = longer;
    }
    frames[depth++] = at;
    frames[depth++] = last;
    frames[depth++] = edge;
    frames[depth++] = slot;
    frames[depth++] = first;
    frames[depth++] = asksFields;
    frames[depth++] = outerField;
    if (copy === null) {
      first = -1;
      outerField = field;
    } else {
      parents.push(parent);
      parent = copy;
      first = count;
      asksFields = hasFields[symbol];
      outerField = 0;
    }
    last = node;
    at = node - words[node + Node.children] * CHILD_WORDS;
    edge = before;
    slot = (words[node + Node.production] >>> 16) * stride;
  }
  return null;
}
