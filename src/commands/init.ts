/**
 * `campsite init`: a first configuration for what is found; with `--learn`, pairs of calls that acquire and release, seen in the tests.
 *
 * Asks nothing, on a terminal or off it. The configuration goes to campsite.yaml, never over an existing one unless told so; proposals go
 * to standard output, and nothing of them is on until somebody pastes it.
 */
import { relative, resolve } from 'node:path';
import { detect } from '../app/detect.ts';
import { learn } from '../app/learn.ts';
import { UsageError } from '../app/options.ts';
import { starterText } from '../app/starter.ts';
import { findConfiguration, isFile } from '../config/discover.ts';
import { progress } from './check.ts';
import { writeFileAtomically, writeOutput } from './output.ts';

export interface InitArguments {
  readonly paths?: readonly string[];
  readonly learn?: boolean;
  readonly limit: number;
  readonly force?: boolean;
  readonly output?: string;
  readonly root?: string;
  readonly config?: string;
}

const FILE = 'campsite.yaml';

/** Throws UsageError where a configuration is there already, or the one that is there is wrong. */
export async function init(args: InitArguments): Promise<number> {
  const root = resolve(args.root ?? '.');
  if (args.learn) return learnPairs(args, root);
  if (args.config !== undefined) throw new UsageError(['--config names what --learn builds on; init itself writes a configuration (--output FILE)']);
  const target = args.output === undefined ? resolve(root, FILE) : args.output === '-' ? undefined : resolve(args.output);
  if (target !== undefined && args.force !== true) refuse(root, target);
  const cwd = process.cwd();
  const text = starterText(
    await detect(
      root,
      (args.paths ?? []).map((path) => relative(root, resolve(cwd, path)).replaceAll('\\', '/') || '.'),
    ),
  );
  if (target === undefined) await writeOutput(text);
  else {
    await writeFileAtomically(target, text);
    await writeOutput(`${relative(cwd, target) || target} is written: campsite check runs by it; campsite init --learn proposes resources.\n`);
  }
  return 0;
}

function refuse(root: string, target: string): void {
  if (isFile(target)) throw new UsageError([`${relative(process.cwd(), target) || target} is there already; --force writes over it`]);
  const found = findConfiguration(root, root);
  if (found)
    throw new UsageError([
      `${relative(process.cwd(), found.path) || found.path} configures campsite already`,
      `--force writes ${relative(process.cwd(), target)}, which is read before it; --output - writes to standard output`,
    ]);
}

async function learnPairs(args: InitArguments, root: string): Promise<number> {
  if (!Number.isInteger(args.limit) || args.limit < 1) throw new UsageError([`--limit takes a number of proposals from 1 on, not ${args.limit}`]);
  const { text } = await learn({
    paths: args.paths ?? [],
    cwd: process.cwd(),
    ...(args.root === undefined ? {} : { root }),
    ...(args.config === undefined ? {} : { configPath: args.config }),
    limit: args.limit,
    ...(process.stderr.isTTY ? { onFile: progress } : {}),
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  if (args.output === undefined || args.output === '-') await writeOutput(text);
  else {
    const target = resolve(args.output);
    if (isFile(target) && args.force !== true) throw new UsageError([`${args.output} is there already; --force writes over it`]);
    await writeFileAtomically(target, text);
  }
  return 0;
}
