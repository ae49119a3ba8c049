/**
 * Which findings do comments in the code suppress, and which of these comments are wrong?
 *
 *     server = cloud.create()  # campsite: ignore[leak-on-failure] the sandbox is thrown away
 *     # campsite: ignore[never-released, double-release] until=2027-01-01 waiting for the driver's release
 *
 * A suppression names its rules, one by one: without names it would hide what nobody has seen yet. It holds for a finding that begins
 * or ends on the line it speaks of (comments.ts). `# noqa: rule-id` is honoured where the word is one of our rules, and never complained about. Suppressed findings stay in the
 * result, marked. What is wrong with a comment comes back as data; the rule `unused-suppression` makes findings of it.
 */
import { compareText } from '../base/text.ts';
import type { SuppressionComment } from './comments.ts';
import type { UnmarkedFinding } from './fingerprint.ts';

export interface SuppressOptions {
  /** All rule ids that exist; a name that is none is reported. */
  readonly knownRules: ReadonlySet<string>;
  /** Rules that ran: a suppression of one that did not is not called unused. All, when not given. */
  readonly rulesRun?: ReadonlySet<string>;
  /** A suppression without a reason is reported (it still suppresses). */
  readonly requireReason?: boolean;
  /** `YYYY-MM-DD`: what `until` is compared with. Without it nothing expires. */
  readonly today?: string;
}

export interface SuppressionFault {
  readonly kind: 'unused' | 'expired' | 'no-reason' | 'unknown-rule' | 'malformed';
  readonly line: number;
  readonly column: number;
  /** Exclusive; on the same line. */
  readonly endColumn: number;
  /** The rule id it is about; '' where it is about the comment. */
  readonly rule: string;
  /** One sentence without a full stop. */
  readonly message: string;
}

interface RuleMention {
  readonly id: string;
  readonly line: number;
  readonly column: number;
  used: boolean;
}

interface Suppression {
  readonly firstLine: number;
  readonly lastLine: number;
  readonly mentions: readonly RuleMention[];
  readonly reason: string;
  readonly expired: boolean;
  readonly strict: boolean;
}

const IGNORE = /#\s*campsite:\s*ignore(?:\s*\[([^\]]*)\])?/i;
const ANY = /#\s*campsite:\s*(\S*)/i;
const NOQA = /#\s*noqa:\s*([A-Za-z][\w-]*(?:[,\s]+[A-Za-z][\w-]*)*)/i;
const UNTIL = /(?:^|\s)until=(\S*)/;
const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** The findings of one file, some of them marked, and what is wrong with the comments, in order of place. */
export function suppressFindings<F extends UnmarkedFinding>(
  findings: readonly F[],
  comments: readonly SuppressionComment[],
  options: SuppressOptions,
): { readonly findings: readonly F[]; readonly faults: readonly SuppressionFault[] } {
  if (comments.length === 0) return { findings, faults: [] };
  const faults: SuppressionFault[] = [];
  const suppressions = comments.flatMap((comment) => readComment(comment, options, faults));
  const marked = findings.map((finding) => markFinding(finding, suppressions));
  for (const { mentions, expired, strict } of suppressions) {
    if (!strict || expired) continue;
    for (const { id, line, column, used } of mentions) {
      if (used || !options.knownRules.has(id) || options.rulesRun?.has(id) === false) continue;
      faults.push({ kind: 'unused', line, column, endColumn: column + id.length, rule: id, message: `nothing here for ignore[${id}] to suppress` });
    }
  }
  faults.sort((a, b) => a.line - b.line || a.column - b.column || compareText(a.kind, b.kind));
  return { findings: marked, faults };
}

function markFinding<F extends UnmarkedFinding>(finding: F, suppressions: readonly Suppression[]): F {
  let result = finding;
  for (const suppression of suppressions) {
    if (suppression.expired) continue;
    const speaks = (line: number): boolean => suppression.firstLine <= line && line <= suppression.lastLine;
    if (!speaks(finding.line) && !speaks(finding.endLine)) continue;
    for (const mention of suppression.mentions) {
      if (mention.id !== finding.rule) continue;
      mention.used = true;
      if (result.suppressed !== undefined) continue;
      result = { ...finding, suppressed: { kind: 'inline', reason: suppression.reason, at: { line: mention.line, column: mention.column } } };
    }
  }
  return result;
}

function readComment(comment: SuppressionComment, options: SuppressOptions, faults: SuppressionFault[]): Suppression[] {
  const base = comment.column ?? 1;
  const fault = (kind: SuppressionFault['kind'], at: number, length: number, message: string, rule = ''): void => {
    faults.push({ kind, line: comment.line, column: base + at, endColumn: base + at + Math.max(1, length), rule, message });
  };
  const lines = linesSpokenOf(comment);
  const match = IGNORE.exec(comment.text);
  if (match === null) {
    const other = ANY.exec(comment.text);
    if (other !== null) fault('malformed', other.index, other[0].length, 'a comment for campsite reads "# campsite: ignore[rule-id] reason"');
    return lines === undefined ? [] : readNoqa(comment, base, lines, options);
  }
  const mentions = mentionsIn(match[1] ?? '', comment.line, base + match.index + match[0].length - (match[1] ?? '').length - 1);
  if (match[1] === undefined || mentions.length === 0) {
    fault('malformed', match.index, match[0].length, 'ignore must name the rules it means: "# campsite: ignore[rule-id] reason"');
    return [];
  }
  for (const { id, column } of mentions) {
    if (!options.knownRules.has(id)) fault('unknown-rule', column - base, id.length, `no rule is called "${id}"`, id);
  }
  const rest = comment.text.slice(match.index + match[0].length);
  const until = UNTIL.exec(rest);
  const reason = rest
    .replace(UNTIL, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s:-]+/, '')
    .trim();
  if (until !== null && !isDate(until[1]))
    fault('malformed', match.index, match[0].length, `until wants a date such as until=2027-01-31, not "${until[1]}"`);
  if (options.requireReason === true && reason === '') fault('no-reason', match.index, match[0].length, 'a suppression must say why');
  const expired = until !== null && isDate(until[1]) && options.today !== undefined && until[1] < options.today;
  if (expired) fault('expired', match.index, match[0].length, `this suppression ended on ${until[1]}`);
  if (lines === undefined) {
    fault('unused', match.index, match[0].length, 'no code follows that this comment could speak of');
    return [];
  }
  return [{ ...lines, mentions, reason, expired, strict: true }];
}

/** A date that the calendar has: 2027-02-30 is a typing error, and taken for March it would hold longer than was meant. */
function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function linesSpokenOf(comment: SuppressionComment): { firstLine: number; lastLine: number } | undefined {
  if (!comment.ownLine) return { firstLine: comment.firstLine ?? comment.line, lastLine: comment.line };
  if (comment.nextCodeLine === undefined) return undefined;
  return { firstLine: comment.nextCodeLine, lastLine: comment.nextCodeEndLine ?? comment.nextCodeLine };
}

function mentionsIn(list: string, line: number, column: number): RuleMention[] {
  return [...list.matchAll(/[^\s,]+/g)].map((match) => ({ id: match[0], line, column: column + match.index, used: false }));
}

function readNoqa(
  comment: SuppressionComment,
  base: number,
  lines: { firstLine: number; lastLine: number },
  options: SuppressOptions,
): Suppression[] {
  const match = NOQA.exec(comment.text);
  if (match === null || comment.ownLine) return [];
  const mentions = mentionsIn(match[1], comment.line, base + match.index + match[0].length - match[1].length);
  const ours = mentions.filter(({ id }) => options.knownRules.has(id));
  return ours.length === 0 ? [] : [{ ...lines, mentions: ours, reason: 'noqa', expired: false, strict: false }];
}
