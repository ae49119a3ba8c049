/**
 * When several tests go through one acquisition, what is its one entry in the ledger?
 *
 * An acquisition in a setup or a helper is met by many tests and fares differently in each: the entry says the worst, every release and
 * every way it leaks. Joining is associative and commutative, so shards and one run give the same.
 */
import { compareText } from '../base/text.ts';
import { PATH_KINDS } from './combine.ts';
import type { Acquisition, Status } from './finding.ts';
import { canonical, compareAcquisitions, sortKey } from './order.ts';

/** What the ledger says of an acquisition that fares differently in different tests: the worst that is known. */
const STATUS_RANK: Readonly<Record<Status, number>> = { leaks: 0, escaped: 1, transferred: 2, managed: 3, released: 4 };

function acquisitionKey({ path, line, column, kind, test, fixture, setup }: Acquisition): string {
  return JSON.stringify([path, line, column ?? null, kind, test ?? '', fixture ?? '', setup ?? '']);
}

/** Two acquisitions that stand at the same place (of one kind, in one function) as one. Associative and commutative. */
export function joinAcquisitions(a: Acquisition, b: Acquisition): Acquisition {
  const order = STATUS_RANK[a.status] - STATUS_RANK[b.status] || compareText(sortKey(a), sortKey(b));
  const [worse, other] = order <= 0 ? [a, b] : [b, a];
  const releases = new Map([...worse.releases, ...other.releases].map((release) => [JSON.stringify(canonical(release)), release]));
  return {
    ...worse,
    owner: [a.owner, b.owner].filter((owner) => owner !== '').sort(compareText)[0] ?? '',
    releases: [...releases.values()].sort((x, y) => compareText(x.path, y.path) || x.line - y.line || compareText(x.how, y.how)),
    leaks: PATH_KINDS.filter((kind) => a.leaks.includes(kind) || b.leaks.includes(kind)),
  };
}

/**
 * One ledger of several, one entry a place. Where no column is given, twins within one ledger are taken for two acquisitions on one line and stay
 * apart: the n-th of one ledger is the n-th of another.
 */
export function joinLedgers(ledgers: readonly (readonly Acquisition[])[]): Acquisition[] {
  const all = new Map<string, Acquisition>();
  for (const ledger of ledgers) {
    const seen = new Map<string, number>();
    for (const acquisition of [...ledger].sort(compareAcquisitions)) {
      const place = acquisitionKey(acquisition);
      const twin = acquisition.column === undefined ? (seen.get(place) ?? 0) : 0;
      seen.set(place, twin + 1);
      const key = `${place}#${twin}`;
      const earlier = all.get(key);
      all.set(key, earlier === undefined ? acquisition : joinAcquisitions(earlier, acquisition));
    }
  }
  return [...all.values()];
}
