/**
 * What is the outcome of a test of which some parts are known?
 *
 * Kleene's strong three-valued logic over `not`, `and` and `or`; undefined stands for what is not known. The caller knows the other operands.
 */
import type { Operand } from './ir.ts';

/** True or false where what is known decides; `part` answers for what is no `not`, `and` or `or`. */
export function outcomeOf(test: Operand, part: (operand: Operand) => boolean | undefined): boolean | undefined {
  if (test.op === 'unary') {
    const of = test.operator === 'not' ? outcomeOf(test.of, part) : undefined;
    return of === undefined ? undefined : !of;
  }
  if (test.op !== 'boolean') return part(test);
  const isOr = test.operator === 'or';
  let isOpen = false;
  for (const item of test.items) {
    const outcome = outcomeOf(item, part);
    if (outcome === isOr) return isOr;
    isOpen ||= outcome === undefined;
  }
  return isOpen ? undefined : !isOr;
}
