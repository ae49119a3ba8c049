/**
 * `campsite merge RUN.json…`: the shards of one run as one run, in any output format, with the exit code that one run would have had.
 *
 * The result goes to standard output as JSON unless another format is asked for; `--output FORMAT=FILE` writes several more. A shard that is
 * missing, there twice, or of another version or configuration is an error that names it.
 */
import { resolve } from 'node:path';
import { isStale } from '../findings/baseline.ts';
import { formatNamed, outputsNamed, sourceReader, wantsColor } from './check.ts';
import { type EmitArguments, emit } from './emit.ts';
import { readRuns } from './saved-runs.ts';
import { maxWarningsNamed, verdictOf } from './verdict.ts';

export interface MergeArguments extends EmitArguments {
  readonly runs: readonly string[];
  readonly outputFormat?: string;
  readonly output?: readonly string[];
  readonly exitZero?: boolean;
  readonly maxWarnings?: number;
  /** Shards that ran with --exit-zero have said what of the baseline is stale; it counts here. */
  readonly passOnStale?: boolean;
  /** Where the sources lie, for formats that show them; the current folder when not given. */
  readonly root?: string;
}

export async function merge(args: MergeArguments): Promise<number> {
  const outputs = outputsNamed(args.output);
  const maxWarnings = maxWarningsNamed(args.maxWarnings);
  // Files that were asked for are enough; nobody wants the JSON on the terminal besides.
  const format = args.outputFormat === undefined && outputs.length > 0 ? undefined : formatNamed(args.outputFormat ?? 'json');
  const result = readRuns(args.runs);
  await emit(result, args, {
    format,
    files: outputs,
    tellsActions: format === undefined,
    color: wantsColor(),
    sources: sourceReader(resolve(args.root ?? '.')),
  });
  if (result.problems.some((problem) => problem.kind === 'internal')) return 2;
  const stale = args.passOnStale ? 0 : result.problems.filter(isStale).length;
  const strictness = { exitZero: args.exitZero ?? false, stale, ...(maxWarnings === undefined ? {} : { maxWarnings }) };
  return verdictOf(result, strictness, (line) => process.stderr.write(`campsite: ${line}\n`));
}
