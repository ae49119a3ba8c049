/**
 * `campsite check --add-ignore`: a run, comments for what it found, and the run again.
 *
 * The second run is what is reported: it shows that the comments do what they are for, and what they could not be written for. Findings that do not
 * turn the exit code (notes, known ones) get none.
 */
import { addIgnoreComments, checkReason } from '../app/add-ignore.ts';
import type { Plan } from '../app/analyze.ts';
import { visible } from '../base/escape.ts';
import { plural } from '../base/text.ts';
import { turnsExitCode } from '../findings/pillars.ts';
import type { Marked } from './adoption.ts';

/** `run` analyses and marks, as often as it is asked. Throws UsageError for a reason that cannot be written. */
export async function withIgnores(run: () => Promise<Marked>, reason: string, settled: Plan): Promise<Marked> {
  const today = new Date().toISOString().slice(0, 10);
  checkReason(reason, settled.configuration.settings.requireReason, today);
  const first = await run();
  const unwanted = first.result.findings.filter(turnsExitCode);
  const { comments, files, left } = await addIgnoreComments(settled.root, unwanted, reason, today);
  for (const { path, why } of left) process.stderr.write(`campsite: ${visible(path)} was left as it is: it ${why}\n`);
  process.stderr.write(
    comments === 0
      ? 'campsite: no comment was needed\n'
      : `campsite: wrote ${plural(comments, 'comment')} into ${plural(files, 'file')} for ${plural(unwanted.length, 'finding')}\n`,
  );
  return comments === 0 ? first : run();
}
