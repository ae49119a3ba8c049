/**
 * How is a child or an operator found in a syntax node?
 *
 * The slim tree has no punctuation, so operators are read from the text between operands. In files with syntax errors, ERROR nodes may stand
 * anywhere among the children and any child may be absent; `parts` leaves the former out, and callers expect the latter.
 */
import type { SyntaxNode } from '../syntax/tree.ts';
import type { ModuleState } from './body.ts';
import type { Spelling } from './scope.ts';

const none: readonly SyntaxNode[] = [];

/** The children of a node without error nodes. */
export function parts(module: ModuleState, node: SyntaxNode | undefined): readonly SyntaxNode[] {
  if (node === undefined) return none;
  return module.hasProblems ? node.children.filter((child) => child.type !== 'ERROR') : node.children;
}

/** The first child in the given field. */
export function childIn(node: SyntaxNode, field: string): SyntaxNode | undefined {
  const { children } = node;
  for (let i = 0; i < children.length; i++) if (children[i].field === field) return children[i];
  return undefined;
}

/** All children in the given field. */
export function childrenIn(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  return node.children.filter((child) => child.field === field);
}

/** The first child of the given type. */
export function childOf(node: SyntaxNode, type: string): SyntaxNode | undefined {
  const { children } = node;
  for (let i = 0; i < children.length; i++) if (children[i].type === type) return children[i];
  return undefined;
}

/** The node inside any number of parentheses. */
export function unwrapped(module: ModuleState, node: SyntaxNode): SyntaxNode {
  let inner = node;
  while (inner.type === 'parenthesized_expression' || inner.type === 'type') {
    const child = parts(module, inner)[0];
    if (child === undefined) return inner;
    inner = child;
  }
  return inner;
}

/** The source text of a node. */
export function textOf(module: ModuleState, node: SyntaxNode): string {
  return module.text.slice(node.start, node.end);
}

/** The name that a node's text is, with what it meant where it was met last. */
export function spellingOf(module: ModuleState, node: SyntaxNode): Spelling {
  const text = textOf(module, node);
  let known = module.spelt.get(text);
  if (known === undefined) module.spelt.set(text, (known = { text, scope: null, meaning: null }));
  return known;
}

/** The source text of a name; the same string wherever the module has it. */
export function nameOf(module: ModuleState, node: SyntaxNode): string {
  return spellingOf(module, node).text;
}

/** What stands between two offsets, without comments, line continuations and superfluous blanks: an operator, or commas. */
export function textBetween(module: ModuleState, from: number, to: number): string {
  const gap = module.text.slice(from, to);
  if (gap.length === 1) return gap;
  if (!/[#\n\\]|\S\s\s/.test(gap)) return gap.trim();
  return gap
    .replace(/#.*/g, '')
    .replace(/\\\r?\n/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Whether the statement or clause begins with `async`. */
export function isAsync(module: ModuleState, node: SyntaxNode): boolean {
  return module.text.startsWith('async', node.start);
}
