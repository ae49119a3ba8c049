/**
 * What did the Python files of the project look like at a commit? Listed, and written into a folder of their own, to be analysed there.
 *
 * Contents come as git stores them (no filter runs). Links and submodules are left out, and so is whatever would lie outside the folder. All
 * Python files are written, not only tests: names lead from tests to helpers and base classes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { git } from './git.ts';
import type { MergeBase } from './merge-base.ts';
import { UsageError } from './options.ts';

/** The id of each file's content, by path relative to the project root. */
export type BaseTree = ReadonlyMap<string, string>;

const LINE_FEED = 10;

/** The Python files of the project at the merge base. Throws UsageError where git cannot list them. */
export async function baseTree(root: string, base: MergeBase): Promise<BaseTree> {
  const listed = await git(root, ['ls-tree', '-r', '-z', '--full-tree', base.commit, '--', ...(base.prefix === '' ? [] : [base.prefix])]);
  if (listed.code !== 0) throw new UsageError([`--new-from: ${listed.complaint}`]);
  const tree = new Map<string, string>();
  for (const entry of listed.stdout.toString().split('\0')) {
    const match = /^100\d{3} blob ([0-9a-f]+)\t(.*\.py)$/s.exec(entry);
    const path = match?.[2]?.slice(base.prefix.length) ?? '';
    if (match && resolve(root, path).startsWith(root + sep)) tree.set(path, match[1] as string);
  }
  return tree;
}

/** Writes the files below `folder` (absolute, empty). Throws UsageError where git cannot read them. */
export async function writeBaseTree(root: string, base: MergeBase, tree: BaseTree, folder: string): Promise<void> {
  const files = [...tree.keys()].map((path) => join(folder, path));
  let next = 0;
  const reader = blobReader((content) => {
    const file = files[next++] as string;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  });
  const read = await git(root, ['cat-file', '--batch'], { input: [...tree.values()].map((id) => `${id}\n`).join(''), onData: reader });
  if (read.code !== 0 || next !== files.length)
    throw new UsageError([`--new-from: git cannot read the files of ${base.commit.slice(0, 7)}: ${read.complaint || 'an object is missing'}`]);
}

/** Takes the output of `git cat-file --batch` in pieces, `<id> blob <size>\n<content>\n` again and again, and hands on each content. */
export function blobReader(take: (content: Buffer) => void): (data: Buffer) => void {
  let pieces: Buffer[] = [];
  let held = 0;
  /** Bytes that must be there before it is worth putting the pieces together. */
  let wanted = 1;
  return (data) => {
    pieces.push(data);
    held += data.length;
    if (held < wanted) return;
    let rest = Buffer.concat(pieces);
    for (;;) {
      const end = rest.indexOf(LINE_FEED);
      const size = end < 0 ? undefined : /^[0-9a-f]+ blob (\d+)$/.exec(rest.subarray(0, end).toString())?.[1];
      // A line that is no heading ("<id> missing") is passed by; the caller counts what it got.
      const whole = size === undefined ? end + 1 : end + 1 + Number(size) + 1;
      wanted = Math.max(1, whole);
      if (end < 0 || rest.length < whole) break;
      if (size !== undefined) take(rest.subarray(end + 1, whole - 1));
      rest = rest.subarray(whole);
    }
    pieces = [rest];
    held = rest.length;
  };
}
