/**
 * In plain sentences: what leaks, on which path, why does nothing clean it up, and how is it cured?
 *
 * The four questions a reader of one finding has; answered from the finding, its ledger entry and its rule alone. Returns plain text, unescaped;
 * a finding that is about no resource answers only what it can.
 */
import type { Acquisition, Finding, PathKind, Reach, RuleInfo, Witness } from '../../findings/finding.ts';
import { isSkipped, joinWords, testsSentence } from '../finding-words.ts';
import { lostAt } from './source.ts';

export interface Answer {
  readonly question: string;
  readonly text: string;
}

/** Who feels it, by reach. */
export const REACH_WORDS: Readonly<Record<Reach, string>> = {
  remote: 'stays in a remote service: someone pays, quotas fill up',
  host: 'stays on the machine: files, child processes, ports',
  process: 'stays in the test process: later tests feel it',
  object: 'is closed whenever Python collects it, with a ResourceWarning',
};

export const PATH_WORDS: Readonly<Record<PathKind, string>> = {
  normal: 'even when the test passes',
  failure: 'when the test fails',
  'setup-failure': 'when the setup fails',
  'teardown-failure': 'when the teardown fails',
};

/** What the framework does with the exception that leaves, by path kind. */
const FRAMEWORK: Readonly<Record<PathKind, string>> = {
  normal: '',
  failure: 'An exception, and a failed assertion is one, skips the rest of the test.',
  'setup-failure': 'After a failed setup the framework runs neither the test nor its teardown, only the cleanups registered until then.',
  'teardown-failure': 'A step of a teardown that raises skips the rest of it.',
};

function whatLeaks(finding: Finding): string {
  const { resource } = finding;
  if (resource === undefined) return finding.message;
  const name = resource.name === '' ? '' : ` ${resource.name}`;
  // The acquisition's step has the kind's title; the finding itself only its id.
  const title =
    finding.witnesses[0]?.steps.map((step) => /^acquired here: (.+), \w+$/.exec(step.message)?.[1]).find((found) => found !== undefined) ??
    resource.kind;
  return `${title.replace(/^./, (c) => c.toUpperCase())}${name}, acquired on line ${finding.line} of ${finding.test === '' ? finding.path : finding.test}. It ${REACH_WORDS[resource.reach]}.`;
}

/** "acquired on line 42, line 44 raises, test_resize leaves with server held". */
export function pathSentence(witness: Witness): string {
  const words = witness.steps
    .filter((step) => !isSkipped(step))
    .map((step) => {
      if (step.kind === 'exit') return step.message;
      if (step.kind === 'acquire') return `line ${step.line} ${step.message.replace(/ here:.*$/, ' it')}`;
      return `line ${step.line}${step.kind === 'branch' ? ':' : ''} ${step.message}`;
    });
  return words.join(', then ');
}

function whyNot(finding: Finding, entry: Acquisition | undefined): string {
  const witness = finding.witnesses[0];
  const kind = finding.pathKind ?? witness?.pathKind ?? 'normal';
  const skipped = witness?.steps.filter(isSkipped) ?? [];
  const raise = witness?.steps.filter((step) => step.kind === 'raise').at(-1);
  const releases = (entry?.releases ?? []).map(({ path, line, how }) => `${how} on line ${line}${path === finding.path ? '' : ` of ${path}`}`);
  const parts: string[] = [];
  const lost = witness === undefined ? undefined : lostAt(witness);
  if (lost !== undefined)
    return `Its last name is given another value on line ${lost.line} while it is still held: whatever is released later is not this one.`;
  if (skipped.length > 0 && raise !== undefined) {
    const what = skipped.map(
      (step) =>
        `line ${step.line}${step.path === finding.path ? '' : ` of ${step.path}`} (${step.message.replace(/^skipped:? ?/, '') || 'the release'})`,
    );
    parts.push(`The release on ${joinWords(what)} is not reached: line ${raise.line} raises first.`);
  } else if (releases.length > 0) parts.push(`It is released elsewhere, but not on this path: ${joinWords([...new Set(releases)].slice(0, 4))}.`);
  else parts.push('No release of it was found: not in the test, nor in its setup, teardown or cleanups.');
  if (FRAMEWORK[kind] !== '') parts.push(FRAMEWORK[kind]);
  return parts.join(' ');
}

/** Question and answer, in the order in which they are asked. */
export function answersOf(finding: Finding, entry: Acquisition | undefined, rule: RuleInfo | undefined): Answer[] {
  const witness = finding.witnesses[0];
  const isLeak = finding.resource !== undefined && finding.pathKind !== undefined;
  const tests = testsSentence(finding);
  const answers: Answer[] = [{ question: isLeak ? 'What leaks' : 'What is wrong', text: whatLeaks(finding) }];
  if (witness !== undefined) {
    const when = isLeak ? `${PATH_WORDS[witness.pathKind].replace(/^./, (c) => c.toUpperCase())}: ` : '';
    answers.push({
      question: 'On which path',
      text: `${when}${pathSentence(witness)}.${tests === undefined ? '' : ` The acquisition is ${tests}.`}`,
    });
  }
  if (isLeak) answers.push({ question: 'Why nothing cleans it up', text: whyNot(finding, entry) });
  const cure = finding.fix?.title ?? rule?.title;
  if (cure !== undefined) answers.push({ question: 'Cure', text: `${finding.fix === undefined ? 'see the rule: ' : ''}${cure}` });
  return answers;
}
