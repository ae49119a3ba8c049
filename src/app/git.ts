/**
 * How is git asked? The binary, without a shell, and without running anything that the analysed project could have configured.
 *
 * Only reads: no index is refreshed, no hook, filter, text conversion or external diff runs, nobody is asked for a password. Variables that bind git to
 * one repository (a hook sets them) are taken away: the folder decides.
 */
import { spawn } from 'node:child_process';
import { UsageError } from './options.ts';

/** What `git rev-parse --local-env-vars` lists, as of git 2.39. */
const BINDING = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_CONFIG',
  'GIT_CONFIG_PARAMETERS',
  'GIT_CONFIG_COUNT',
  'GIT_OBJECT_DIRECTORY',
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_GRAFT_FILE',
  'GIT_INDEX_FILE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_REPLACE_REF_BASE',
  'GIT_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_COMMON_DIR',
];

const QUIET = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '--no-pager'];

export interface GitAnswer {
  /** Exit code of git. */
  readonly code: number;
  readonly stdout: Buffer;
  /** The first line of what it complained of. */
  readonly complaint: string;
}

/** Runs git in `folder`; `input` goes to its standard input, `onData` takes its output as it comes. Throws UsageError where there is no git. */
export function git(
  folder: string,
  args: readonly string[],
  { input = '', onData }: { readonly input?: string; readonly onData?: (data: Buffer) => void } = {},
): Promise<GitAnswer> {
  const env: NodeJS.ProcessEnv = { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
  for (const name of BINDING) delete env[name];
  return new Promise((done, fail) => {
    const child = spawn('git', [...QUIET, ...args], { cwd: folder, env, stdio: 'pipe' });
    const out: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.on('error', (error: NodeJS.ErrnoException) =>
      fail(
        new UsageError([error.code === 'ENOENT' ? 'there is no git here: --new-from asks it what is new' : `git cannot be run: ${error.message}`]),
      ),
    );
    child.stdout.on('data', onData ?? ((data: Buffer) => out.push(data)));
    child.stderr.on('data', (data: Buffer) => complaints.push(data));
    // A git that ends early does not read its input: its exit code says why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('close', (code) => done({ code: code ?? 1, stdout: Buffer.concat(out), complaint: firstLine(Buffer.concat(complaints).toString()) }));
  });
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').replace(/^(?:fatal|error): /, '');
}
