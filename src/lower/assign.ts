/**
 * How are assignments lowered?
 *
 * The value first, then the targets from left to right. In `a = b = []` both names get the same object, so a value that makes a new one
 * goes into a temporary. Annotations are described, not run; in a class body or module, Python does evaluate one that stands alone.
 */
import { type Operand, Operator, type Target } from '../ir/ir.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { Body } from './body.ts';
import { emit, spill } from './body.ts';
import { describeExpression, lowerExpression } from './expression.ts';
import { typeParameterNames } from './names.ts';
import { childIn, childOf, parts, textBetween, unwrapped } from './nodes.ts';
import { innerScope } from './scope.ts';
import { lowerTarget } from './target.ts';

/** Lowers `a = value`, `a: T = value` and chains `a = b = value`. */
export function lowerAssignment(body: Body, node: SyntaxNode): void {
  let value: SyntaxNode | undefined = childIn(node, 'right');
  if (value?.type !== 'assignment' && value?.type !== 'augmented_assignment') {
    assignTo(body, node, lowerExpression(body, value, node.end));
    return;
  }
  const assignments: SyntaxNode[] = [];
  value = node;
  while (value?.type === 'assignment') {
    assignments.push(value);
    value = childIn(value, 'right');
  }
  if (value?.type === 'augmented_assignment') {
    lowerAugmented(body, value);
    value = childIn(value, 'left');
  }
  let operand = lowerExpression(body, value, node.end);
  if (assignments.length > 1 && operand.op !== 'temp' && operand.op !== 'name' && operand.op !== 'const') operand = spill(body, operand);
  for (const assignment of assignments) assignTo(body, assignment, operand);
}

function assignTo(body: Body, assignment: SyntaxNode, value: Operand): void {
  const type = childIn(assignment, 'type');
  const target = lowerTarget(body, childIn(assignment, 'left'), assignment.start);
  const { start, end } = assignment;
  if (type === undefined) emit(body, { op: 'assign', target, value, start, end });
  else emit(body, { op: 'assign', target, value, annotation: describeExpression(body, type), start, end });
}

/** Lowers `a: T` without a value: nothing is assigned. */
export function lowerAnnotated(body: Body, node: SyntaxNode): void {
  const type = childIn(node, 'type');
  if (type === undefined || (body.kind !== 'class' && body.kind !== 'module')) return;
  emit(body, { op: 'evaluate', value: describeExpression(body, type), start: node.start, end: node.end });
}

/** Lowers `a += value`. The target is read before the value is evaluated. */
export function lowerAugmented(body: Body, node: SyntaxNode): void {
  const { start, end } = node;
  const left = childIn(node, 'left');
  const right = childIn(node, 'right');
  const target: Target = lowerTarget(body, left, start);
  const value: Operand = lowerExpression(body, right, end);
  const operator = left !== undefined && right !== undefined ? textBetween(body.module, left.end, right.start) : '?=';
  if (operator.startsWith('/')) body.operators |= Operator.division;
  emit(body, { op: 'augment', target, operator, value, start, end });
}

/** Lowers `type X[T] = value`. The value is evaluated only when somebody asks, so it is described. */
export function lowerTypeAlias(body: Body, node: SyntaxNode): void {
  const { start, end } = node;
  let name: SyntaxNode | undefined = childIn(node, 'left');
  if (name === undefined) return;
  name = unwrapped(body.module, name);
  const parameters = name.type === 'generic_type' ? childOf(name, 'type_parameter') : undefined;
  if (name.type === 'generic_type') name = parts(body.module, name)[0];
  const target = lowerTarget(body, name, start);
  const outer = body.names;
  body.names = innerScope(outer, typeParameterNames(body.module, parameters));
  emit(body, { op: 'assign', target, value: describeExpression(body, childIn(node, 'right'), end), start, end });
  body.names = outer;
}
