/**
 * What does a sample say should be found in it, and does a run agree? The grammar of comments in samples/, and the comparison.
 *
 *     file = open(path)      # expect: leak-on-failure [a] "is not closed"
 *     assert file.read()     # step [a]: raise
 *     other = open(path)     # missing: never-released the alias goes through getattr
 *     third = open(path)     # spurious: never-released closed by code that is not read
 *
 * `expect` is a finding of that rule on that line, whose message contains the text. `missing` is one that should be there and is known not
 * to be: it fails once it is found. `spurious` is one that should not be there and is known to be: it fails once it is gone. Both give
 * their reason. `step [a]` must be on one witness of the finding tagged `[a]`, the steps of one file in the order of its lines, others
 * may lie between. A comment on a line of its own speaks of the next line of code; several comments may share a line.
 * Strict both ways: a finding that no comment speaks of is a complaint too. A rule id that no rule has is a complaint, so that a renamed
 * rule cannot leave a `missing` behind that never fails. Invariant: no complaints means comments and findings are in one-to-one relation.
 */
import type { Finding, StepKind } from '../src/findings/finding.ts';

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

export interface Expectations {
  readonly findings: readonly Expectation[];
  readonly steps: readonly ExpectedStep[];
  /** Comments that break the grammar, one sentence each. */
  readonly mistakes: readonly string[];
}

const STEP_KINDS: readonly StepKind[] = ['acquire', 'branch', 'call', 'raise', 'register', 'release', 'use', 'exit'];
/** Any comment that begins like one of ours, also misspelt with a space or a capital: a comment that is not read would never fail. */
const START = /#\s*(expect|expects|expected|missing|spurious|steps?)\b/i;
const FINDING = /^# (expect|missing|spurious): ([a-z][a-z0-9-]*)(?: \[(\w+)\])?(?: "([^"]*)")?(?: (\S.*?))?\s*$/;
const STEP = /^# step \[(\w+)\]: ([a-z]+)\s*$/;

/** The comments of one file. `path` is kept as it is given: relative to the sample's folder, as findings have it. */
export function readExpectations(path: string, text: string): Expectations {
  const lines = text.split(/\r?\n/);
  const findings: Expectation[] = [];
  const steps: ExpectedStep[] = [];
  const mistakes: string[] = [];
  for (const [index, content] of lines.entries()) {
    const start = content.search(START);
    if (start < 0) continue;
    const line = start === content.search(/\S/) ? nextCodeLine(lines, index) : index + 1;
    if (line === undefined) mistakes.push(`${path}:${index + 1}: no line of code follows the comment`);
    for (const comment of content.slice(start).split(/ +(?=# (?:expect|missing|spurious|step)\b)/)) {
      const finding = FINDING.exec(comment);
      const step = STEP.exec(comment);
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
      } else {
        mistakes.push(`${path}:${index + 1}: not understood: ${comment.trim()}`);
      }
    }
  }
  return { findings, steps, mistakes };
}

function nextCodeLine(lines: readonly string[], index: number): number | undefined {
  const next = lines.findIndex((content, at) => at > index && /^\s*[^\s#]/.test(content));
  return next < 0 ? undefined : next + 1;
}

/** Joins the files of one sample folder; tags are the folder's, so that a step may lie in a helper's file. */
export function joinExpectations(parts: readonly Expectations[]): Expectations {
  return {
    findings: parts.flatMap((part) => part.findings),
    steps: parts.flatMap((part) => part.steps),
    mistakes: parts.flatMap((part) => part.mistakes),
  };
}

/**
 * Everything in which comments and findings disagree, one sentence each, in the order of the files; empty where they agree.
 * `rules` are the ids of all rules there are. Suppressed findings count as not reported.
 */
export function disagreements(expected: Expectations, found: readonly Finding[], rules: ReadonlySet<string>): readonly string[] {
  const complaints: string[] = [...expected.mistakes];
  const open = new Set(found.filter((finding) => finding.suppressed === undefined));
  const byTag = new Map<string, Finding>();
  const tags = new Set<string>();
  for (const expectation of expected.findings) {
    const { kind, rule, tag, text, path, line } = expectation;
    const where = `${path}:${line}`;
    if (!rules.has(rule)) {
      complaints.push(`${where}: there is no rule ${rule}`);
      continue;
    }
    if (tag !== null && tags.has(tag)) complaints.push(`${where}: the tag ${tag} is given twice`);
    if (tag !== null) tags.add(tag);
    const candidates = [...open].filter((finding) => finding.path === path && finding.line === line && finding.rule === rule);
    const match = candidates.find((finding) => finding.message.includes(text ?? ''));
    if (match !== undefined) open.delete(match);
    if (match !== undefined && tag !== null) byTag.set(tag, match);
    if (kind === 'missing' && match !== undefined) complaints.push(`${where}: ${rule} is found now: turn "missing" into "expect"`);
    if (kind === 'spurious' && match === undefined) complaints.push(`${where}: ${rule} is gone: remove "spurious"`);
    if (kind === 'expect' && match === undefined) {
      const near = candidates.length > 0 ? `; the message is: ${candidates[0].message}` : otherFindings(found, path, line);
      complaints.push(`${where}: ${rule}${text === null ? '' : ` "${text}"`} is not found${near}`);
    }
  }
  complaints.push(...stepComplaints(expected, byTag, tags));
  for (const finding of open) complaints.push(`${finding.path}:${finding.line}: not expected: ${finding.rule} "${finding.message}"`);
  return complaints;
}

function otherFindings(found: readonly Finding[], path: string, line: number): string {
  const rules = found.filter((finding) => finding.path === path && finding.line === line).map((finding) => finding.rule);
  return rules.length === 0 ? '' : `; found there: ${rules.join(', ')}`;
}

function stepComplaints(expected: Expectations, byTag: ReadonlyMap<string, Finding>, tags: ReadonlySet<string>): readonly string[] {
  const complaints: string[] = [];
  for (const step of expected.steps) if (!tags.has(step.tag)) complaints.push(`${step.path}:${step.line}: no finding has the tag ${step.tag}`);
  for (const [tag, finding] of byTag) {
    const steps = expected.steps.filter((step) => step.tag === tag);
    const paths = [...new Set(steps.map((step) => step.path))];
    const shown = finding.witnesses.some((witness) =>
      paths.every((path) =>
        inOrder(
          steps.filter((step) => step.path === path),
          witness.steps,
        ),
      ),
    );
    if (steps.length > 0 && !shown) {
      const walks = finding.witnesses.map((witness) => witness.steps.map((step) => `${step.kind} ${step.path}:${step.line}`).join(', '));
      complaints.push(
        `${finding.path}:${finding.line}: no witness of ${finding.rule} has the steps ${steps.map(({ kind, path, line }) => `${kind} ${path}:${line}`).join(', ')}; ` +
          `it has ${walks.length === 0 ? 'none' : walks.join(' | ')}`,
      );
    }
  }
  return complaints;
}

/** Whether `wanted` is a subsequence of `walk`. */
function inOrder(
  wanted: readonly ExpectedStep[],
  walk: readonly { readonly kind: StepKind; readonly path: string; readonly line: number }[],
): boolean {
  let next = 0;
  for (const step of walk) {
    const want = wanted[next];
    if (want !== undefined && step.kind === want.kind && step.path === want.path && step.line === want.line) next += 1;
  }
  return next === wanted.length;
}
