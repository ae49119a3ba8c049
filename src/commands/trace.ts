/**
 * Why does an acquisition count as released, leaking, managed, transferred or escaped?
 *
 * `campsite trace FILE:LINE` names the pattern that matched and the pack it comes from, what released it or let it go, and each path on
 * which it leaks, step by step. It analyses the one file and what it needs.
 */
import { resolve } from 'node:path';
import { describeTrace } from '../app/describe-trace.ts';
import { UsageError } from '../app/options.ts';
import { openTarget } from '../app/target.ts';

/** Throws UsageError where nothing is acquired on the line. */
export async function trace(target: string, root: string | undefined): Promise<number> {
  const match = /^(.*):(\d+)$/.exec(target);
  if (!match) throw new UsageError([`trace takes FILE:LINE, not ${JSON.stringify(target)}`]);
  const line = Number(match[2]);
  const { session, path } = await openTarget(resolve(match[1] as string), undefined, root);
  const texts = describeTrace(session, path, line);
  if (texts.length === 0) {
    const near = describeTrace(session, path, undefined);
    throw new UsageError([
      `${path}:${line}: nothing is acquired here`,
      near.length === 0 ? 'no pattern matches anything in this file' : `acquisitions of this file: ${near.join(', ')}`,
    ]);
  }
  process.stdout.write(`${texts.join('\n\n')}\n`);
  return 0;
}
