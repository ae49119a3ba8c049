/** The rules of the pillar `access`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';

export const ACCESS_RULES: readonly Rule[] = [];
