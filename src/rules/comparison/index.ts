/** The rules of the pillar `comparison`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';
import { assertTuple } from './assert-tuple.ts';
import { assertTwoValues } from './assert-two-values.ts';
import { selfComparison } from './self-comparison.ts';

export const COMPARISON_RULES: readonly Rule[] = [assertTwoValues, assertTuple, selfComparison];
