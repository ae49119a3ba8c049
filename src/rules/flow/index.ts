/** The rules of the pillar `flow`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';

export const FLOW_RULES: readonly Rule[] = [];
