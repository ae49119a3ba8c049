/**
 * Which of the pairs are worth proposing, and how sure is each?
 *
 * A proposal is one acquisition with the releases that were seen for it. Its confidence is a product of four numbers, each between 0 and 1:
 *
 *   names       how well the names fit: `create_x`/`delete_x` 1, `open`/`close` 0.9, any release verb 0.8, the
 *               same noun 0.6, nothing 0.35
 *   number      n / (n + 2) for n times together: one time is little, five are much
 *   position    0.6, up to 1 where all releases stand in cleanups, teardowns, `finally` or behind a fixture's `yield`
 *   regularity  0.5, up to 1 where no acquisition was seen apart
 *
 * What is sure and seen often comes first: they are ordered by confidence × log2(1 + n). Where one acquisition is released for many
 * functions (a helper, a setup), each of them says something, but less than an acquisition of their own: n counts the square root of
 * their number. Invariant: the order depends on the evidence alone, equal ones are ordered by name.
 */
import { compareText } from '../base/text.ts';
import { type Fit, fitOf, isLook, partsOf, thingOf } from './names.ts';
import type { Acquired, AcquireSite, CallName, Mode, Released } from './pairs.ts';

export interface ProposedRelease {
  readonly release: CallName;
  readonly handle: 'receiver' | 'argument' | 'with';
  /** Acquisitions that were seen with this release. */
  readonly together: number;
  readonly fit: Fit;
}

export interface Example {
  readonly site: AcquireSite;
  readonly released: Released;
}

export interface Proposal {
  /** Name of the resource kind. */
  readonly kind: string;
  readonly acquire: CallName;
  readonly mode: Mode;
  readonly receivers: ReadonlyMap<string, number>;
  /** Where the thing stands among the arguments; for mode `argument`. */
  readonly position: string;
  readonly startedBy: string | undefined;
  /** The best one first. */
  readonly releases: readonly ProposedRelease[];
  /** Names of the thing below what the acquisition returned: `['id']`. */
  readonly identities: readonly string[];
  /** Acquisitions that were seen with a release (or `with`), and those that were not. */
  readonly together: number;
  readonly apart: number;
  /** The n of the confidence. */
  readonly evidence: number;
  readonly confidence: number;
  readonly examples: readonly Example[];
}

const NAMES: Readonly<Record<Fit, number>> = { named: 1, opposite: 0.9, release: 0.8, 'same-noun': 0.6, 'other-noun': 0.45, none: 0.35 };
/** What a call that only looks at something loses: `get_server` … `delete_server` deletes what another call made. */
const LOOK = 0.2;
/** Below this a proposal is a guess, and the reader's time is worth more. */
const LEAST_CONFIDENCE = 0.25;
/** A release that fewer than this share of the acquisitions have is somebody else's; one whose name says nothing needs more. */
const LEAST_SHARE = 0.1;
const LEAST_SHARE_UNNAMED = 0.3;
/** Examples kept for each proposal: one may be odd, more are not read. */
const EXAMPLES = 3;
/** Identities kept: a thing has an id and a name, further members are its description. */
const IDENTITIES = 4;

const isStrong = (released: Released): boolean => released.use.how !== 'later' && released.use.how !== 'handler';

/** All proposals worth a look, the surest first. `taken` are the names of kinds that exist. */
export function propose(acquired: readonly Acquired[], taken: ReadonlySet<string>): readonly Proposal[] {
  const all = acquired.flatMap((a) => proposalOf(a) ?? []);
  const byResult = new Set(all.filter((p) => p.mode === 'result').map((p) => `${p.acquire.name} ${p.releases[0]?.release.name}`));
  // What is returned is the thing; that both calls are also given the same parent says no more.
  const found = all.filter((p) => p.mode !== 'argument' || !byResult.has(`${p.acquire.name} ${p.releases[0]?.release.name}`));
  const worth = (p: Proposal): number => p.confidence * Math.log2(1 + p.evidence);
  found.sort((a, b) => worth(b) - worth(a) || compareText(a.acquire.name, b.acquire.name) || compareText(a.mode, b.mode));
  const names = new Set(taken);
  return found.map((p) => {
    let kind = p.kind;
    if (names.has(kind)) kind = `project-${kind}`;
    for (let i = 2; names.has(kind); i++) kind = `${p.kind}-${i}`;
    names.add(kind);
    return { ...p, kind };
  });
}

function proposalOf(a: Acquired): Proposal | undefined {
  const releases = releasesOf(a);
  const [best] = releases.filter((r) => r.release.by !== 'with');
  if (!best) return undefined;
  const last = lastOf(a.acquire.name);
  const accepted = new Set(releases.map(keyOf));
  const mine = a.sites.map((site) => ({ site, releases: site.releases.filter((r) => accepted.has(keyOf({ ...r, handle: r.use.handle }))) }));
  const with_ = mine.filter((m) => m.releases.length > 0);
  const written = with_.flatMap((m) => {
    const releases = m.releases.filter((r) => r.use.handle !== 'with');
    return releases.length > 0 ? [releases] : [];
  });
  const evidence = written.reduce((sum, releases) => sum + Math.sqrt(new Set(releases.map((r) => r.use.scope.fn)).size), 0);
  const strong = written.filter((releases) => releases.some(isStrong)).length / written.length;
  const apart = Math.max(0, a.calls - with_.length);
  const confidence =
    NAMES[best.fit] *
    (isLook(last) ? LOOK : 1) *
    (evidence / (evidence + 2)) *
    (0.6 + 0.4 * strong) *
    (0.5 + 0.5 * (with_.length / (with_.length + apart)));
  if (confidence < LEAST_CONFIDENCE) return undefined;
  const started = [...a.startedBy].sort((x, y) => y[1] - x[1])[0];
  return {
    kind: thingOf(a.mode === 'receiver' && a.receivers.size > 0 ? mostOften(a.receivers) : last),
    acquire: a.acquire,
    mode: a.mode,
    receivers: a.receivers,
    position: a.mode === 'argument' ? mostOften(a.positions) : '',
    startedBy: started && started[1] * 2 > with_.length ? started[0] : undefined,
    releases,
    identities: identitiesOf(with_.flatMap((m) => m.releases)),
    evidence,
    together: with_.length,
    apart,
    confidence: Math.round(confidence * 100) / 100,
    examples: examplesOf(with_, best),
  };
}

const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

const keyOf = (r: { release: CallName; handle: string }): string => `${r.handle} ${r.release.by} ${r.release.name}`;

function releasesOf(a: Acquired): readonly ProposedRelease[] {
  const counts = new Map<string, { release: CallName; handle: ProposedRelease['handle']; sites: Set<AcquireSite>; alone: number }>();
  for (const site of a.sites) {
    for (const r of site.releases) {
      // A call that takes another one of its kind (`Mock(parent)`) gives back neither.
      if (lastOf(r.release.name) === lastOf(a.acquire.name)) continue;
      const key = keyOf({ release: r.release, handle: r.use.handle });
      const known = counts.get(key) ?? { release: r.release, handle: r.use.handle, sites: new Set<AcquireSite>(), alone: 0 };
      known.sites.add(site);
      if (r.use.isAlone) known.alone++;
      counts.set(key, known);
    }
  }
  const all = [...counts.values()].map(({ release, handle, sites, alone }): ProposedRelease => {
    const names = [a.acquire.name, ...a.startedBy.keys()].map(lastOf);
    const fits = release.by === 'with' ? [] : names.map((name) => fitOf(name, lastOf(release.name)));
    const best = fits.reduce((x, y) => (NAMES[y] > NAMES[x] ? y : x), 'none');
    // `destroy(context, server)` does not say which of the two it destroys.
    const fit = handle === 'argument' && alone * 2 < sites.size && (best === 'opposite' || best === 'release') ? 'other-noun' : best;
    return { release, handle, together: sites.size, fit };
  });
  const weight = (r: ProposedRelease): number => (r.release.by === 'with' ? 0 : NAMES[r.fit] * r.together);
  all.sort((x, y) => weight(y) - weight(x) || compareText(x.release.name, y.release.name));
  const [best] = all;
  if (!best) return all;
  // Beside `delete_router`, `remove_port` is another matter, and `close` is not.
  const isAnother = (r: ProposedRelease): boolean =>
    best.fit === 'named' && r.fit !== 'named' && (r.fit === 'none' || partsOf(lastOf(r.release.name)).nouns.length > 0);
  const least = (r: ProposedRelease): number => weight(best) * (r.fit === 'none' ? LEAST_SHARE_UNNAMED : LEAST_SHARE);
  return all.filter((r) => r.release.by === 'with' || (weight(r) >= least(r) && !isAnother(r)));
}

function identitiesOf(releases: readonly Released[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const r of releases) {
    // A bare element says which of several things it is, and names none of them.
    const members = r.members.replace(/^\[\*\]/, '');
    if (members !== '' && !members.includes('[*]') && r.use.handle === 'argument') counts.set(members, (counts.get(members) ?? 0) + 1);
  }
  const all = [...counts.values()].reduce((a, b) => a + b, 0);
  return [...counts]
    .filter(([, n]) => n >= LEAST_SHARE * all)
    .sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]))
    .slice(0, IDENTITIES)
    .map(([members]) => members);
}

function examplesOf(
  sites: readonly { readonly site: AcquireSite; readonly releases: readonly Released[] }[],
  best: ProposedRelease,
): readonly Example[] {
  const all = sites.flatMap(({ site, releases }) => {
    const released = releases.find((r) => keyOf({ ...r, handle: r.use.handle }) === keyOf(best));
    return released ? [{ site, released }] : [];
  });
  const rank = (e: Example): number => (isStrong(e.released) ? 0 : 2) + (e.site.scope.module === e.released.use.scope.module ? 0 : 1);
  return all
    .sort((a, b) => rank(a) - rank(b) || compareText(a.site.scope.module.path, b.site.scope.module.path) || a.site.instr.start - b.site.instr.start)
    .slice(0, EXAMPLES);
}

function mostOften(counts: ReadonlyMap<string, number>): string {
  return [...counts].sort((a, b) => b[1] - a[1] || compareText(a[0], b[0]))[0]?.[0] ?? '';
}

/** Several proposals that one pattern could say: `create_{kind}` and `delete_{kind}`. */
export interface Family {
  readonly acquire: string;
  readonly release: string;
  readonly receivers: readonly string[];
  readonly kinds: readonly string[];
}

/** A family of fewer is as well written out. */
const LEAST_FAMILY = 3;

/** Families among the proposals, the largest first. */
export function familiesOf(proposals: readonly Proposal[]): readonly Family[] {
  const found = new Map<string, { acquire: string; release: string; receivers: Set<string>; kinds: string[] }>();
  for (const p of proposals) {
    const [best] = p.releases;
    if (p.mode !== 'result' || p.acquire.by !== 'method' || best?.release.by !== 'method' || best.handle !== 'argument' || best.fit !== 'named')
      continue;
    const noun = partsOf(p.acquire.name).nouns.join('_');
    if (!p.acquire.name.endsWith(`_${noun}`) || !best.release.name.endsWith(`_${noun}`)) continue;
    const acquire = `${p.acquire.name.slice(0, -noun.length)}{kind}`;
    const release = `${best.release.name.slice(0, -noun.length)}{kind}`;
    const family = found.get(`${acquire} ${release}`) ?? { acquire, release, receivers: new Set<string>(), kinds: [] };
    for (const r of p.receivers.keys()) family.receivers.add(r);
    family.kinds.push(noun);
    found.set(`${acquire} ${release}`, family);
  }
  return [...found.values()]
    .filter((f) => f.kinds.length >= LEAST_FAMILY)
    .sort((a, b) => b.kinds.length - a.kinds.length || compareText(a.acquire, b.acquire))
    .map((f) => ({ ...f, receivers: [...f.receivers].sort(compareText) }));
}
