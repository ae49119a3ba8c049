/** All rules, in the order of their pillars. */
import type { Rule } from './define.ts';
import { cleanupCalledNotRegistered } from './lifecycle/cleanup-called-not-registered.ts';
import { cleanupChainBroken } from './lifecycle/cleanup-chain-broken.ts';
import { lateRegistration } from './lifecycle/late-registration.ts';
import { leakOnFailure } from './lifecycle/leak-on-failure.ts';
import { leakOnSetupFailure } from './lifecycle/leak-on-setup-failure.ts';
import { neverReleased } from './lifecycle/never-released.ts';
import { overwrittenWhileHeld } from './lifecycle/overwritten-while-held.ts';

export const RULES: readonly Rule[] = [
  neverReleased, leakOnFailure, leakOnSetupFailure, overwrittenWhileHeld, lateRegistration, cleanupChainBroken, cleanupCalledNotRegistered,
];

export const RULE_IDS: ReadonlySet<string> = new Set(RULES.map((r) => r.id));
