/**
 * How does a program know the rules without loading them? The build loads them for it.
 *
 * src/rules/listed.ts makes plain data of all rules; here it is run once, and what it makes takes its place in the bundle. From the sources it
 * runs as it stands.
 */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const MODULE = 'src/rules/listed.ts';

/** An esbuild plugin with the list in it; `options` are those of the bundle, `folder` (absolute) is where a program may lie for a moment. */
export async function listedRules(options, folder) {
  const { outputFiles } = await build({ ...options, entryPoints: [MODULE], outdir: folder, splitting: false });
  const program = join(folder, `rules.${process.pid}.tmp.mjs`);
  await writeFile(program, outputFiles[0].contents);
  try {
    const { LISTED } = await import(pathToFileURL(program).href);
    const contents = `export const LISTED = ${JSON.stringify(LISTED)};`;
    return {
      name: 'listed-rules',
      setup(bundle) {
        bundle.onLoad({ filter: /[\\/]rules[\\/]listed\.ts$/ }, () => ({ contents, loader: 'js' }));
      },
    };
  } finally {
    await rm(program);
  }
}
