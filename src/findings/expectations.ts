/**
 * What does a snippet say should be found in it? The grammar of comments in samples/ and in a project's own snippets.
 *
 *     file = open(path)      # expect: leak-on-failure [a] "is not closed"
 *     assert file.read()     # step [a]: raise
 *     other = open(path)     # missing: never-released the alias goes through getattr
 *     third = open(path)     # spurious: never-released closed by code that is not read
 *     with open(path) as f:  # ledger: file released
 *
 * `expect` is a finding of that rule on that line, whose message contains the text. `missing` is one that should be there and is known not
 * to be: it fails once it is found. `spurious` is one that should not be there and is known to be: it fails once it is gone. Both give
 * their reason. `step [a]` must be on one witness of the finding tagged `[a]`, the steps of one file in the order of its lines, others
 * may lie between. `ledger` is an acquisition of that kind on that line and what becomes of it: silence alone does not tell a resource that
 * is released from one that no pattern knows. A comment on a line of its own speaks of the next line of code; several comments may share a
 * line. What is compared with it, and how, stands in disagreements.ts.
 */
import type { Status, StepKind } from './finding.ts';

export interface Expectation {
  readonly kind: 'expect' | 'missing' | 'spurious';
  readonly rule: string;
  readonly tag: string | null;
  /** Must occur in the message. */
  readonly text: string | null;
  readonly path: string;
  /** 1-based line of code that the comment speaks of. */
  readonly line: number;
}

export interface ExpectedStep {
  readonly tag: string;
  readonly kind: StepKind;
  readonly path: string;
  readonly line: number;
}

export interface ExpectedStatus {
  /** A resource kind of the configuration. */
  readonly kind: string;
  readonly status: Status;
  readonly path: string;
  readonly line: number;
}

/** A comment that breaks the grammar. */
export interface Mistake {
  readonly path: string;
  readonly line: number;
  /** What should stand there, and what does. */
  readonly expected: string;
  readonly got: string;
}

export interface Expectations {
  readonly findings: readonly Expectation[];
  readonly steps: readonly ExpectedStep[];
  readonly ledger: readonly ExpectedStatus[];
  readonly mistakes: readonly Mistake[];
}

const STEP_KINDS: readonly StepKind[] = ['acquire', 'branch', 'call', 'raise', 'register', 'release', 'use', 'exit'];
/** Any comment that begins like one of ours, also misspelt with a space or a capital: a comment that is not read would never fail. */
const START = /#\s*(expect|expects|expected|missing|spurious|steps?|ledger)\b/i;
const FINDING = /^# (expect|missing|spurious): ([a-z][a-z0-9-]*)(?: \[(\w+)\])?(?: "([^"]*)")?(?: (\S.*?))?\s*$/;
const STATUSES: readonly Status[] = ['released', 'managed', 'transferred', 'escaped', 'leaks'];
const LEDGER = /^# ledger: ([a-z][a-z0-9_-]*) ([a-z]+)\s*$/;
const STEP = /^# step \[(\w+)\]: ([a-z]+)\s*$/;

/** The comments of one file. `path` is kept as it is given: relative to the sample's folder, as findings have it. */
export function readExpectations(path: string, text: string): Expectations {
  const lines = text.split(/\r?\n/);
  const findings: Expectation[] = [];
  const steps: ExpectedStep[] = [];
  const ledger: ExpectedStatus[] = [];
  const mistakes: Mistake[] = [];
  for (const [index, content] of lines.entries()) {
    const start = content.search(START);
    if (start < 0) continue;
    const line = start === content.search(/\S/) ? nextCodeLine(lines, index) : index + 1;
    if (line === undefined)
      mistakes.push({ path, line: index + 1, expected: 'a line of code that the comment speaks of', got: 'the end of the file' });
    for (const comment of content.slice(start).split(/ +(?=# (?:expect|missing|spurious|step|ledger)\b)/)) {
      const finding = FINDING.exec(comment);
      const step = STEP.exec(comment);
      const entry = LEDGER.exec(comment);
      const status = STATUSES.find((s) => s === entry?.[2]);
      if (step !== null && STEP_KINDS.some((kind) => kind === step[2])) {
        steps.push({ tag: step[1], kind: step[2] as StepKind, path, line: line ?? 0 });
      } else if (finding !== null && (finding[1] === 'expect') === (finding[5] === undefined)) {
        findings.push({
          kind: finding[1] as Expectation['kind'],
          rule: finding[2],
          tag: finding[3] ?? null,
          text: finding[4] ?? null,
          path,
          line: line ?? 0,
        });
      } else if (entry !== null && status !== undefined) {
        ledger.push({ kind: entry[1], status, path, line: line ?? 0 });
      } else {
        mistakes.push({ path, line: index + 1, expected: formOf(comment), got: comment.trim() });
      }
    }
  }
  return { findings, steps, ledger, mistakes };
}

/** How the comment should be written. */
function formOf(comment: string): string {
  const word = START.exec(comment)?.[1]?.toLowerCase() ?? '';
  if (word.startsWith('step')) return `\`# step [tag]: KIND\` with one of ${STEP_KINDS.join(', ')}`;
  if (word === 'ledger') return `\`# ledger: KIND STATUS\` with one of ${STATUSES.join(', ')}`;
  return word === 'missing' || word === 'spurious'
    ? `\`# ${word}: rule-id the reason\``
    : '`# expect: rule-id [tag] "part of the message"`, tag and text as you like';
}

function nextCodeLine(lines: readonly string[], index: number): number | undefined {
  const next = lines.findIndex((content, at) => at > index && /^\s*[^\s#]/.test(content));
  return next < 0 ? undefined : next + 1;
}

/** Joins the files of one folder; tags are the folder's, so that a step may lie in a helper's file. */
export function joinExpectations(parts: readonly Expectations[]): Expectations {
  return {
    findings: parts.flatMap((part) => part.findings),
    steps: parts.flatMap((part) => part.steps),
    ledger: parts.flatMap((part) => part.ledger),
    mistakes: parts.flatMap((part) => part.mistakes),
  };
}
