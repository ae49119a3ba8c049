/**
 * `campsite clean`: removes the cache.
 *
 * Only a folder that campsite made (it has the tag of a cache in it) is removed, whatever --cache-dir says.
 */
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isCacheFile } from '../app/cache.ts';
import { CACHE_FOLDER, UsageError } from '../app/options.ts';
import { loadConfiguration } from '../config/load.ts';

export interface CleanArguments {
  readonly cacheDir?: string;
  readonly root?: string;
}

/** Returns the exit code. Throws UsageError for a folder that is no cache. */
export async function clean(args: CleanArguments): Promise<number> {
  const { root } = await loadConfiguration({ cwd: process.cwd(), ...(args.root === undefined ? {} : { root: args.root }) });
  const folder = resolve(args.cacheDir ?? join(root, CACHE_FOLDER));
  if (!existsSync(folder)) {
    process.stdout.write('there is no cache\n');
    return 0;
  }
  if (!isCache(folder)) throw new UsageError([`${folder} is no cache of campsite`]);
  const files = readdirSync(folder).filter(isCacheFile);
  for (const name of files) rmSync(join(folder, name), { force: true });
  if (readdirSync(folder).length === 0) rmdirSync(folder);
  process.stdout.write(`removed ${folder}\n`);
  return 0;
}

function isCache(folder: string): boolean {
  try {
    return readFileSync(join(folder, 'CACHEDIR.TAG'), 'utf8').startsWith('Signature: ');
  } catch {
    return false;
  }
}
