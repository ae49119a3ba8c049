/**
 * How does what several classes and tests say of one acquisition become one report?
 *
 * A draft collects releases, leaks and misuses while functions are explored; `finished` settles the status. A leak is claimed only
 * where the analysis did not lose sight of the resource in the function that acquires it.
 */
import type { Reach, Status } from '../findings/finding.ts';
import { isEndedByLoop, isGoneAtOnce } from './dropped.ts';
import { endsSoon } from './ends-soon.ts';
import type { Engine } from './engine.ts';
import { liesInOwnFolder } from './parents.ts';
import type { Leak, Misuse, ObligationReport, Release, Role } from './report.ts';
import type { Site } from './sites.ts';
import { skippedBy } from './skipped.ts';
import { CLOSES_ITSELF } from './transfer.ts';

export interface Draft {
  readonly site: Site;
  readonly anchor: ObligationReport['anchor'];
  readonly role: Role;
  readonly leaks: Map<string, { leak: Leak; tests: Set<string> }>;
  readonly releases: Release[];
  readonly misuses: Misuse[];
  readonly tests: Set<string>;
  letGo: string | undefined;
  startsLater: boolean;
  managed: boolean;
  /** A test that has it is skipped wherever it runs; another class may run the same method. */
  skipped: boolean;
  transferred: boolean;
}

/** A draft of which nothing is known yet. */
export function newDraft(site: Site, anchor: Draft['anchor'], role: Role): Draft {
  return {
    site,
    anchor,
    role,
    leaks: new Map(),
    releases: [],
    misuses: [],
    tests: new Set(),
    letGo: undefined,
    startsLater: false,
    managed: false,
    skipped: false,
    transferred: false,
  };
}

/** The report of a draft. */
export function finished(d: Draft, engine: Engine): ObligationReport {
  const reach = d.site.match.pattern.reach ?? d.site.tracked.kind.reach;
  const provided = d.releases.find((r) => r.registered) ?? d.releases.find((r) => r.how !== CLOSES_ITSELF);
  const leaks = [...d.leaks.values()]
    .map(({ leak, tests }) => ({ ...leak, skipped: provided, tests }))
    .filter((l) => !isProvidedFor(l, reach, d.transferred) && !endsByFailing(l, d.site.tracked.kind.asynchronous, reach))
    .filter((l) => !(d.site.tracked.kind.closesItself && (l.pathKind !== 'normal' || isGoneAtOnce(d.site, engine))))
    .filter(() => !liesInOwnFolder(d.site, engine))
    .map((l) => ({ ...l, skipped: skippedBy(l, d.releases, engine) }));
  const escaped = d.letGo !== undefined;
  const status: Status = d.managed
    ? 'managed'
    : leaks.length > 0 && !escaped
      ? 'leaks'
      : escaped
        ? 'escaped'
        : d.transferred
          ? 'transferred'
          : d.releases.some((r) => r.how === 'with' || r.registered) || (d.skipped && d.releases.length === 0)
            ? 'managed'
            : 'released';
  return {
    site: d.site,
    anchor: d.anchor,
    role: d.role,
    status,
    // A way on which the analysis lost sight says nothing about the others, but a leak is claimed only where nothing was lost.
    leaks: status === 'leaks' ? leaks : [],
    releases: uniqueReleases(d.releases),
    misuses: d.misuses,
    tests: d.tests,
    endsByItself: status === 'leaks' && (d.site.tracked.kind.closesItself || isEndedByLoop(d.site) || isOfCallback(d) || endsSoon(d.site, engine)),
    startsLater: d.startsLater,
    handedOn: d.transferred,
    letGo: d.letGo,
  };
}

/**
 * Only a failing machine (a full disk) leads to the leak, and the release is not left to the way on: it is registered, or a hook does it.
 * Whoever has provided for a failed test has done enough. What is more than a handle (a thread, a descriptor) is released on all other ways:
 * there a `with` would not help either.
 */
function isProvidedFor(leak: Leak, reach: Reach, transferred: boolean): boolean {
  if (leak.odds !== 'rare' || leak.pathKind === 'normal') return false;
  if (leak.skipped === undefined) return transferred && reach !== 'object'; // Somebody else has it on the other ways.
  return leak.skipped.registered || leak.skipped.role !== leak.role || reach !== 'object';
}

/** Work that a test waits for goes on a little when something raises that should not: the test has failed, and the work ends by itself. */
function endsByFailing(leak: Leak, isWork: boolean, reach: Reach): boolean {
  return isWork && reach !== 'remote' && leak.pathKind !== 'normal' && leak.odds !== 'likely' && leak.skipped !== undefined;
}

/** Work that a callback of the loop's sets going, `def handle(reader, writer): loop.create_task(answer(writer))`: it goes with its loop. */
const isOfCallback = ({ role, tests, site }: Draft): boolean => role === 'helper' && tests.size === 0 && site.tracked.kind.endsWithLoop;

function uniqueReleases(all: readonly Release[]): readonly Release[] {
  const seen = new Map<string, Release>();
  for (const r of all) seen.set(`${r.scope.module.path} ${r.instr.start} ${r.how}`, r);
  return [...seen.values()];
}
