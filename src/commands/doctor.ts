/**
 * `campsite doctor`: can campsite run here, and what should a bug report say?
 *
 * Versions, the parser that runs, the configuration found, the cache, git. Nothing is sent anywhere and nothing is written.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { BUILD } from '../app/build-id.ts';
import { CACHE_FOLDER } from '../app/options.ts';
import { VERSION } from '../app/version.ts';
import { plural } from '../base/text.ts';
import { loadConfiguration } from '../config/load.ts';
import { createNativeBackend } from '../syntax/native.ts';
import { createParser } from '../syntax/parse.ts';

/** Returns 0 where campsite can run here, 2 where it cannot. */
export async function doctor(root: string | undefined): Promise<number> {
  const lines: [string, string][] = [];
  const say = (name: string, value: string): number => lines.push([name, value]);
  let code = 0;
  say('campsite', `${VERSION} (build ${BUILD})`);
  say('node', `${process.version} on ${process.platform} ${process.arch}, ${plural(availableParallelism(), 'processor')}`);
  try {
    const parser = await createParser();
    const sound = parser.parse('def test_a():\n    pass\n').problems.length === 0;
    say('parser', `${parser.backend}${sound ? '' : ', which does not understand a plain function'}`);
    if (!sound) code = 2;
  } catch (error) {
    say('parser', error instanceof Error ? error.message : String(error));
    code = 2;
  }
  say('native parser', (await createNativeBackend()) === null ? 'does not load here (not needed)' : 'loads; CAMPSITE_PARSER=native uses it');
  const configuration = await loadConfiguration({ cwd: process.cwd(), ...(root === undefined ? {} : { root }), version: VERSION });
  say('root', configuration.root);
  say('configuration', configuration.files.map((file) => relative(configuration.root, file)).join(', ') || 'none');
  for (const { file, line, message } of configuration.problems) say('', `${relative(configuration.root, file)}:${line}: ${message}`);
  if (configuration.problems.length > 0) code = 2;
  say('cache', cacheState(join(configuration.root, CACHE_FOLDER)));
  say('git', gitState(configuration.root));
  process.stdout.write(lines.map(([name, value]) => `${name.padEnd(15)}${value}\n`).join(''));
  return code;
}

function cacheState(folder: string): string {
  try {
    const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
    return `${folder}, ${(sizes.reduce((a, b) => a + b, 0) / 1_000_000).toFixed(1)} MB`;
  } catch {
    try {
      accessSync(resolve(dirname(folder)), constants.W_OK);
      return 'none yet';
    } catch {
      return 'none, and the root cannot be written';
    }
  }
}

/** What --new-from would find: a repository, with all of its history or not. */
function gitState(root: string): string {
  const ask = (...args: readonly string[]): string | undefined => {
    const { status, stdout } = spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  };
  const version = ask('--version');
  if (version === undefined) return 'not installed; --new-from needs it';
  const shallow = ask('rev-parse', '--is-shallow-repository');
  if (shallow === undefined) return `${version}, the root is in no repository`;
  return `${version}, ${shallow === 'true' ? 'a shallow clone: --new-from needs the history (git fetch --unshallow)' : 'a whole clone'}`;
}
