/**
 * How do the results of files become one run result?
 *
 * Joins what several files say of one place, applies the comments that suppress, gives fingerprints, verdicts and the one true order. The
 * results may come in any order, from this thread, from workers or from the cache.
 */
import { relative, sep } from 'node:path';
import { combineFindings } from '../findings/combine.ts';
import type { SuppressionComment } from '../findings/comments.ts';
import { type RunResult, SCHEMA_VERSION, type Shard } from '../findings/finding.ts';
import { type UnmarkedFinding, withFingerprints } from '../findings/fingerprint.ts';
import { joinLedgers } from '../findings/ledger.ts';
import { orderRun } from '../findings/order.ts';
import { PILLARS, pillarVerdict } from '../findings/pillars.ts';
import type { Plan } from './analyze.ts';
import type { FileResult } from './file-result.ts';
import { suppressed } from './findings.ts';
import { severityAt } from './rule-at.ts';
import { VERSION } from './version.ts';

export interface Run {
  /** Paths as they were asked for. */
  readonly paths: readonly string[];
  readonly startedAt: Date;
  /** Milliseconds since the start. */
  readonly durationMs: number;
  readonly parserBackend: 'wasm' | 'native';
  readonly shard?: Shard;
}

/** The run result of `results`, one for each file analysed. */
export function assemble(plan: Plan, results: readonly FileResult[], run: Run): RunResult {
  const { configuration, root, files, rules } = plan;
  const own = new Set(files.files);
  const comments = new Map<string, readonly SuppressionComment[]>();
  const sites = new Map<string, number>();
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  for (const result of results) {
    for (const [path, found] of Object.entries(result.comments)) comments.set(path, found);
    for (const [id, n] of Object.entries(result.sites)) {
      const rule = n > 0 ? byId.get(id) : undefined;
      if (rule && severityAt(rule, rule.severity, result.path, configuration.settings) !== undefined) sites.set(id, (sites.get(id) ?? 0) + n);
    }
  }
  const byPath = new Map<string, UnmarkedFinding[]>();
  for (const result of results) byPath.set(result.path, byPath.get(result.path) ?? []);
  for (const finding of combineFindings(results.flatMap((r) => r.findings.filter((f) => own.has(f.path))))) {
    const list = byPath.get(finding.path);
    if (list) list.push(finding);
    else byPath.set(finding.path, [finding]);
  }
  const today = run.startedAt.toISOString().slice(0, 10);
  const marked = withFingerprints(
    [...byPath].flatMap(([path, mine]) => suppressed(path, comments.get(path) ?? [], mine, rules, configuration.settings, today)),
  );
  const sum = (of: (result: FileResult) => number): number => results.reduce((n, r) => n + of(r), 0);
  return orderRun({
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'campsite', version: VERSION },
    invocation: {
      paths: run.paths,
      configFiles: configuration.files.map((f) => relative(root, f).split(sep).join('/')),
      startedAt: run.startedAt.toISOString(),
      durationMs: Math.round(run.durationMs),
      files: results.length,
      lines: sum((r) => r.lines),
      tests: sum((r) => r.tests),
      parserBackend: run.parserBackend,
      ...(run.shard ? { shard: run.shard } : {}),
    },
    rules: rules.map(({ default: _, ...info }) => info),
    findings: marked,
    ledger: joinLedgers([results.flatMap((r) => r.ledger.filter((a) => own.has(a.path)))]),
    pillars: PILLARS.map((p) => {
      const ran = rules.filter((r) => r.pillar === p.name);
      return pillarVerdict(p.name, { rulesRun: ran.map((r) => r.id), sitesChecked: ran.reduce((n, r) => n + (sites.get(r.id) ?? 0), 0) }, marked);
    }),
    problems: [...files.problems, ...results.flatMap((r) => r.problems)].filter((p) => own.has(p.path) || p.kind !== 'syntax'),
  });
}
