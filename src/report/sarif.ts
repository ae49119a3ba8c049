/**
 * The run as one SARIF 2.1.0 log with one run, for GitHub code scanning, VS Code and other readers.
 *
 * Everything is in it, suppressed and known findings included. The limits that make GitHub refuse a log are kept, and what they cost is said in
 * a notification. Paths are relative to the root, without base ids (GitHub does not honour them).
 */
import type { Invocation, Log, Notification, Result } from 'sarif';
import { jsonText, pathToUri, visible } from '../base/escape.ts';
import { plural } from '../base/text.ts';
import type { Finding, Problem, RunResult, Severity } from '../findings/finding.ts';
import { isActive } from '../findings/pillars.ts';
import { linesReader } from './full.ts';
import { lineHashes } from './line-hash.ts';
import type { ReportOptions } from './options.ts';
import { sarifMessage, sarifResult } from './sarif-result.ts';
import { collectRules, cweTaxonomy, describeRule, TAXONOMY } from './sarif-rules.ts';

/** GitHub refuses a run with more results. */
export const SARIF_RESULTS = 25_000;

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** Everything before the last slash is GitHub's category: stable, so that alerts do not come back. */
const CATEGORY = 'campsite/';

const SEVERITY_RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** The most important `limit` of them (active before suppressed, then by severity), in their order. */
export function mostImportant(findings: readonly Finding[], limit: number): readonly Finding[] {
  if (findings.length <= limit) return findings;
  const rank = (finding: Finding): number => (isActive(finding) ? 0 : 3) + SEVERITY_RANK[finding.severity];
  const order = findings.map((_, at) => at).sort((a, b) => rank(findings[a]) - rank(findings[b]) || a - b);
  return order
    .slice(0, limit)
    .sort((a, b) => a - b)
    .map((at) => findings[at]);
}

function notification(problem: Problem): Notification {
  return {
    descriptor: { id: problem.kind },
    level: problem.kind === 'internal' ? 'error' : 'warning',
    message: { text: sarifMessage(problem.message) },
    ...(problem.path === ''
      ? {}
      : {
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: pathToUri(problem.path) },
                ...(problem.line === undefined ? {} : { region: { startLine: problem.line } }),
              },
            },
          ],
        }),
  };
}

function invocationOf(result: RunResult, leftOut: number): Invocation {
  const { startedAt, durationMs, files, lines, tests } = result.invocation;
  const start = new Date(startedAt);
  const times = Number.isNaN(start.getTime())
    ? {}
    : { startTimeUtc: start.toISOString(), endTimeUtc: new Date(start.getTime() + durationMs).toISOString() };
  const execution = result.problems.filter((problem) => problem.kind !== 'configuration').map(notification);
  const configuration = result.problems.filter((problem) => problem.kind === 'configuration').map(notification);
  if (leftOut > 0) {
    execution.push({
      descriptor: { id: 'budget' },
      level: 'warning',
      message: { text: `${plural(leftOut, 'finding')} left out: a log may have ${SARIF_RESULTS}.` },
    });
  }
  return {
    executionSuccessful: result.problems.every((problem) => problem.kind !== 'internal'),
    ...times,
    ...(execution.length > 0 ? { toolExecutionNotifications: execution } : {}),
    ...(configuration.length > 0 ? { toolConfigurationNotifications: configuration } : {}),
    properties: { files, lines, tests },
  };
}

/** Indented by two, ends with a newline. */
export function renderSarif(result: RunResult, options: ReportOptions): string {
  const all = result.findings.filter((finding) => options.showNotes !== false || finding.severity !== 'note');
  const findings = mostImportant(all, SARIF_RESULTS);
  const rules = collectRules(result);
  const linesOf = linesReader(options);
  const marksSuppressions = findings.some((finding) => finding.suppressed !== undefined);
  const hashOf = options.sarifLineHashes === true ? lineHashReader(options) : () => undefined;
  const withLineHash = (one: Result, finding: Finding): Result => {
    const hash = hashOf(finding);
    return hash === undefined ? one : { ...one, partialFingerprints: { ...one.partialFingerprints, primaryLocationLineHash: hash } };
  };
  const log: Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'campsite',
            version: visible(result.tool.version),
            semanticVersion: visible(result.tool.version),
            ...(options.homepage === undefined ? {} : { informationUri: options.homepage }),
            rules: rules.rules.map((rule) => describeRule(rule, rules, options.helpUri?.(rule.id))),
            supportedTaxonomies: [{ name: TAXONOMY, index: 0 }],
          },
        },
        taxonomies: [cweTaxonomy(rules)],
        invocations: [invocationOf(result, all.length - findings.length)],
        automationDetails: { id: CATEGORY },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => withLineHash(sarifResult(finding, rules, linesOf, marksSuppressions), finding)),
        properties: { pillars: Object.fromEntries(result.pillars.map((pillar) => [pillar.cwe, pillar.verdict])) },
      },
    ],
  };
  return `${jsonText(log, 2)}\n`;
}

/** GitHub's hash of the line a finding stands on; undefined where the text is not at hand. Each file is hashed once. */
function lineHashReader(options: ReportOptions): (finding: Finding) => string | undefined {
  const known = new Map<string, readonly string[]>();
  return ({ path, line }) => {
    let hashes = known.get(path);
    if (hashes === undefined) known.set(path, (hashes = lineHashes(options.sources?.(path) ?? '')));
    return options.sources?.(path) === undefined ? undefined : hashes[line - 1];
  };
}
