/** The rules of the pillar `standards`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';
import { emptyTest } from './empty-test.ts';
import { incompatibleOverride } from './incompatible-override.ts';
import { missingSuperCall } from './missing-super-call.ts';
import { shadowedTest } from './shadowed-test.ts';
import { skipWithoutReason } from './skip-without-reason.ts';
import { testReturnsValue } from './test-returns-value.ts';
import { uncollectedTest } from './uncollected-test.ts';
import { unrunCoroutineTest } from './unrun-coroutine-test.ts';
import { unusedSuppression } from './unused-suppression.ts';

export const STANDARDS_RULES: readonly Rule[] = [
  shadowedTest,
  uncollectedTest,
  unrunCoroutineTest,
  missingSuperCall,
  incompatibleOverride,
  testReturnsValue,
  emptyTest,
  skipWithoutReason,
  unusedSuppression,
];
