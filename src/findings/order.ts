/**
 * In which order does a run result say what it says?
 *
 * Same input, same bytes: findings, acquisitions and problems stand by path, line, column and then everything else that tells them apart;
 * objects have their keys in one fixed order, however they were put together. Nothing is added, dropped or changed, except that problems
 * and suppression marks which say the very same thing twice are said once.
 */
import { compareText } from '../base/text.ts';
import type { Acquisition, Finding, Problem, RunResult } from './finding.ts';
import { PILLARS } from './pillars.ts';

/** Order of keys in every object of the contract; a key that is missing here comes last, by name. */
const KEYS = [
  'rule',
  'id',
  'title',
  'pillar',
  'cwe',
  'kind',
  'reach',
  'name',
  'version',
  'verdict',
  'schemaVersion',
  'tool',
  'invocation',
  'rules',
  'findings',
  'ledger',
  'pillars',
  'problems',
  'severity',
  'precision',
  'message',
  'help',
  'paths',
  'configFiles',
  'startedAt',
  'durationMs',
  'files',
  'lines',
  'tests',
  'parserBackend',
  'shard',
  'index',
  'total',
  'configHash',
  'path',
  'line',
  'column',
  'endLine',
  'endColumn',
  'startLine',
  'startColumn',
  'test',
  'fixture',
  'setup',
  'owner',
  'releases',
  'how',
  'status',
  'leaks',
  'resource',
  'count',
  'examples',
  'pathKind',
  'witnesses',
  'steps',
  'fix',
  'safety',
  'edits',
  'text',
  'fingerprint',
  'suppressed',
  'reason',
  'at',
  'baseline',
  'rulesRun',
  'sitesChecked',
];
const RANK: ReadonlyMap<string, number> = new Map(KEYS.map((key, at) => [key, at]));

function compareKeys(a: string, b: string): number {
  return (RANK.get(a) ?? KEYS.length) - (RANK.get(b) ?? KEYS.length) || compareText(a, b);
}

/** A copy with the keys of every object in the contract's order and undefined members left out. */
export function canonical<T>(value: T): T {
  return canonicalValue(value) as T;
}

function canonicalValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonicalValue);
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Readonly<Record<string, unknown>>;
  const order = inOrder(Object.keys(members)).filter((key) => members[key] !== undefined);
  return Object.fromEntries(order.map((key) => [key, canonicalValue(members[key])]));
}

/** Keys of objects met so far, joined, and the same in the contract's order: a run has thousands of objects and a few dozen such lists. */
const orders = new Map<string, readonly string[]>();
/** Objects whose keys are data (sites by rule, files by path) are as many as the data; the lists of these are not worth keeping. */
const MAX_ORDERS = 1_000;

function inOrder(keys: string[]): readonly string[] {
  const joined = keys.join('\0');
  const known = orders.get(joined);
  if (known) return known;
  const order = keys.sort(compareKeys);
  if (orders.size < MAX_ORDERS) orders.set(joined, order);
  return order;
}

/** By place, rule, function and resource; findings that compare equal differ at most in their words. */
export function compareFindings(a: Omit<Finding, 'fingerprint'>, b: Omit<Finding, 'fingerprint'>): number {
  return (
    compareText(a.path, b.path) ||
    a.line - b.line ||
    a.column - b.column ||
    compareText(a.rule, b.rule) ||
    a.endLine - b.endLine ||
    a.endColumn - b.endColumn ||
    compareText(a.test, b.test) ||
    compareText(a.resource?.kind ?? '', b.resource?.kind ?? '') ||
    compareText(a.resource?.name ?? '', b.resource?.name ?? '') ||
    compareText(a.pathKind ?? '', b.pathKind ?? '') ||
    compareText(a.message, b.message)
  );
}

/** By place, kind and the function it stands in. */
export function compareAcquisitions(a: Acquisition, b: Acquisition): number {
  return (
    compareText(a.path, b.path) ||
    a.line - b.line ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compareText(a.kind, b.kind) ||
    compareText(a.test ?? '', b.test ?? '') ||
    compareText(a.fixture ?? '', b.fixture ?? '') ||
    compareText(a.setup ?? '', b.setup ?? '')
  );
}

/** By place, kind and words. */
export function compareProblems(a: Problem, b: Problem): number {
  return compareText(a.path, b.path) || (a.line ?? 0) - (b.line ?? 0) || compareText(a.kind, b.kind) || compareText(a.message, b.message);
}

/** Digits that a number is filled up to; offsets and lines have fewer. */
const DIGITS = 12;

/**
 * The canonical JSON, numbers filled up with zeros: as text, 10 comes before 9, and what is chosen by such an order changes when a line is
 * inserted above.
 */
export function sortKey(value: unknown): string {
  return JSON.stringify(canonical(value)).replace(/\d+/g, (digits) => digits.padStart(DIGITS, '0'));
}

/** Sorted by `compare`, and where that does not decide, by all that they say: a total order, whatever order they came in. */
function sorted<T>(values: readonly T[], compare: (a: T, b: T) => number): T[] {
  return values.map((value) => canonical(value)).sort((a, b) => compare(a, b) || compareText(sortKey(a), sortKey(b)));
}

function withoutRepeats<T>(values: readonly T[], compare: (a: T, b: T) => number): T[] {
  return values.filter((value, at) => at === 0 || compare(values[at - 1], value) !== 0);
}

/**
 * The same result in its one true order. Fingerprints are taken as they are: give them first (`withFingerprints`).
 */
export function orderRun(result: RunResult): RunResult {
  const pillarRank = (name: string): number => PILLARS.findIndex((pillar) => pillar.name === name);
  return {
    ...canonical({ ...result, rules: [], findings: [], ledger: [], pillars: [], problems: [] }),
    rules: sorted(result.rules, (a, b) => compareText(a.id, b.id)),
    findings: sorted(result.findings, compareFindings),
    ledger: sorted(result.ledger, compareAcquisitions),
    pillars: sorted(result.pillars, (a, b) => pillarRank(a.name) - pillarRank(b.name)),
    problems: withoutRepeats(sorted(result.problems, compareProblems), compareProblems),
  };
}
