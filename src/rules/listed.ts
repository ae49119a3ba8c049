/**
 * What is known of every rule without its check?
 *
 * Enough to select rules, to settle severities and to fill the run result. A run whose files are analysed by threads, or have not changed, needs
 * no more, and the checks bring the whole engine with them: so the build puts the list itself in the place of this module
 * (scripts/listed-rules.mjs).
 */
import type { RuleInfo } from '../findings/finding.ts';
import { ruleInfo } from './define.ts';
import { RULES } from './index.ts';

/** Plain data. */
export interface ListedRule extends RuleInfo {
  /** False: only when selected. */
  readonly default: boolean;
}

/** All rules, in the order of `RULES`. */
export const LISTED: readonly ListedRule[] = RULES.map((rule) => ({ ...ruleInfo(rule), default: rule.default }));
