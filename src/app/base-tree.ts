/**
 * What did the Python files of the project look like at a commit? Written into a folder of their own, to be analysed there.
 *
 * Contents come as git stores them (no filter runs). Links and submodules are left out, and so is whatever would lie outside the folder. All
 * Python files are written, not only tests: names lead from tests to helpers and base classes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { git } from './git.ts';
import type { MergeBase } from './merge-base.ts';
import { UsageError } from './options.ts';

const LINE_FEED = 10;

/** Writes the files below `folder` (absolute, empty). Returns their paths relative to the project root. Throws UsageError where git cannot read them. */
export async function writeBaseTree(root: string, base: MergeBase, folder: string): Promise<ReadonlySet<string>> {
  const listed = await git(root, ['ls-tree', '-r', '-z', '--full-tree', base.commit, '--', ...(base.prefix === '' ? [] : [base.prefix])]);
  if (listed.code !== 0) throw new UsageError([`--new-from: ${listed.complaint}`]);
  const blobs: { readonly id: string; readonly path: string }[] = [];
  for (const entry of listed.stdout.toString().split('\0')) {
    const match = /^100\d{3} blob ([0-9a-f]+)\t(.*\.py)$/s.exec(entry);
    const path = match?.[2]?.slice(base.prefix.length) ?? '';
    if (match && resolve(folder, path).startsWith(folder + sep)) blobs.push({ id: match[1] as string, path });
  }
  let next = 0;
  const reader = blobReader((content) => {
    const file = join(folder, (blobs[next++] as { path: string }).path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  });
  const read = await git(root, ['cat-file', '--batch'], { input: blobs.map(({ id }) => `${id}\n`).join(''), onData: reader });
  if (read.code !== 0 || next !== blobs.length)
    throw new UsageError([`--new-from: git cannot read the files of ${base.commit.slice(0, 7)}: ${read.complaint || 'an object is missing'}`]);
  return new Set(blobs.map(({ path }) => path));
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
