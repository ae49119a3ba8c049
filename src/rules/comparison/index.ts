/** The rules of the pillar `comparison`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';
import { assertTuple } from './assert-tuple.ts';
import { assertTwoValues } from './assert-two-values.ts';
import { bareComparison } from './bare-comparison.ts';
import { constantAssertion } from './constant-assertion.ts';
import { identityWithLiteral } from './identity-with-literal.ts';
import { misspeltMockAssertion } from './misspelt-mock-assertion.ts';
import { selfComparison } from './self-comparison.ts';

export const COMPARISON_RULES: readonly Rule[] = [
  assertTwoValues,
  assertTuple,
  selfComparison,
  misspeltMockAssertion,
  identityWithLiteral,
  bareComparison,
  constantAssertion,
];
