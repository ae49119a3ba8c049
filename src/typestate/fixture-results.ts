/**
 * Do the tests that request a fixture release what it returns?
 *
 * It is held by the test's parameter, and by the test's instance where the fixture keeps it there too: what runs after the test counts then.
 */
import type { TestRef } from '../suite/discover.ts';
import type { Draft } from './drafts.ts';
import type { Engine } from './engine.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { State } from './state.ts';
import { isEnd, type Out, type Tracked } from './transfer.ts';

/** Where the obligation is still held when a test that requested the fixture is over, or has failed. */
export interface StillHeld {
  readonly test: TestRef;
  readonly pathKind: 'normal' | 'failure';
}

/** `held`: at the fixture's normal exit. `life`: of the tests of the fixture's class. Releases are noted in the draft. */
export function throughRequesters(
  name: string,
  requesting: readonly TestRef[],
  held: State,
  tracked: Tracked,
  life: Lifecycle | undefined,
  draft: Draft,
  engine: Engine,
): readonly StillHeld[] {
  const results = held.holders.filter(isResult).map((h) => h.slice(1));
  const own = life ? held.holders.filter((h) => h.startsWith('@')) : [];
  return requesting.flatMap((test): StillHeld[] => {
    const holders = [...results.map((m) => `${test.scope.fn.index}:${name}${m}`), ...own];
    const effect = engine.effectOf(test.scope, tracked, { ...held, holders, facts: new Map(), pending: 0, inFlight: null });
    const isKept = (out: Out): boolean => {
      if (isEnd(out)) return out.end === 'lost';
      if (!life) return true;
      const after = life.afterTest([{ state: { ...out, inFlight: null }, pathKind: 'normal', odds: 'unlikely', test: test.name }], tracked);
      draft.releases.push(...after.releases);
      return after.held.length + after.lost.length > 0;
    };
    for (const o of effect.normal) {
      if (!isEnd(o)) continue;
      if (o.end === 'released' || o.end === 'registered')
        draft.releases.push({ how: o.how, registered: o.end === 'registered', scope: o.scope, instr: o.instr, role: 'test' });
      else if (o.end !== 'lost') draft.letGo ??= o.how;
    }
    if (effect.normal.some(isKept)) return [{ test, pathKind: 'normal' }];
    return effect.raised.some(isKept) ? [{ test, pathKind: 'failure' }] : [];
  });
}

/** The place is what the function returns, or a part of it. */
export const isResult = (h: string): boolean => h === 'R' || h.startsWith('R.') || h.startsWith('R[');
