/**
 * Do the fixtures around a test put back, or remove, what is still held when the test is over?
 *
 * `@pytest.fixture(autouse=True) def environment(): saved = dict(os.environ); yield; os.environ.clear(); os.environ.update(saved)`: what the
 * test changed is restored by what follows the yield, or by a finalizer that the fixture has registered. Only what outlives the test's
 * names is asked about: process state, and what lies at a path that is written out.
 * Leaves out: that a step of the fixture before the restoring one raises; it is said of the fixture's own acquisitions.
 */
import type { Scope } from '../program/scope.ts';
import { runLater } from './call-transfer.ts';
import type { Engine } from './engine.ts';
import { CLEANUP, type PhaseResult, type Way } from './lifecycle.ts';
import type { Release } from './report.ts';
import { type State, withHolders } from './state.ts';
import { isEnd, type Tracked } from './transfer.ts';

const lasting = (way: Way): readonly string[] => way.state.holders.filter((h) => h.startsWith('g:'));

/** The result of the phases after a test, a hook or a fixture, with the fixtures around it counted. */
export function throughFixtures(at: PhaseResult, scope: Scope, tracked: Tracked, engine: Engine): PhaseResult {
  if (!at.held.some((w) => lasting(w).length > 0)) return at;
  const around = engine.options.fixturesAround(scope);
  if (around.length === 0) return at;
  const releases = [...at.releases];
  const held = at.held.filter((way) => {
    const places = lasting(way);
    const release = places.length === 0 ? undefined : releaseBy(around, withHolders(way.state, places), tracked, engine);
    if (release) releases.push(release);
    return !release;
  });
  return { ...at, held, releases };
}

function releaseBy(around: readonly Scope[], state: State, tracked: Tracked, engine: Engine): Release | undefined {
  const entry: State = { ...state, inFlight: null, pending: 0 };
  for (const fixture of around) {
    if (fixture.fn.isGenerator && engine.mentions(fixture, entry.holders)) {
      const { normal } = engine.effectAfterYield(fixture, tracked, entry);
      const [first] = normal;
      if (first && isEnd(first) && normal.every((o) => isEnd(o) && (o.end === 'released' || o.end === 'registered')))
        return { how: first.how, registered: false, scope: first.scope, instr: first.instr, role: 'fixture' };
    }
    for (const c of engine.registrations.certain(fixture)) {
      const at = CLEANUP(c.scope);
      if (runLater(c.callee, c.args, at, entry, tracked, c.scope, engine) === 'released')
        return { how: 'addfinalizer', registered: true, scope: c.scope, instr: at, role: 'fixture' };
    }
  }
  return undefined;
}
