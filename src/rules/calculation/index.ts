/** The rules of the pillar `calculation`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';
import { accumulatorOverwritten } from './accumulator-overwritten.ts';
import { floatEquality } from './float-equality.ts';
import { tautologicalExpectation } from './tautological-expectation.ts';
import { truncatedQuotient } from './truncated-quotient.ts';
import { unguardedDivision } from './unguarded-division.ts';
import { unitMismatch } from './unit-mismatch.ts';

export const CALCULATION_RULES: readonly Rule[] = [
  floatEquality,
  unitMismatch,
  unguardedDivision,
  accumulatorOverwritten,
  truncatedQuotient,
  tautologicalExpectation,
];
