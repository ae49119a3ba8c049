/**
 * How are the parts of a finding put into words that several formats share?
 *
 * Plain, unescaped text: each format escapes what it gets from here.
 */
import type { Finding, Step, Witness } from '../findings/finding.ts';
import { pillarNamed } from '../findings/pillars.ts';

/** The finding's CWE ids, the pillar's first: ["CWE-664", "CWE-460"]. */
export function cweIds(finding: { readonly pillar: Finding['pillar']; readonly cwe: readonly string[] }): string[] {
  return [...new Set([pillarNamed(finding.pillar).cwe, ...finding.cwe])];
}

/** "leak-on-failure (CWE-664, CWE-460)". */
export function ruleLabel(finding: Finding): string {
  return `${finding.rule} (${cweIds(finding).join(', ')})`;
}

/** "tests/a.py:42:18". */
export function placeOf(at: { readonly path: string; readonly line: number; readonly column: number }): string {
  return `${at.path}:${at.line}:${at.column}`;
}

/** A step that the path does not reach: shown, but without a number. */
export function isSkipped(step: Step): boolean {
  return step.kind === 'release' && step.message.startsWith('skipped');
}

/** Steps with their numbers from 1; a skipped one has none. */
export function numberedSteps(witness: Witness): { readonly step: Step; readonly number: number | undefined }[] {
  let number = 0;
  return witness.steps.map((step) => ({ step, number: isSkipped(step) ? undefined : ++number }));
}

/** "reached by 12 tests: A.test_x, A.test_y and 10 more"; undefined where the finding stands in its only test. */
export function testsSentence(finding: Finding): string | undefined {
  const { count, examples } = finding.tests;
  if (count === 0 || (count === 1 && (examples.length === 0 || examples[0] === finding.test))) return undefined;
  const more = count - examples.length;
  const names = more > 0 && examples.length > 0 ? `${examples.join(', ')} and ${more} more` : joinWords(examples);
  return `reached by ${count === 1 ? '1 test' : `${count} tests`}${names === '' ? '' : `: ${names}`}`;
}

/** "a, b and c". */
export function joinWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** In a few words, where a further witness leaves: "line 47 raises". */
export function exitWords(witness: Witness, path: string): string {
  const raises = witness.steps.filter((step) => step.kind === 'raise');
  const last = raises[raises.length - 1] ?? witness.steps[witness.steps.length - 1];
  if (last === undefined) return witness.pathKind;
  const place = last.path === path ? `line ${last.line}` : `${last.path}:${last.line}`;
  return last.kind === 'raise' ? `${place} raises` : `${place}: ${last.message}`;
}
