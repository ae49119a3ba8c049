/** The rules of the pillar `standards`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';
import { missingSuperCall } from './missing-super-call.ts';

export const STANDARDS_RULES: readonly Rule[] = [missingSuperCall];
