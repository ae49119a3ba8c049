/**
 * Is this `type` statement one, or an assignment to something of a type?
 *
 * The grammar takes `type(self).count = 0` for the statement `type X = Y` of Python 3.12, with `(self).count` as the alias. An alias is
 * always a name, so whatever begins with a bracket after `type` is turned back: into an assignment to an attribute or item of the call
 * `type(self)`, or of an item of the variable `type`.
 */
import type { SyntaxNode } from './tree.ts';

const KEYWORD_LENGTH = 'type'.length;

/** The statement that Python sees, or `statement` itself where it is a real alias. */
export function realTypeStatement(text: string, statement: SyntaxNode): SyntaxNode {
  const [alias, right] = statement.children;
  if (alias?.type !== 'type' || right === undefined) return statement;
  const inside = alias.children[0];
  const [target, annotation] = inside?.type === 'constrained_type' ? inside.children : [alias];
  const first = text[target.start];
  if (first !== '(' && first !== '[') return statement;
  const { start } = statement;
  const children = [
    { ...calledType(target, start), field: 'left' },
    ...(annotation === undefined ? [] : [{ ...annotation, field: 'type' }]),
    { ...right, field: 'right' },
  ];
  return { ...statement, type: 'assignment', children };
}

/** Puts `type` back in front of the bracket that the target begins with; what lies around the bracket now begins at `start` as well. */
function calledType(node: SyntaxNode, start: number): SyntaxNode {
  const around: SyntaxNode[] = [];
  let first = node;
  while (first.type === 'type' || first.type === 'attribute' || first.type === 'subscript' || first.type === 'call') {
    if (first.type !== 'type') around.push(first);
    if (first.children.length === 0) return first;
    first = first.children[0];
  }
  let built = withType(first, start);
  for (const outer of around.reverse()) built = { ...outer, start, children: [built, ...outer.children.slice(1)] };
  return built;
}

function withType(bracket: SyntaxNode, start: number): SyntaxNode {
  const name: SyntaxNode = { type: 'identifier', field: null, start, end: start + KEYWORD_LENGTH, children: [] };
  const { end, children } = bracket;
  if (bracket.type === 'list') return { type: 'subscript', field: null, start, end, children: [name, ...children] };
  return { type: 'call', field: null, start, end, children: [name, { ...bracket, type: 'argument_list', field: null }] };
}
