/** The rules of the pillar `exceptions`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';

export const EXCEPTIONS_RULES: readonly Rule[] = [];
