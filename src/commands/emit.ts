/**
 * How does a run result leave the command: on standard output, in files, and in GitHub Actions by itself?
 *
 * In a job of GitHub Actions where nobody chose a format, annotations follow the text on standard output, and the Markdown goes to the job's
 * summary. The summary of a step that is larger than GitHub keeps would be dropped as a whole and in silence, so nothing is added that
 * would make it so.
 */
import { appendFileSync, statSync } from 'node:fs';
import type { RunResult } from '../findings/finding.ts';
import { type Format, renderReport } from '../report/index.ts';
import { SUMMARY_BYTES } from '../report/markdown.ts';
import type { ReportOptions } from '../report/options.ts';
import { normalPrefix, withPathPrefix } from '../report/path-prefix.ts';
import { writeFileAtomically, writeOutput } from './output.ts';

export interface EmitArguments {
  readonly statistics?: boolean;
  readonly pathPrefix?: string;
  readonly sarifFingerprints?: 'campsite' | 'github';
}

export interface Outputs {
  /** On standard output; undefined: nothing there. */
  readonly format: Format | undefined;
  readonly files: readonly { readonly format: Format; readonly file: string }[];
  /** Whether GitHub Actions may be told besides: no format was chosen, and the result is whole. */
  readonly tellsActions: boolean;
  readonly color: boolean;
  readonly sources: (path: string) => string | undefined;
}

/** Formats that campsite reads again: their paths stay relative to the root. */
const SAVED: ReadonlySet<Format> = new Set(['json', 'json-lines']);

/** Writes the result everywhere. Throws UsageError where a file cannot be written. */
export async function emit(result: RunResult, args: EmitArguments, outputs: Outputs): Promise<void> {
  const prefix = normalPrefix(args.pathPrefix ?? '');
  const prefixed = withPathPrefix(result, prefix);
  const inner = (path: string): string => (prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : path);
  const options: ReportOptions = {
    sources: (path) => outputs.sources(inner(path)),
    statistics: args.statistics ?? false,
    ...(args.sarifFingerprints === 'github' ? { sarifLineHashes: true } : {}),
  };
  const render = (format: Format, own: ReportOptions = {}): string =>
    renderReport(format, SAVED.has(format) ? result : prefixed, { ...options, ...own });
  const width = process.stdout.columns;
  if (outputs.format !== undefined) await writeOutput(render(outputs.format, { color: outputs.color, ...(width === undefined ? {} : { width }) }));
  for (const { format, file } of outputs.files) await writeFileAtomically(file, render(format));
  if (!outputs.tellsActions || process.env.GITHUB_ACTIONS !== 'true') return;
  await writeOutput(render('github'));
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary !== undefined && summary !== '') await addToSummary(summary, render('markdown'));
}

/** Appends to the job's summary, where it has room left. */
async function addToSummary(file: string, text: string): Promise<void> {
  try {
    const before = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (before + Buffer.byteLength(text) <= SUMMARY_BYTES) appendFileSync(file, text);
    else await writeOutput('::notice title=campsite::The job summary has no room for the report: other commands of this step filled it.\n');
  } catch (error) {
    await writeOutput(`::notice title=campsite::The job summary cannot be written: ${(error as NodeJS.ErrnoException).code ?? 'error'}\n`);
  }
}
