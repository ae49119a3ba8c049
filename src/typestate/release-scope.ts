/**
 * Is what is made for the class released for each test, or the other way round?
 *
 * A misuse of the draft, whatever else becomes of the obligation.
 */
import type { Draft } from './drafts.ts';
import type { PhaseResult, Way } from './lifecycle.ts';
import { isStateKind } from './process-state.ts';
import type { Site } from './sites.ts';

/** A resource of the class that a hook of each test releases is gone for the second test. */
export function checkScope(draft: Draft, result: PhaseResult, tests: number): PhaseResult {
  const early = result.releases.find((r) => r.role === 'setup' || r.role === 'teardown');
  if (early && tests > 1)
    draft.misuses.push({ kind: 'per-test-release', scope: early.scope, instr: early.instr, how: early.how, steps: [], first: undefined });
  return result;
}

/** A resource of each test that only the class's teardown releases: all but the last are lost. */
export function checkClassRelease(draft: Draft, ways: readonly Way[], site: Site, result: PhaseResult, tests: number): PhaseResult {
  const late = result.releases.find((r) => r.role === 'class-teardown');
  const isGuarded = site.scope.module.cfg(site.scope.fn.index).tests.size > 0; // `if cls.server is None:` makes it once.
  // What a list collects is all there in the end, and who releases the list's elements releases each test's.
  const isCollected = ways.some((w) => w.state.holders.some((h) => h.includes('[*]')));
  // A hook of each test releases it as well: the class's is for what that one could not.
  const isReleasedBefore = result.releases.some((r) => r.role === 'teardown' || r.role === 'setup');
  // Each test that sets the state sets it again; in the end it is put back.
  if (late && tests > 1 && !isStateKind(site.tracked.kind) && !isGuarded && !isCollected && !isReleasedBefore)
    draft.misuses.push({ kind: 'per-class-release', scope: late.scope, instr: late.instr, how: late.how, steps: [], first: undefined });
  return result;
}
