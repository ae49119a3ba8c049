/** The rules of the pillar `exceptions`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';
import { assertionOffThread } from './assertion-off-thread.ts';
import { broadRaises } from './broad-raises.ts';
import { exitInFinally } from './exit-in-finally.ts';
import { missingFail } from './missing-fail.ts';
import { raisesBlockTooWide } from './raises-block-too-wide.ts';
import { sideEffectCallable } from './side-effect-callable.ts';
import { silentTimeout } from './silent-timeout.ts';
import { stubDropsException } from './stub-drops-exception.ts';
import { stubNotRestored } from './stub-not-restored.ts';
import { stubUnhandledException } from './stub-unhandled-exception.ts';
import { swallowedFailure } from './swallowed-failure.ts';
import { wrongArityFail } from './wrong-arity-fail.ts';

export const EXCEPTIONS_RULES: readonly Rule[] = [
  stubUnhandledException,
  stubDropsException,
  stubNotRestored,
  sideEffectCallable,
  swallowedFailure,
  missingFail,
  broadRaises,
  raisesBlockTooWide,
  assertionOffThread,
  exitInFinally,
  silentTimeout,
  wrongArityFail,
];
