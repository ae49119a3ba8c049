/**
 * How do the results of shards become the result of one run?
 *
 * Same bytes as one run over everything (but for times), or no result at all: a missing or repeated shard, another version or another
 * configuration is an error that names the shard, because a merged report that silently lacks a part would be read as clean. A setup that tests
 * of several shards go through is one finding and one acquisition again.
 */
import { compareText } from '../base/text.ts';
import { combineFindings } from './combine.ts';
import type { Finding, RuleInfo, RunResult, Shard } from './finding.ts';
import { withFingerprints } from './fingerprint.ts';
import { joinLedgers } from './ledger.ts';
import { orderRun } from './order.ts';
import { PILLARS, pillarVerdict } from './pillars.ts';

/** Merged results, or why there is none; each problem is one sentence without a full stop. */
export interface Merged {
  readonly result?: RunResult;
  readonly problems: readonly string[];
}

interface NamedRun {
  readonly run: RunResult;
  readonly shard: Shard;
  /** "shard 2/4 (out/2.json)". */
  readonly label: string;
}

/** The rule whose findings speak of comments; when shards disagree about a comment, the one that used it is right. */
const UNUSED_SUPPRESSION = 'unused-suppression';

/**
 * Joins the results of all shards of one run, in any order; `names` (files they were read from) make the problems clearer. A single result
 * that is no shard is given back in order.
 */
export function mergeRuns(runs: readonly RunResult[], names: readonly string[] = []): Merged {
  if (runs.length === 0) return { problems: ['there is no run result to merge'] };
  if (runs.length === 1 && runs[0].invocation.shard === undefined) return { result: orderRun(runs[0]), problems: [] };
  const nameOf = (at: number): string => (names[at] === undefined ? '' : ` (${names[at]})`);
  const problems: string[] = [];
  const parts: NamedRun[] = [];
  runs.forEach((run, at) => {
    const { shard } = run.invocation;
    if (shard === undefined) problems.push(`run result ${at + 1}${nameOf(at)} is not a shard: it was made without --shard`);
    else parts.push({ run, shard, label: `shard ${shard.index}/${shard.total}${nameOf(at)}` });
  });
  parts.sort((a, b) => a.shard.index - b.shard.index || compareText(a.label, b.label));
  problems.push(...disagreements(parts));
  return problems.length > 0 ? { problems } : { result: joined(parts), problems };
}

function disagreements(parts: readonly NamedRun[]): string[] {
  if (parts.length === 0) return [];
  const first = parts[0];
  const problems: string[] = [];
  const differs = (what: string, of: (part: NamedRun) => string): void => {
    for (const part of parts) {
      if (of(part) !== of(first)) problems.push(`${part.label} has ${what} ${of(part)}, ${first.label} has ${of(first)}`);
    }
  };
  differs('schema version', ({ run }) => String(run.schemaVersion));
  differs('version', ({ run }) => run.tool.version);
  differs('configuration', ({ shard }) => shard.configHash);
  differs('paths', ({ run }) => JSON.stringify(run.invocation.paths));
  for (const { shard, label } of parts) {
    if (shard.total !== first.shard.total) problems.push(`${label} is one of ${shard.total}, ${first.label} is one of ${first.shard.total}`);
    else if (!(Number.isInteger(shard.index) && shard.index >= 1 && shard.index <= shard.total))
      problems.push(`${label} cannot be: shards are numbered 1 to ${shard.total}`);
  }
  if (problems.length > 0) return problems;
  const byIndex = new Map<number, NamedRun>();
  for (const part of parts) {
    const earlier = byIndex.get(part.shard.index);
    if (earlier === undefined) byIndex.set(part.shard.index, part);
    else problems.push(`${part.label} is there twice${earlier.label === part.label ? '' : `, also as ${earlier.label}`}`);
  }
  for (let index = 1; index <= first.shard.total; index++) {
    if (!byIndex.has(index)) problems.push(`shard ${index}/${first.shard.total} is missing`);
  }
  return problems;
}

function joined(parts: readonly NamedRun[]): RunResult {
  const runs = parts.map((part) => part.run);
  const first = runs[0];
  const findings = withFingerprints(withoutUsedSuppressions(combineFindings(runs.flatMap((run) => run.findings))));
  const sum = (of: (run: RunResult) => number): number => runs.reduce((total, run) => total + of(run), 0);
  return orderRun({
    schemaVersion: first.schemaVersion,
    tool: first.tool,
    invocation: {
      paths: first.invocation.paths,
      configFiles: unique(runs.flatMap((run) => run.invocation.configFiles)),
      startedAt: runs.map((run) => run.invocation.startedAt).sort(compareText)[0],
      durationMs: Math.max(...runs.map((run) => run.invocation.durationMs)),
      files: sum((run) => run.invocation.files),
      lines: sum((run) => run.invocation.lines),
      tests: sum((run) => run.invocation.tests),
      parserBackend: runs.some((run) => run.invocation.parserBackend === 'wasm') ? 'wasm' : 'native',
    },
    rules: joinRules(runs),
    findings,
    ledger: joinLedgers(runs.map((run) => run.ledger)),
    pillars: joinPillars(runs, findings),
    problems: runs.flatMap((run) => run.problems),
  });
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort(compareText);
}

/** A comment that one shard used is not unused, whatever the shards say that did not see the finding. */
function withoutUsedSuppressions(findings: readonly Finding[]): Finding[] {
  const key = (path: string, line: number, column: number): string => JSON.stringify([path, line, column]);
  const used = new Set(findings.flatMap(({ path, suppressed }) => (suppressed?.at ? [key(path, suppressed.at.line, suppressed.at.column)] : [])));
  return findings.filter((finding) => finding.rule !== UNUSED_SUPPRESSION || !used.has(key(finding.path, finding.line, finding.column)));
}

function joinRules(runs: readonly RunResult[]): RuleInfo[] {
  return [...new Map(runs.flatMap((run) => run.rules.map((rule) => [rule.id, rule] as const))).values()];
}

/** Which pillars are listed is decided by the runs; what is said of them by all findings together. */
function joinPillars(runs: readonly RunResult[], findings: readonly Finding[]): RunResult['pillars'] {
  return PILLARS.flatMap(({ name }) => {
    const verdicts = runs.flatMap((run) => run.pillars.filter((verdict) => verdict.name === name));
    if (verdicts.length === 0) return [];
    const rulesRun = unique(verdicts.flatMap((verdict) => verdict.rulesRun));
    const sitesChecked = verdicts.reduce((total, verdict) => total + verdict.sitesChecked, 0);
    return [pillarVerdict(name, { rulesRun, sitesChecked }, findings)];
  });
}
