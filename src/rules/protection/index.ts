/** The rules of the pillar `protection`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';

export const PROTECTION_RULES: readonly Rule[] = [];
