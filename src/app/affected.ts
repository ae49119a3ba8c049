/**
 * Which files can have other results now than at the merge base? Only they need be analysed there.
 *
 * A result depends on the file and on those that its names led to. Where none of them changed, it is what it was. That names lead to the same files
 * is only certain while no file has gone and no folder has become a package or ceased to be one; otherwise all files count.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BaseTree } from './base-tree.ts';
import type { FileResult } from './file-result.ts';
import { readBytes } from './read.ts';

/** Hexadecimal digits of the ids in a repository that uses SHA-1; longer ones are SHA-256. */
const SHA1_DIGITS = 40;

/** The paths among `results` that may differ; `root` is absolute, `virtual` has the files whose contents are not what lies there. */
export function affectedFiles(
  root: string,
  results: readonly FileResult[],
  tree: BaseTree,
  virtual?: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const isSame = new Map<string, boolean>();
  const same = (path: string): boolean => {
    let known = isSame.get(path);
    if (known === undefined) isSame.set(path, (known = !virtual?.has(path) && hasId(root, path, tree.get(path))));
    return known;
  };
  const involved = new Set(results.flatMap(({ path, reads }) => [path, ...reads]));
  const hasGone = [...tree.keys()].some((path) => !existsSync(join(root, path)));
  if (hasGone || packageMarks(involved).some((mark) => existsSync(join(root, mark)) !== tree.has(mark)))
    return new Set(results.map(({ path }) => path));
  return new Set(results.filter(({ path, reads }) => !same(path) || !reads.every(same)).map(({ path }) => path));
}

/** The `__init__.py` of every folder on the way to the files, there or not. */
function packageMarks(paths: ReadonlySet<string>): string[] {
  const marks = new Set<string>();
  for (const path of paths) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) marks.add(`${path.slice(0, at)}/__init__.py`);
  }
  return [...marks];
}

/** Is the file's content the one that git knows by this id? */
function hasId(root: string, path: string, id: string | undefined): boolean {
  if (id === undefined) return false;
  const bytes = readBytes(join(root, path), path);
  if (!Buffer.isBuffer(bytes)) return false;
  const algorithm = id.length === SHA1_DIGITS ? 'sha1' : 'sha256';
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex') === id;
}
