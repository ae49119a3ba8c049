/**
 * Where does a branch begin, and what were its files called there?
 *
 * `--new-from REV` compares with the last commit that REV and HEAD have in common, so that what others did on REV since then is nobody's fault here. Fails
 * closed: without the history (a shallow clone) a wrong answer would be green, so there is none, but the remedy.
 */
import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { git } from './git.ts';
import { UsageError } from './options.ts';

export interface MergeBase {
  /** Full id of the commit. */
  readonly commit: string;
  /** Absolute; where the repository's files lie. */
  readonly top: string;
  /** The project root below `top`, POSIX, with a slash at its end; '' where they are the same. */
  readonly prefix: string;
  /** What a file was called there, by its name now; both relative to the project root. Only files that were renamed. */
  readonly renamed: ReadonlyMap<string, string>;
}

/** Files that may be moved and changed at once and still be recognised: twice git's own limit, because a folder of tests moves as a whole. */
const RENAME_LIMIT = 2_000;

const SHALLOW = [
  'this is a shallow clone: it lacks the history that --new-from compares with',
  'remedy: git fetch --unshallow; in GitHub Actions fetch-depth: 0 of actions/checkout, in GitLab CI GIT_DEPTH: 0',
];

/** The merge base of `revision` and HEAD, for the project in `root` (absolute). Throws UsageError with the remedy. */
export async function mergeBase(root: string, revision: string): Promise<MergeBase> {
  const where = await git(root, ['rev-parse', '--show-toplevel', '--is-shallow-repository']);
  const [top = '', shallow = ''] = where.stdout.toString().split('\n');
  if (where.code !== 0 || top === '') throw new UsageError([`--new-from: ${where.complaint === '' ? 'no work tree of git here' : where.complaint}`]);
  if (shallow !== 'false') throw new UsageError(SHALLOW);
  const resolved = await git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  if (resolved.code !== 0)
    throw new UsageError([`--new-from: git knows no commit ${JSON.stringify(revision)}`, 'remedy: fetch it first, such as git fetch origin main']);
  const base = await git(root, ['merge-base', resolved.stdout.toString().trim(), 'HEAD']);
  const commit = base.stdout.toString().trim();
  if (base.code !== 0 || commit === '')
    throw new UsageError([
      base.complaint === '' ? `--new-from: ${revision} and HEAD have no commit in common` : `--new-from: ${base.complaint}`,
      'remedy: name a commit that this branch was made from',
    ]);
  const below = relative(realpathSync(top), realpathSync(root)).split(sep).join('/');
  const prefix = below === '' ? '' : `${below}/`;
  return { commit, top, prefix, renamed: await renames(root, commit, prefix) };
}

/** Renames between the commit and the index: those that were committed since, and those that are staged. */
async function renames(root: string, commit: string, prefix: string): Promise<ReadonlyMap<string, string>> {
  const answer = await git(root, [
    'diff-index',
    '--cached',
    '-z',
    '--name-status',
    '--diff-filter=R',
    '-M',
    `-l${RENAME_LIMIT}`,
    '--no-ext-diff',
    '--no-textconv',
    commit,
    '--',
    ':(top,glob)**/*.py',
  ]);
  if (answer.code !== 0) throw new UsageError([`--new-from: ${answer.complaint}`]);
  const fields = answer.stdout.toString().split('\0');
  const found = new Map<string, string>();
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const [before, now] = [fields[i + 1] as string, fields[i + 2] as string];
    if (before.startsWith(prefix) && now.startsWith(prefix)) found.set(now.slice(prefix.length), before.slice(prefix.length));
  }
  return found;
}
