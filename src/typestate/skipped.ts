/**
 * Which release does a leaking path skip?
 *
 * What is registered anywhere, for that says that somebody has provided for it; else the first release that the function which raised would
 * have come to, had nothing gone wrong; else a hook's. A release in another arm, or in another test, is not what this path has skipped.
 */
import type { Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';
import { walkFrom } from './onward.ts';
import type { Leak, Release } from './report.ts';
import { CLOSES_ITSELF } from './transfer.ts';

/** The release that the path to this leak has skipped; undefined where there is none at all. */
export function skippedBy(leak: Leak, releases: readonly Release[], engine: Engine): Release | undefined {
  const registered = releases.find((r) => r.registered);
  if (registered) return registered;
  const all = releases.filter((r) => r.how !== CLOSES_ITSELF);
  if (all.length < 2 || !leak.raise) return all[0];
  const near = all.filter((r) => r.scope.fn === leak.raiseScope.fn);
  return nextOf(near, leak.raise, leak.raiseScope, engine) ?? all.find((r) => r.role.endsWith('teardown')) ?? all[0];
}

/** The first of the releases on the way on from the step. */
function nextOf(releases: readonly Release[], step: NonNullable<Leak['raise']>, scope: Scope, engine: Engine): Release | undefined {
  if (releases.length === 0) return undefined;
  let found: Release | undefined;
  walkFrom(step, 0, scope, engine, {
    visit: (instr, state) => {
      found ??= releases.find((r) => r.instr === instr);
      return found ? null : state;
    },
    key: (state) => state,
  });
  return found;
}
