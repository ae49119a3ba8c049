/**
 * Which findings are known already, and which entries of the baseline are no longer true?
 *
 * The file has one line a finding: fingerprint, rule, path, test, separated by single spaces, percent-encoded where they hold white space, and
 * sorted as text. Lines carry no line numbers, and fingerprints come first, so insertions fall on different places and `merge=union` gives a valid file:
 * repeated and unsorted lines are read without complaint. Only the fingerprint decides; the rest is for people and for knowing whether
 * an entry's file was looked at.
 */
import { compareText } from '../base/text.ts';
import type { Finding, Problem } from './finding.ts';

export interface BaselineEntry {
  readonly fingerprint: string;
  readonly rule: string;
  readonly path: string;
  /** Qualified name of the function; '' at module level. */
  readonly test: string;
}

export interface BaselineProblem {
  /** 1-based line of the baseline file. */
  readonly line: number;
  readonly message: string;
}

/** What the run looked at: an entry outside is neither matched nor stale. */
export interface BaselineScope {
  readonly wasAnalysed: (path: string) => boolean;
  readonly ruleRan: (rule: string) => boolean;
}

const HEADER = '# campsite baseline v1: findings that were there before; written by campsite check --write-baseline';
const FINGERPRINT = /^[0-9a-f]{16}$/;
const CONFLICT = /^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/;

/** Stands for an empty field, which single spaces could not show. `encodeField` never gives it for another text. */
const EMPTY = '-';

function encodeField(text: string): string {
  if (text === '') return EMPTY;
  if (text === EMPTY) return '%2D';
  return text.replace(/[%\s\p{Cc}\p{Cs}\u2028\u2029]/gu, (character) =>
    Array.from({ length: character.length }, (_, at) => {
      const code = character.charCodeAt(at);
      return code <= 0xff ? `%${code.toString(16).toUpperCase().padStart(2, '0')}` : `%u${code.toString(16).toUpperCase().padStart(4, '0')}`;
    }).join(''),
  );
}

function decodeField(text: string): string {
  if (text === EMPTY) return '';
  return text.replace(/%u([0-9A-F]{4})|%([0-9A-F]{2})/g, (_, long: string | undefined, short: string | undefined) =>
    String.fromCharCode(Number.parseInt(long ?? short ?? '', 16)),
  );
}

/** The entries for a result's findings: those that are not suppressed in another way. */
export function baselineOf(findings: readonly Finding[]): BaselineEntry[] {
  return findings
    .filter((finding) => finding.suppressed === undefined || finding.suppressed.kind === 'baseline')
    .map(({ fingerprint, rule, path, test }) => ({ fingerprint, rule, path, test }));
}

/** The file's text: a heading and the entries, sorted, each once. */
export function writeBaseline(entries: readonly BaselineEntry[]): string {
  const lines = entries.map(({ fingerprint, rule, path, test }) => [fingerprint, rule, path, test].map(encodeField).join(' '));
  return `${[HEADER, ...[...new Set(lines)].sort(compareText)].join('\n')}\n`;
}

/** Entries in file order, each fingerprint once. Lines that cannot be read are problems, and a caller should not go on with them. */
export function readBaseline(text: string): { readonly entries: readonly BaselineEntry[]; readonly problems: readonly BaselineProblem[] } {
  const entries = new Map<string, BaselineEntry>();
  const problems: BaselineProblem[] = [];
  text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n/)
    .forEach((line, at) => {
      if (line.trim() === '' || line.startsWith('#')) return;
      if (CONFLICT.test(line)) {
        problems.push({ line: at + 1, message: 'a merge conflict; keep the lines of both sides (.gitattributes: merge=union does it)' });
        return;
      }
      const fields = line.trim().split(/ +/);
      const [fingerprint, rule, path, test] = fields;
      if (fields.length !== 4 || !FINGERPRINT.test(fingerprint)) {
        problems.push({ line: at + 1, message: 'expected "fingerprint rule path test"' });
        return;
      }
      entries.set(fingerprint, { fingerprint, rule: decodeField(rule), path: decodeField(path), test: decodeField(test) });
    });
  return { entries: [...entries.values()], problems };
}

/**
 * Findings marked `known` or `new`, and the entries that no finding of this run answers to although their file was analysed by their rule. `name` is
 * what the reason calls the file. What is suppressed in the code or the configuration is neither known nor new: an entry for it is stale.
 */
export function applyBaseline(
  findings: readonly Finding[],
  entries: readonly BaselineEntry[],
  scope: BaselineScope,
  name: string,
): { readonly findings: readonly Finding[]; readonly stale: readonly BaselineEntry[] } {
  const known = new Set(entries.map((entry) => entry.fingerprint));
  const seen = new Set<string>();
  const marked = findings.map((finding): Finding => {
    if (finding.suppressed !== undefined && finding.suppressed.kind !== 'baseline') return finding;
    if (!known.has(finding.fingerprint)) return { ...finding, suppressed: undefined, baseline: 'new' };
    seen.add(finding.fingerprint);
    return { ...finding, suppressed: { kind: 'baseline', reason: `known from ${name}` }, baseline: 'known' };
  });
  return { findings: marked, stale: staleEntries(entries, seen, scope) };
}

function staleEntries(entries: readonly BaselineEntry[], seen: ReadonlySet<string>, scope: BaselineScope): BaselineEntry[] {
  return entries
    .filter((entry) => !seen.has(entry.fingerprint) && scope.wasAnalysed(entry.path) && scope.ruleRan(entry.rule))
    .sort((a, b) => compareText(a.path, b.path) || compareText(a.rule, b.rule) || compareText(a.fingerprint, b.fingerprint));
}

/** The entries without the stale ones; nothing is added, so a prune can never hide a finding. */
export function pruneBaseline(entries: readonly BaselineEntry[], stale: readonly BaselineEntry[]): BaselineEntry[] {
  const gone = new Set(stale.map((entry) => entry.fingerprint));
  return entries.filter((entry) => !gone.has(entry.fingerprint));
}

const NO_LONGER = 'no longer found in ';

/** What a run says of stale entries for one file, named as "rule in test". */
export function staleMessage(path: string, entries: readonly string[]): string {
  return `${NO_LONGER}${path}: ${entries.join(', ')}; --prune-baseline removes what is stale`;
}

/** Is a problem one of these? Merged shards only have their problems to judge by. */
export function isStale(problem: Problem): boolean {
  return problem.kind === 'configuration' && problem.message.startsWith(NO_LONGER);
}
