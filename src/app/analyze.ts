/**
 * The pipeline, in order: configuration → files → modules → obligations and rules → findings → run result.
 *
 * `analyze` is all that the command line, the tests and the benchmark call. It throws UsageError for wrong arguments and configurations;
 * everything wrong with the analysed project is a problem in the result.
 */
import { existsSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { type Configuration, loadConfiguration } from '../config/load.ts';
import { applyBaseline } from '../findings/baseline.ts';
import { type Acquisition, type Problem, type RunResult, SCHEMA_VERSION } from '../findings/finding.ts';
import { type UnmarkedFinding, withFingerprints } from '../findings/fingerprint.ts';
import { joinLedgers } from '../findings/ledger.ts';
import { orderRun } from '../findings/order.ts';
import { PILLARS, pillarVerdict } from '../findings/pillars.ts';
import { type Rule, ruleInfo } from '../rules/define.ts';
import { createParser } from '../syntax/parse.ts';
import { type FileList, listFiles } from './files.ts';
import { combineFindings, findingOf, suppressed } from './findings.ts';
import { FileHost } from './host.ts';
import { ledgerOf } from './ledger.ts';
import { type AnalyzeOptions, UsageError } from './options.ts';
import { selectRules } from './rules-on.ts';
import { Session } from './session.ts';
import { VERSION } from './version.ts';

/** What was settled before any file is read. */
export interface Plan {
  readonly configuration: Configuration;
  readonly root: string;
  readonly files: FileList;
  readonly rules: readonly Rule[];
}

/** Reads the configuration, lists the files, selects the rules. Throws UsageError. */
export async function plan(options: AnalyzeOptions): Promise<Plan> {
  const cwd = resolve(options.cwd ?? options.root ?? process.cwd());
  const configuration = await loadConfiguration({ cwd, root: options.root, configPath: options.configPath, version: VERSION });
  if (configuration.problems.length > 0) {
    throw new UsageError(
      configuration.problems.map(
        (p) =>
          `${p.file}:${p.line}:${p.column}: ${p.key === '' ? '' : `${p.key}: `}${p.message}${p.suggestion === undefined ? '' : `; did you mean ${p.suggestion}?`}`,
      ),
    );
  }
  const { settings, root } = configuration;
  const { rules, problems } = selectRules(options, settings);
  if (problems.length > 0) throw new UsageError(problems);
  const fromSettings = options.paths.length === 0 && settings.paths.length > 0;
  if (options.paths.length === 0 && options.virtual)
    return { configuration, root, files: { files: [...options.virtual.keys()], problems: [], skipped: [] }, rules };
  const paths = options.paths.length > 0 ? options.paths : fromSettings ? settings.paths : defaultPaths(root);
  const files = listFiles({
    root,
    cwd: fromSettings || options.paths.length === 0 ? root : cwd,
    paths,
    exclude: settings.exclude,
    forceExclude: options.forceExclude ?? false,
    respectGitignore: options.respectGitignore ?? true,
  });
  return { configuration, root, files, rules };
}

function defaultPaths(root: string): readonly string[] {
  const found = ['tests', 'test'].filter((p) => existsSync(join(root, p)));
  return found.length > 0 ? found : ['.'];
}

/** Runs the analysis. */
export async function analyze(options: AnalyzeOptions): Promise<RunResult> {
  const startedAt = new Date();
  const start = performance.now();
  const { configuration, root, files, rules } = await plan(options);
  const parser = await createParser(options.parser);
  const host = new FileHost(root, parser);
  for (const [path, text] of options.virtual ?? []) host.virtual.set(path, text);
  const session = new Session(host, configuration.packs, configuration.settings.runner);
  const findings: UnmarkedFinding[] = [];
  const ledger: Acquisition[] = [];
  const problems: Problem[] = [...files.problems];
  const sites = new Map<string, number>();
  const today = startedAt.toISOString().slice(0, 10);
  const own = new Set(files.files);
  let lines = 0;
  let tests = 0;
  files.files.forEach((path, i) => {
    options.onFile?.(i, files.files.length);
    try {
      const result = session.analyse(path, rules, options.graphs ?? false);
      if (!result) return;
      lines += host.lines(path, result.module.text).starts.length;
      tests += result.groups.reduce((n, g) => n + g.tests.length, 0);
      const mine = result.reports.flatMap(({ rule, report }) =>
        own.has(report.module.path) ? (findingOf(rule, report, host, configuration.settings) ?? []) : [],
      );
      findings.push(...mine);
      ledger.push(
        ...ledgerOf(result.obligations, (m, offset) => {
          const table = host.lines(m.path, m.text);
          return positionOf(table, offset);
        }).filter((a) => own.has(a.path)),
      );
      for (const [rule, n] of result.sites) sites.set(rule, (sites.get(rule) ?? 0) + n);
    } catch (error) {
      problems.push({ path, kind: 'internal', message: `the analysis failed: ${error instanceof Error ? error.message : String(error)}` });
      if (process.env.CAMPSITE_DEBUG !== undefined) console.error(error);
    }
  });
  for (const scope of session.engine.exhausted)
    problems.push({
      path: scope.module.path,
      line: positionOf(host.lines(scope.module.path, scope.module.text), scope.fn.nameStart).line,
      kind: 'budget',
      message: `${scope.fn.qualifiedName} has more paths than the analysis follows; what it holds is taken as escaped`,
    });
  problems.push(...host.problems);
  const byFile = grouped(combineFindings(findings));
  const after: UnmarkedFinding[] = [];
  for (const path of new Set([...files.files])) {
    const module = session.program.module(path);
    const mine = byFile.get(path) ?? [];
    after.push(...(module ? suppressed(path, module.text, mine, host, rules, configuration.settings, today) : mine));
  }
  const marked = withFingerprints(after);
  return orderRun({
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'campsite', version: VERSION },
    invocation: {
      paths: options.paths,
      configFiles: configuration.files.map((f) => relative(root, f).split(sep).join('/')),
      startedAt: startedAt.toISOString(),
      durationMs: Math.round(performance.now() - start),
      files: files.files.length,
      lines,
      tests,
      parserBackend: parser.backend,
    },
    rules: rules.map(ruleInfo),
    findings: marked,
    ledger: joinLedgers([ledger]),
    pillars: PILLARS.map((p) => {
      const run = rules.filter((r) => r.pillar === p.name);
      return pillarVerdict(p.name, { rulesRun: run.map((r) => r.id), sitesChecked: run.reduce((n, r) => n + (sites.get(r.id) ?? 0), 0) }, marked);
    }),
    problems: problems.filter((p) => own.has(p.path) || p.kind !== 'syntax'),
  });
}

import { positionAt as positionOf } from '../base/lines.ts';

function grouped(findings: readonly UnmarkedFinding[]): Map<string, UnmarkedFinding[]> {
  const out = new Map<string, UnmarkedFinding[]>();
  for (const f of findings) {
    const list = out.get(f.path);
    if (list) list.push(f);
    else out.set(f.path, [f]);
  }
  return out;
}

export { applyBaseline };
