/** The rules of the pillar `interaction`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';

export const INTERACTION_RULES: readonly Rule[] = [];
