/**
 * How is a statement lowered?
 *
 * Simple statements become instructions here; compound ones have files of their own. What the grammar did not understand is entered for the
 * statements and calls inside it, and the function is marked as broken by module.ts.
 */
import type { Operand } from '../ir/ir.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import { lowerAnnotated, lowerAssignment, lowerAugmented, lowerTypeAlias } from './assign.ts';
import type { Body } from './body.ts';
import { cutOff, deeper, emit, emitStmt, MAX_DEPTH } from './body.ts';
import { lowerExec, lowerPrint } from './call.ts';
import { lowerIf, lowerTry, lowerWith } from './compound.ts';
import { lowerClass, lowerDecorated, lowerFunction } from './define.ts';
import { describeExpression, lowerExpression, lowerInOrder } from './expression.ts';
import { lowerImport } from './import.ts';
import { lowerFor, lowerWhile } from './loop.ts';
import { lowerMatch } from './match.ts';
import { childIn, parts } from './nodes.ts';

/** Lowers the statements of a block (or of any node whose children are statements). */
export function lowerBlock(body: Body, node: SyntaxNode | undefined): void {
  if (node === undefined) return;
  const { children } = node;
  for (let i = 0; i < children.length; i++) lowerStatement(body, children[i]);
}

/** Lowers one statement into the current block. */
export function lowerStatement(body: Body, node: SyntaxNode): void {
  const { module } = body;
  if (module.depth >= MAX_DEPTH) {
    cutOff(body);
    return;
  }
  module.depth++;
  lowerByType(body, node);
  module.depth--;
}

function lowerByType(body: Body, node: SyntaxNode): void {
  const { start, end } = node;
  const children = parts(body.module, node);
  switch (node.type) {
    case 'assignment':
      return childIn(node, 'right') === undefined ? lowerAnnotated(body, node) : lowerAssignment(body, node);
    case 'call':
      return evaluate(body, lowerExpression(body, node, start));
    case 'augmented_assignment':
      return lowerAugmented(body, node);
    case 'expression_statement':
      return lowerExpressionStatement(body, node, children);
    case 'return_statement': {
      const value = children.length === 0 ? null : lowerExpression(body, children[0]);
      return emitStmt(body, { op: 'return', instr: { op: 'return', value, start, end }, start, end });
    }
    case 'raise_statement':
      return lowerRaise(body, node, children);
    case 'assert_statement': {
      const test = lowerExpression(body, children[0], end);
      const message = children.length > 1 ? describeExpression(body, children[1]) : null;
      return emit(body, { op: 'assert', test, message, start, end });
    }
    case 'delete_statement':
      for (const child of children) lowerDelete(body, child, start, end);
      return;
    case 'import_statement':
    case 'import_from_statement':
    case 'future_import_statement':
      return lowerImport(body, node);
    case 'break_statement':
    case 'continue_statement':
      if (body.loops === 0) body.broken = true;
      else emitStmt(body, { op: node.type === 'break_statement' ? 'break' : 'continue', start, end });
      return;
    case 'if_statement':
      return lowerIf(body, node);
    case 'for_statement':
      return lowerFor(body, node);
    case 'while_statement':
      return lowerWhile(body, node);
    case 'try_statement':
      return lowerTry(body, node);
    case 'with_statement':
      return lowerWith(body, node);
    case 'match_statement':
      return lowerMatch(body, node);
    case 'function_definition':
      return lowerFunction(body, node);
    case 'class_definition':
      return lowerClass(body, node);
    case 'decorated_definition':
      return lowerDecorated(body, node);
    case 'type_alias_statement':
      return lowerTypeAlias(body, node);
    case 'print_statement':
      return lowerPrint(body, node);
    case 'exec_statement':
      return lowerExec(body, node);
    case 'ERROR':
    case 'block':
    case 'module':
      return lowerBlock(body, node);
    default:
    // pass, global and nonlocal do nothing; other pieces of broken code say nothing that could be relied on.
  }
}

function lowerExpressionStatement(body: Body, node: SyntaxNode, children: readonly SyntaxNode[]): void {
  const first: SyntaxNode | undefined = children[0];
  if (first?.type === 'assignment' || first?.type === 'augmented_assignment') {
    lowerByType(body, first);
  } else if (children.length > 1) {
    const { start, end } = node;
    emit(body, { op: 'evaluate', value: { op: 'tuple', items: lowerInOrder(body, children), start, end }, start, end });
  } else {
    evaluate(body, lowerExpression(body, first, node.start));
  }
}

/** A call has run already, and so has a yield; reading its temporary would say nothing. */
function evaluate(body: Body, value: Operand): void {
  if (value.op !== 'temp' && value.op !== 'unknown') emit(body, { op: 'evaluate', value, start: value.start, end: value.end });
}

/** Python 2 writes `raise type, message`; what is raised is then the first. */
function lowerRaise(body: Body, node: SyntaxNode, children: readonly SyntaxNode[]): void {
  const { start, end } = node;
  const causeNode = childIn(node, 'cause');
  const raised = children.find((child) => child !== causeNode);
  let value: Operand | null = null;
  if (raised?.type === 'expression_list') value = lowerInOrder(body, parts(body.module, raised))[0];
  else if (raised !== undefined) value = lowerExpression(body, raised);
  const cause = causeNode === undefined ? null : lowerExpression(body, causeNode);
  emitStmt(body, { op: 'raise', instr: { op: 'raise', value, cause, start, end }, start, end });
}

/** `del a, (b, c[0])`: one instruction for each thing deleted. */
function lowerDelete(body: Body, node: SyntaxNode, start: number, end: number): void {
  if (node.type === 'expression_list' || node.type === 'tuple' || node.type === 'list' || node.type === 'parenthesized_expression') {
    for (const child of parts(body.module, node)) deeper(body, () => lowerDelete(body, child, start, end));
  } else {
    emit(body, { op: 'delete', target: lowerExpression(body, node), start, end });
  }
}
