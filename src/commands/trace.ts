/**
 * Why does an acquisition count as released, leaking, managed, transferred or escaped?
 *
 * `campsite trace FILE:LINE` names the pattern that matched, what released it or let it go, each with its line of the configuration, and each
 * path on which it leaks, step by step. It analyses the one file and what it needs.
 */
import { resolve } from 'node:path';
import { describeTrace } from '../app/describe-trace.ts';
import { UsageError } from '../app/options.ts';
import { openTarget } from '../app/target.ts';
import { visible, visibleLines } from '../base/escape.ts';
import { writeOutput } from './output.ts';

/** Throws UsageError where nothing is acquired on the line, with what was looked at instead. */
export async function trace(target: string, root: string | undefined, config: string | undefined): Promise<number> {
  const match = /^(.*):(\d+)$/.exec(target);
  if (!match) throw new UsageError([`trace takes FILE:LINE, not ${JSON.stringify(target)}`]);
  const line = Number(match[2]);
  const { configuration, session, path } = await openTarget(resolve(match[1] as string), undefined, root, config);
  const { texts, instead } = describeTrace(session, configuration, path, line);
  if (texts.length === 0) throw new UsageError([`${path}:${line}: nothing is acquired here`, ...instead].map(visible));
  await writeOutput(`${visibleLines(texts.join('\n\n'))}\n`);
  return 0;
}
