/**
 * `campsite merge RUN.json…`: the shards of one run as one run, in any output format, with the exit code that one run would have had.
 *
 * The result goes to standard output as JSON unless another format is asked for; `--output FORMAT=FILE` writes several more. A shard that is
 * missing, there twice, or of another version or configuration is an error that names it.
 */
import { resolve } from 'node:path';
import { renderReport } from '../report/index.ts';
import { formatNamed, outputsNamed, sourceReader, wantsColor } from './check.ts';
import { writeFileAtomically, writeOutput } from './output.ts';
import { readRuns } from './saved-runs.ts';
import { maxWarningsNamed, verdictOf } from './verdict.ts';

export interface MergeArguments {
  readonly runs: readonly string[];
  readonly outputFormat?: string;
  readonly output?: readonly string[];
  readonly exitZero?: boolean;
  readonly maxWarnings?: number;
  readonly statistics?: boolean;
  /** Where the sources lie, for formats that show them; the current folder when not given. */
  readonly root?: string;
}

export async function merge(args: MergeArguments): Promise<number> {
  const outputs = outputsNamed(args.output);
  const maxWarnings = maxWarningsNamed(args.maxWarnings);
  // Files that were asked for are enough; nobody wants the JSON on the terminal besides.
  const format = args.outputFormat === undefined && outputs.length > 0 ? undefined : formatNamed(args.outputFormat ?? 'json');
  const result = readRuns(args.runs);
  const sources = sourceReader(resolve(args.root ?? '.'));
  const options = { sources, statistics: args.statistics ?? false };
  if (format !== undefined)
    await writeOutput(
      renderReport(format, result, {
        ...options,
        color: wantsColor(),
        ...(process.stdout.columns === undefined ? {} : { width: process.stdout.columns }),
      }),
    );
  for (const output of outputs) await writeFileAtomically(output.file, renderReport(output.format, result, options));
  if (result.problems.some((problem) => problem.kind === 'internal')) return 2;
  return verdictOf(result, { exitZero: args.exitZero ?? false, ...(maxWarnings === undefined ? {} : { maxWarnings }) }, (line) =>
    process.stderr.write(`campsite: ${line}\n`),
  );
}
