/**
 * What does a run load that analyses nothing itself, because threads do, or because nothing has changed?
 *
 * Followed through the bundle as the build makes it: what its entry imports, and what that imports, as long as it need not be asked for.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
// @ts-expect-error: a script of the build, without types.
import * as listedRules from '../scripts/listed-rules.mjs';
import { LISTED } from '../src/rules/listed.ts';
import { projectRoot } from './files.ts';

const pluginFor = listedRules.listedRules as (options: BuildOptions, folder: string) => Promise<Plugin>;

const folder = mkdtempSync(join(tmpdir(), 'campsite-loads-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options: BuildOptions = {
  absWorkingDir: projectRoot,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  write: false,
  metafile: true,
  logLevel: 'silent',
};

/** The sources in an entry and in everything that it loads at once. */
function loadedWith(entry: string, { outputs }: Metafile): readonly string[] {
  const pending = Object.keys(outputs).filter((name) => outputs[name]?.entryPoint === entry);
  const seen = new Set(pending);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    for (const { path, kind } of outputs[name]?.imports ?? []) {
      if (kind !== 'import-statement' || !(path in outputs) || seen.has(path)) continue;
      seen.add(path);
      pending.push(path);
    }
  }
  return [...seen].flatMap((name) => Object.keys(outputs[name]?.inputs ?? {}));
}

test('the command that checks loads neither rules nor engine nor parser before a file is to be analysed', async () => {
  const plugins = [await pluginFor(options, folder)];
  const entryPoints = ['src/commands/check.ts', 'src/app/worker.ts'];
  const { metafile } = await build({ ...options, plugins, entryPoints, splitting: true, outdir: join(folder, 'dist') });
  const engine = /^src\/(typestate|cfg|lower|program|suite|syntax\/(walk|wasm))\b|^src\/rules\/\w+\//;
  expect(loadedWith('src/app/worker.ts', metafile as Metafile).filter((path) => engine.test(path)).length).toBeGreaterThan(100);
  expect(loadedWith('src/commands/check.ts', metafile as Metafile).filter((path) => engine.test(path))).toEqual([]);
});

test('the list that the build puts in the place of the rules is the one that they make', async () => {
  const plugins = [await pluginFor(options, folder)];
  const { outputFiles } = await build({ ...options, plugins, entryPoints: ['src/rules/listed.ts'], outfile: join(folder, 'listed.mjs') });
  const { LISTED: built } = (await import(`data:text/javascript,${encodeURIComponent(outputFiles?.[0]?.text ?? '')}`)) as { LISTED: unknown };
  expect(built).toEqual(LISTED);
});
