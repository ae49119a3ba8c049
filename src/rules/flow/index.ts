/** The rules of the pillar `flow`, in the order of DESIGN's table. */
import type { Rule } from '../define.ts';
import { actionWithoutWait } from './action-without-wait.ts';
import { assertionFreePath } from './assertion-free-path.ts';
import { exhaustedIterator } from './exhausted-iterator.ts';
import { maybeUnassigned } from './maybe-unassigned.ts';
import { orderDependentState } from './order-dependent-state.ts';
import { sleepAsSync } from './sleep-as-sync.ts';
import { staleSnapshot } from './stale-snapshot.ts';
import { stateBranch } from './state-branch.ts';
import { unboundedPoll } from './unbounded-poll.ts';
import { unreachableAssertion } from './unreachable-assertion.ts';
import { vacuousLoop } from './vacuous-loop.ts';

export const FLOW_RULES: readonly Rule[] = [
  assertionFreePath,
  vacuousLoop,
  exhaustedIterator,
  unboundedPoll,
  sleepAsSync,
  staleSnapshot,
  actionWithoutWait,
  stateBranch,
  orderDependentState,
  unreachableAssertion,
  maybeUnassigned,
];
