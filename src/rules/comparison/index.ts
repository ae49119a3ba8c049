/** The rules of the pillar `comparison`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';

export const COMPARISON_RULES: readonly Rule[] = [];
