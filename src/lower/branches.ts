/**
 * What happens where a part of an expression may not be evaluated?
 *
 * `a and f()`, `f() if a else g()` and `a < b < f()` run calls on some ways only, so they become `if` statements that set a temporary.
 * Each part is lowered into a block of its own; where all blocks after the first are empty, the expression stays an operand.
 */
import { type Operand, Operator, type Stmt } from '../ir/ir.ts';
import type { SyntaxNode } from '../syntax/tree.ts';
import type { Body } from './body.ts';
import { block, emit, emitIf, emitStmt, isEmpty, newTemp, temp } from './body.ts';
import { lowerExpression, lowerInOrder } from './expression.ts';
import { parts, textBetween, unwrapped } from './nodes.ts';

/** A part of an `and` or `or`: what must run before, and what is then tested. Parts without effects are joined to the part before. */
export interface Step {
  /** null where nothing must run. */
  readonly before: Stmt | null;
  readonly test: Operand;
}

/** A part lowered apart: its operand, and what it needs to have run before. */
function lowerApart(body: Body, node: SyntaxNode | undefined): Step {
  let test: Operand | undefined;
  const before = block(body, () => {
    test = lowerExpression(body, node);
  });
  return { before: isEmpty(before) ? null : before, test: test as Operand };
}

/** The parts of a chain of the same operator; the chain leans to the left and is walked in a loop. */
function chain(body: Body, node: SyntaxNode): { operator: 'and' | 'or'; items: readonly (SyntaxNode | undefined)[] } {
  const { module } = body;
  const operator = operatorOf(body, node);
  const items: (SyntaxNode | undefined)[] = [];
  let first: SyntaxNode | undefined = node;
  while (first !== undefined && first.type === 'boolean_operator' && operatorOf(body, first) === operator) {
    const [left, right]: readonly (SyntaxNode | undefined)[] = parts(module, first);
    items.push(right);
    first = left;
  }
  items.push(first);
  return { operator, items: items.reverse() };
}

function operatorOf(body: Body, node: SyntaxNode): 'and' | 'or' {
  const [left, right] = parts(body.module, node);
  return right !== undefined && textBetween(body.module, left.end, right.start) === 'or' ? 'or' : 'and';
}

/** The steps of a chain: the first is lowered into the current run, the others into blocks. At most one step has no block: the first. */
function stepsOf(body: Body, operator: 'and' | 'or', items: readonly (SyntaxNode | undefined)[]): Step[] {
  const lowered = items.map((item, i): Step => (i === 0 ? { before: null, test: lowerExpression(body, item) } : lowerApart(body, item)));
  const steps: Step[] = [];
  for (let i = 0; i < lowered.length; ) {
    let next = i + 1;
    while (next < lowered.length && lowered[next].before === null) next++;
    const tests = lowered.slice(i, next).map((step) => step.test);
    steps.push({ before: lowered[i].before, test: joined(operator, tests) });
    i = next;
  }
  return steps;
}

function joined(operator: 'and' | 'or', tests: readonly Operand[]): Operand {
  if (tests.length === 1) return tests[0];
  return { op: 'boolean', operator, items: tests, start: tests[0].start, end: tests[tests.length - 1].end };
}

/** Lowers `and` and `or`. */
export function lowerBoolean(body: Body, node: SyntaxNode): Operand {
  const { operator, items } = chain(body, node);
  const steps = stepsOf(body, operator, items);
  if (steps.length === 1) return { ...steps[0].test, start: node.start, end: node.end };
  const result = newTemp(body);
  emitSteps(body, steps, operator === 'or', result);
  return temp(result, node.start, node.end);
}

/** More steps than this are not nested in each other but follow one another, to keep the tree of statements shallow. */
const MAX_NESTED_STEPS = 50;

/** Sets `result` to the last step's test that was reached; goes on while the result is true (for `or`: false). */
function emitSteps(body: Body, steps: readonly Step[], whileFalse: boolean, result: number): void {
  emitNested(body, steps.slice(0, MAX_NESTED_STEPS), whileFalse, result);
  for (let next = MAX_NESTED_STEPS; next < steps.length; next += MAX_NESTED_STEPS) {
    emitGoingOn(body, steps[next - 1].test, steps.slice(next, next + MAX_NESTED_STEPS), whileFalse, result);
  }
}

function emitNested(body: Body, steps: readonly Step[], whileFalse: boolean, result: number): void {
  const [{ before, test }, ...rest] = steps;
  const { start, end } = test;
  if (before !== null) emitStmt(body, before);
  emit(body, { op: 'assign', target: temp(result, start, end), value: test, start, end });
  if (rest.length > 0) emitGoingOn(body, test, rest, whileFalse, result);
}

function emitGoingOn(body: Body, { start, end }: Operand, rest: readonly Step[], whileFalse: boolean, result: number): void {
  const reached = temp(result, start, end);
  const test: Operand = whileFalse ? { op: 'unary', operator: 'not', of: reached, start, end } : reached;
  emitIf(
    body,
    test,
    block(body, () => emitNested(body, rest, whileFalse, result)),
    null,
    start,
    end,
  );
}

/**
 * The steps of a condition, for an `if` without `else`: with `a and f()`, the second test can be nested in the first, and the tests keep
 * their operands. Any other condition is a single step.
 */
export function conditionSteps(body: Body, node: SyntaxNode | undefined): readonly Step[] {
  const inner = node && unwrapped(body.module, node);
  if (inner?.type !== 'boolean_operator' || operatorOf(body, inner) !== 'and') return [{ before: null, test: lowerExpression(body, node) }];
  const { items } = chain(body, inner);
  if (items.length > MAX_NESTED_STEPS) return [{ before: null, test: lowerExpression(body, inner) }];
  return stepsOf(body, 'and', items);
}

/** Lowers `a if test else b`. */
export function lowerConditional(body: Body, node: SyntaxNode): Operand {
  const { start, end } = node;
  const [first, condition, last] = parts(body.module, node);
  const test = lowerExpression(body, condition, end);
  const then = lowerApart(body, first);
  const otherwise = lowerApart(body, last);
  if (then.before === null && otherwise.before === null) {
    return { op: 'choice', test, then: then.test, otherwise: otherwise.test, start, end };
  }
  const result = newTemp(body);
  const setting = ({ before, test: value }: Step): Stmt =>
    block(body, () => {
      if (before !== null) emitStmt(body, before);
      emit(body, { op: 'assign', target: temp(result, value.start, value.end), value, start: value.start, end: value.end });
    });
  emitIf(body, test, setting(then), setting(otherwise), start, end);
  return temp(result, start, end);
}

/** Lowers a comparison. In `a < b < f()` the call runs only if `a < b`; in one too long to be written by hand, all run. */
export function lowerComparison(body: Body, node: SyntaxNode): Operand {
  const { start, end } = node;
  const nodes = parts(body.module, node);
  if (nodes.length === 2) {
    const operator = textBetween(body.module, nodes[0].end, nodes[1].start);
    noteComparison(body, operator);
    const [left, value] = lowerInOrder(body, nodes);
    return { op: 'compare', left, rest: [{ operator, value }], start, end };
  }
  const operators = nodes.slice(1).map((right, i) => textBetween(body.module, nodes[i].end, right.start));
  for (const operator of operators) noteComparison(body, operator);
  const [left, ...rights] = lowerInOrder(body, nodes.slice(0, nodes.length > MAX_NESTED_STEPS ? undefined : 2));
  const later = nodes.slice(rights.length + 1).map((right) => lowerApart(body, right));
  const values = [...rights, ...later.map((step) => step.test)];
  const comparison = (first: Operand, from: number, to: number): Operand => ({
    op: 'compare',
    left: first,
    rest: values.slice(from, to).map((value, i) => ({ operator: operators[from + i], value })),
    start: from === 0 ? start : first.start,
    end: to === values.length ? end : values[to - 1].end,
  });
  const firstEffect = later.findIndex((step) => step.before !== null);
  if (firstEffect < 0) return comparison(left, 0, values.length);
  const result = newTemp(body);
  const steps: Step[] = [{ before: null, test: comparison(left, 0, firstEffect + 1) }];
  for (let i = firstEffect; i < later.length; ) {
    let next = i + 1;
    while (next < later.length && later[next].before === null) next++;
    steps.push({ before: later[i].before, test: comparison(values[i], i + 1, next + 1) });
    i = next;
  }
  emitSteps(body, steps, false, result);
  return temp(result, start, end);
}

function noteComparison(body: Body, operator: string): void {
  body.operators |= operator.startsWith('is') ? Operator.comparison | Operator.identity : Operator.comparison;
}
