/** The rules of the pillar `neutralization`, those on by default first. */
import type { Rule } from '../define.ts';
import { pathFromInput } from './path-from-input.ts';
import { shellFromText } from './shell-from-text.ts';
import { sqlFromText } from './sql-from-text.ts';
import { uncheckedDouble } from './unchecked-double.ts';
import { unsafeDeserialization } from './unsafe-deserialization.ts';

export const NEUTRALIZATION_RULES: readonly Rule[] = [shellFromText, sqlFromText, unsafeDeserialization, uncheckedDouble, pathFromInput];
