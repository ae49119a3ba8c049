/**
 * How does the build ask the sources something? It bundles the module that knows, and loads it.
 */
import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** What the module `entry` exports; `options` are those of the bundle, `folder` (absolute) is where the program may lie for a moment. */
export async function runBuilt(options, entry, folder) {
  const { outputFiles } = await build({ ...options, entryPoints: [entry], outdir: folder, splitting: false });
  const program = join(folder, `${basename(entry, '.ts')}.${process.pid}.tmp.mjs`);
  await writeFile(program, outputFiles[0].contents);
  try {
    return await import(pathToFileURL(program).href);
  } finally {
    await rm(program);
  }
}
