/** The rules of the pillar `neutralization`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';

export const NEUTRALIZATION_RULES: readonly Rule[] = [];
