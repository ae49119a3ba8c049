/**
 * Which rules are there?
 *
 * All of them, in the order of the pillars in DESIGN's table and in reports. A rule is in exactly one pillar's list; nothing else in the
 * program knows a rule by name.
 */

import { ACCESS_RULES } from './access/index.ts';
import { CALCULATION_RULES } from './calculation/index.ts';
import { COMPARISON_RULES } from './comparison/index.ts';
import type { Rule } from './define.ts';
import { EXCEPTIONS_RULES } from './exceptions/index.ts';
import { FLOW_RULES } from './flow/index.ts';
import { INTERACTION_RULES } from './interaction/index.ts';
import { LIFECYCLE_RULES } from './lifecycle/index.ts';
import { NEUTRALIZATION_RULES } from './neutralization/index.ts';
import { PROTECTION_RULES } from './protection/index.ts';
import { STANDARDS_RULES } from './standards/index.ts';

export const RULES: readonly Rule[] = [
  ...LIFECYCLE_RULES,
  ...EXCEPTIONS_RULES,
  ...FLOW_RULES,
  ...CALCULATION_RULES,
  ...COMPARISON_RULES,
  ...NEUTRALIZATION_RULES,
  ...ACCESS_RULES,
  ...INTERACTION_RULES,
  ...PROTECTION_RULES,
  ...STANDARDS_RULES,
];
