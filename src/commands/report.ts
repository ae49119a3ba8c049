/**
 * `campsite report`: the cleanup report, of the tests as they are or of saved runs.
 *
 * HTML goes into a file (a page on a terminal helps nobody), Markdown and JSON to standard output unless `-o` names one. A report judges nothing:
 * it exits with 0 whatever it found, and with 2 where it could not be made.
 */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { analyze, plan } from '../app/analyze.ts';
import { type AnalyzeOptions, CACHE_FOLDER, UsageError } from '../app/options.ts';
import { VERSION } from '../app/version.ts';
import { jsonText } from '../base/escape.ts';
import { plural } from '../base/text.ts';
import { loadConfiguration } from '../config/load.ts';
import { compareRuns } from '../findings/compare.ts';
import type { RunResult } from '../findings/finding.ts';
import { canonical } from '../findings/order.ts';
import { isActive } from '../findings/pillars.ts';
import { renderReport } from '../report/index.ts';
import { progress, sourceReader, split } from './check.ts';
import { writeFileAtomically, writeOutput } from './output.ts';
import { readRun, readRuns } from './saved-runs.ts';

export const REPORT_FORMATS = ['html', 'markdown', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

const DEFAULT_FILE = 'campsite-report.html';

export interface ReportArguments {
  readonly paths?: readonly string[];
  readonly format: ReportFormat;
  /** A file, or "-" for standard output. */
  readonly output?: string;
  /** Saved runs: one, or the shards of one. */
  readonly from?: readonly string[];
  readonly against?: string;
  readonly open?: boolean;
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
  readonly extendSelect?: readonly string[];
  readonly root?: string;
  readonly config?: string;
}

export async function report(args: ReportArguments): Promise<number> {
  const fromSaved = args.from !== undefined && args.from.length > 0;
  if (fromSaved && (args.paths ?? []).length > 0) throw new UsageError(['--from reports on saved runs: leave the paths out, or leave --from out']);
  const file = args.output ?? (args.format === 'html' ? DEFAULT_FILE : '-');
  if (args.open === true && (args.format !== 'html' || file === '-'))
    throw new UsageError(['--open shows the HTML file: it goes with --format html and not with -o -']);
  const before = args.against === undefined ? undefined : readRun(args.against);
  const { result, root } = fromSaved ? { result: readRuns(args.from ?? []), root: await savedRoot(args) } : await analysed(args);
  const text = rendered(args, result, root, before);
  if (file === '-') await writeOutput(text);
  else {
    await writeFileAtomically(file, text);
    process.stderr.write(
      `campsite: wrote ${file}: ${plural(result.findings.filter(isActive).length, 'finding')}, ${plural(result.ledger.length, 'acquisition')}\n`,
    );
  }
  if (args.open === true) show(resolve(file));
  return result.problems.some((problem) => problem.kind === 'internal') ? 2 : 0;
}

async function analysed(args: ReportArguments): Promise<{ readonly result: RunResult; readonly root: string }> {
  const options: AnalyzeOptions = {
    paths: args.paths ?? [],
    cwd: process.cwd(),
    graphs: args.format !== 'markdown',
    workers: 'auto',
    ...(args.root === undefined ? {} : { root: resolve(args.root) }),
    ...(args.config === undefined ? {} : { configPath: args.config }),
    ...(args.select ? { select: split(args.select) ?? [] } : {}),
    ...(args.ignore ? { ignore: split(args.ignore) ?? [] } : {}),
    ...(args.extendSelect ? { extendSelect: split(args.extendSelect) ?? [] } : {}),
    ...(process.stderr.isTTY ? { onFile: progress } : {}),
  };
  const settled = await plan(options);
  const { root, files } = settled;
  if (files.files.length === 0)
    throw new UsageError(
      files.problems.length > 0 ? files.problems.map(({ path, message }) => `${path}: ${message}`) : ['there is no test file to report on'],
    );
  const result = await analyze({ ...options, cacheFolder: join(root, CACHE_FOLDER) }, settled);
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  return { result, root };
}

/** Where the sources of a saved run lie: as if the run were made here. */
async function savedRoot(args: ReportArguments): Promise<string> {
  const root = args.root === undefined ? undefined : resolve(args.root);
  return root ?? (await loadConfiguration({ cwd: process.cwd(), root, configPath: args.config, version: VERSION })).root;
}

function rendered(args: ReportArguments, result: RunResult, root: string, before: RunResult | undefined): string {
  const against = before === undefined || args.against === undefined ? {} : { against: { name: args.against, result: before } };
  if (args.format !== 'json' || before === undefined) return renderReport(args.format, result, { sources: sourceReader(root), ...against });
  const { added, fixed, unchanged, notChecked } = compareRuns(result, before);
  const prints = (findings: RunResult['findings']): string[] => findings.map((finding) => finding.fingerprint);
  return `${jsonText(canonical({ comparison: { against: args.against, new: prints(added), fixed, unchanged: prints(unchanged), notChecked: prints(notChecked) }, result }), 2)}\n`;
}

/** Opens the page with what the system opens pages with; where there is nothing, the file is there all the same. */
function show(file: string): void {
  const [command, ...before] = process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  const child = spawn(command, [...before, file], { detached: true, stdio: 'ignore' });
  child.on('error', () => process.stderr.write(`campsite: nothing here opens a browser; the report is ${file}\n`));
  child.unref();
}
