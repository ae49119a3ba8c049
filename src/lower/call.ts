/**
 * How is a call lowered?
 *
 * Callee first, then the arguments from left to right, then the call, with its result in a new temporary. A call's span is the whole call
 * expression. Python 2's `print` and `exec` statements are calls as well.
 */
import type { Argument, Operand } from '../ir/ir.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { Body } from './body.ts';
import { emit, newTemp, temp, unknown } from './body.ts';
import { lowerExpression, lowerInOrder } from './expression.ts';
import { childIn, childOf, nameOf, parts } from './nodes.ts';
import { resolveName } from './scope.ts';

/** Lowers a `call` node. */
export function lowerCall(body: Body, node: SyntaxNode): Operand {
  const children = parts(body.module, node);
  const callee = children[0];
  const list: SyntaxNode | undefined = children[1];
  if (body.module.hasProblems && childOf(node, 'ERROR') !== undefined) return lowerBrokenCall(body, node);
  const argumentNodes = list === undefined ? noNodes : list.type === 'argument_list' ? parts(body.module, list) : [list];
  if (!body.names.owner.hasWalrus) {
    const target = lowerExpression(body, callee, node.start);
    return callOperand(body, target, lowerArguments(body, argumentNodes), node.start, node.end);
  }
  const [target, ...values] = lowerInOrder(body, [callee, ...argumentNodes.map((argument) => valueNode(body, argument))]);
  const args = argumentNodes.map((argument, i) => argumentOf(body, argument, values[i]));
  return callOperand(body, target, args, node.start, node.end);
}

/** With an error inside, nobody knows what is called; only the calls in the callee are certain. */
function lowerBrokenCall(body: Body, node: SyntaxNode): Operand {
  lowerExpression(body, parts(body.module, node)[0], node.start);
  return unknown(node.start, node.end);
}

const noNodes: readonly SyntaxNode[] = [];
const noArguments: readonly Argument[] = [];

/** Lowers arguments that do not bind names; also those of a class statement. */
export function lowerArguments(body: Body, nodes: readonly SyntaxNode[]): readonly Argument[] {
  if (nodes.length === 0) return noArguments;
  const args: Argument[] = new Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    args[i] = argumentOf(body, node, lowerExpression(body, valueNode(body, node), node.end));
  }
  return args;
}

function callOperand(body: Body, callee: Operand, args: readonly Argument[], start: number, end: number): Operand {
  if (body.describing) return { op: 'described-call', callee, args, start, end };
  const result = newTemp(body);
  emit(body, { op: 'call', result, callee, args, start, end });
  return temp(result, start, end);
}

function valueNode(body: Body, argument: SyntaxNode): SyntaxNode | undefined {
  switch (argument.type) {
    case 'keyword_argument':
      return parts(body.module, argument)[1];
    case 'list_splat':
    case 'dictionary_splat':
      return parts(body.module, argument)[0];
    default:
      return argument;
  }
}

function argumentOf(body: Body, argument: SyntaxNode, value: Operand): Argument {
  switch (argument.type) {
    case 'keyword_argument':
      return { kind: 'keyword', name: nameOf(body.module, parts(body.module, argument)[0] ?? argument), value };
    case 'list_splat':
      return { kind: 'star', name: '', value };
    case 'dictionary_splat':
      return { kind: 'double-star', name: '', value };
    default:
      return { kind: 'positional', name: '', value };
  }
}

/** Python 2: `print a, b` and `print >>f, a` call print; the stream is its `file`. */
export function lowerPrint(body: Body, node: SyntaxNode): void {
  const { start } = node;
  const args: Argument[] = [];
  const stream: Argument[] = [];
  for (const child of parts(body.module, node)) {
    if (child.type === 'chevron')
      stream.push({ kind: 'keyword', name: 'file', value: lowerExpression(body, parts(body.module, child)[0], child.end) });
    else args.push({ kind: 'positional', name: '', value: lowerExpression(body, child) });
  }
  callOperand(body, resolveName(body.names, 'print', start, start + 'print'.length), [...args, ...stream], start, node.end);
}

/** Python 2: `exec code in globals, locals` calls exec with these arguments. */
export function lowerExec(body: Body, node: SyntaxNode): void {
  const { start } = node;
  const code = childIn(node, 'code');
  const nodes = [code, ...parts(body.module, node).filter((child) => child !== code)];
  const args = lowerInOrder(body, nodes).map((value): Argument => ({ kind: 'positional', name: '', value }));
  callOperand(body, resolveName(body.names, 'exec', start, start + 'exec'.length), args, start, node.end);
}
