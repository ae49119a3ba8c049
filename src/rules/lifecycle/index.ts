/** The rules of the pillar `lifecycle`, the most telling first. */
import type { Rule } from '../define.ts';
import { cleanupCalledNotRegistered } from './cleanup-called-not-registered.ts';
import { cleanupChainBroken } from './cleanup-chain-broken.ts';
import { cleanupOrder } from './cleanup-order.ts';
import { doubleRelease } from './double-release.ts';
import { lateRegistration } from './late-registration.ts';
import { leakOnFailure } from './leak-on-failure.ts';
import { leakOnSetupFailure } from './leak-on-setup-failure.ts';
import { neverReleased } from './never-released.ts';
import { overwrittenWhileHeld } from './overwritten-while-held.ts';
import { releaseScopeMismatch } from './release-scope-mismatch.ts';
import { unawaitedRelease } from './unawaited-release.ts';
import { useAfterRelease } from './use-after-release.ts';
import { workInFlight } from './work-in-flight.ts';

export const LIFECYCLE_RULES: readonly Rule[] = [
  neverReleased,
  leakOnFailure,
  leakOnSetupFailure,
  overwrittenWhileHeld,
  lateRegistration,
  cleanupChainBroken,
  cleanupCalledNotRegistered,
  doubleRelease,
  useAfterRelease,
  releaseScopeMismatch,
  unawaitedRelease,
  workInFlight,
  cleanupOrder,
];
