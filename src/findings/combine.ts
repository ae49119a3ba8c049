/**
 * When several tests lead to the same obligation, what is the one finding that is reported?
 *
 * A setup in a base class is gone through by hundreds of tests, a mixin by every subclass, and shards see different ones of them. Findings of one place
 * become one: for an obligation (it has a resource and a path kind) whatever the rule, otherwise by rule. The strongest speaks, the tests are added up,
 * the witnesses put together, one for each exit.
 *
 * Invariant: `combineFindings` is associative and commutative on findings of different tests, so that combining in shards and combining what
 * shards have combined gives the same bytes as combining everything at once.
 */
import { compareText } from '../base/text.ts';
import type { Finding, PathKind, Severity, Witness } from './finding.ts';
import type { UnmarkedFinding } from './fingerprint.ts';
import { sortKey } from './order.ts';

/** Names of tests that a finding carries; the count says how many there are. */
export const TEST_EXAMPLES = 3;

/** Exits that a finding proves, one witness each. More say nothing new, and SARIF's readers get four anyway. */
export const WITNESSES = 8;

const SEVERITY_RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** The strongest first: what leaks in a passing test leaks always. */
export const PATH_KINDS: readonly PathKind[] = ['normal', 'failure', 'setup-failure', 'teardown-failure'];

function pathKindRank(kind: PathKind | undefined): number {
  return kind === undefined ? PATH_KINDS.length : PATH_KINDS.indexOf(kind);
}

function placeKey(finding: UnmarkedFinding): string {
  const { path, line, column, endLine, endColumn, resource, pathKind, rule, test } = finding;
  const subject = resource !== undefined && pathKind !== undefined ? resource.kind : rule;
  return JSON.stringify([path, line, column, endLine, endColumn, test, subject, pathKind !== undefined]);
}

/** What decides between findings of equal strength: everything but the tests and the witnesses, which are put together anyway. */
function words(finding: UnmarkedFinding): string {
  return sortKey({ ...finding, tests: undefined, witnesses: undefined, fingerprint: undefined });
}

function isStronger(a: UnmarkedFinding, b: UnmarkedFinding): boolean {
  const order =
    pathKindRank(a.pathKind) - pathKindRank(b.pathKind) ||
    SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity] ||
    compareText(a.rule, b.rule) ||
    compareText(words(a), words(b));
  return order < 0;
}

/** Strongest path kind first, shortest first, then by text: a total order. */
function compareWitnesses(a: Witness, b: Witness): number {
  return pathKindRank(a.pathKind) - pathKindRank(b.pathKind) || a.steps.length - b.steps.length || compareText(sortKey(a), sortKey(b));
}

/** Where it raises last and where it leaves: two witnesses that agree in it prove the same. */
function exitKey(witness: Witness): string {
  const raises = witness.steps.filter((step) => step.kind === 'raise');
  const places = [raises[raises.length - 1], witness.steps[witness.steps.length - 1]];
  return JSON.stringify([witness.pathKind, ...places.map((step) => step && [step.path, step.line, step.column])]);
}

/** One witness an exit, the best first, at most `WITNESSES`. */
export function selectWitnesses(witnesses: readonly Witness[]): Witness[] {
  const seen = new Set<string>();
  const chosen = [...witnesses].sort(compareWitnesses).filter((witness) => {
    const key = exitKey(witness);
    return !seen.has(key) && seen.add(key);
  });
  return chosen.slice(0, WITNESSES);
}

/** Counts added, the first names by text kept. */
export function addTests(all: readonly Finding['tests'][]): Finding['tests'] {
  const examples = [...new Set(all.flatMap((tests) => tests.examples))].sort(compareText).slice(0, TEST_EXAMPLES);
  return { count: all.reduce((sum, tests) => sum + tests.count, 0), examples };
}

/** One finding a place, in order of first appearance. Every one of `findings` must stand for other tests than the rest. */
export function combineFindings<F extends UnmarkedFinding>(findings: readonly F[]): F[] {
  const groups = new Map<string, F[]>();
  for (const finding of findings) {
    const key = placeKey(finding);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].map((group) => {
    const strongest = group.reduce((best, finding) => (isStronger(finding, best) ? finding : best));
    return {
      ...strongest,
      tests: addTests(group.map((finding) => finding.tests)),
      witnesses: selectWitnesses(group.flatMap((finding) => finding.witnesses)),
    };
  });
}
