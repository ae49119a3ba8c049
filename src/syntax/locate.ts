/**
 * Where are the WebAssembly files of the parser?
 *
 * The built package carries both beside its program; in the source tree they lie in the packages they come from. This is the only file of
 * the folder that looks at the disk, and it reads nothing but these two.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Path of `fileName` beside the running module, or else in the installed package `packageName`. Throws where neither has it. */
export function locateWasm(fileName: string, packageName: string): string {
  const beside = fileURLToPath(new URL(fileName, import.meta.url));
  if (existsSync(beside)) return beside;
  return createRequire(import.meta.url).resolve(`${packageName}/${fileName}`);
}
