/** The rules of the pillar `calculation`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';

export const CALCULATION_RULES: readonly Rule[] = [];
