/**
 * `campsite config test`: run the snippets beside the configuration, and say where comments and findings disagree.
 *
 * Exit 0 where they agree, 1 where they do not, 2 where the configuration is wrong or there are no snippets. One line a disagreement:
 * file, line, what was expected and what was got.
 */
import { resolve } from 'node:path';
import { runSnippets } from '../app/snippets.ts';
import { visible } from '../base/escape.ts';
import { disagreementText } from '../findings/disagreements.ts';
import { writeOutput } from './output.ts';

export interface ConfigTestArguments {
  readonly paths?: readonly string[];
  readonly root?: string;
  readonly config?: string;
}

export async function configTest(args: ConfigTestArguments): Promise<number> {
  const { files, expectations, disagreements, silent, unseen } = await runSnippets({
    cwd: process.cwd(),
    paths: args.paths ?? [],
    ...(args.root === undefined ? {} : { root: resolve(args.root) }),
    ...(args.config === undefined ? {} : { configPath: args.config }),
  });
  const snippets = `${files.length} ${files.length === 1 ? 'snippet' : 'snippets'}`;
  const lines = disagreements.map(disagreementText);
  if (silent.length > 0) lines.push(`without any comment, so that all they say is silence: ${silent.join(', ')}`);
  if (unseen.length > 0) lines.push(`kinds of the configuration that no snippet acquires: ${unseen.join(', ')}`);
  lines.push(
    disagreements.length === 0
      ? `${expectations} ${expectations === 1 ? 'comment holds' : 'comments hold'} in ${snippets}`
      : `${disagreements.length} ${disagreements.length === 1 ? 'disagreement' : 'disagreements'} with ${expectations} comments in ${snippets}`,
  );
  await writeOutput(`${lines.map(visible).join('\n')}\n`);
  return disagreements.length === 0 ? 0 : 1;
}
