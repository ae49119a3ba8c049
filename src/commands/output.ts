/**
 * How does text leave the program?
 *
 * To standard output, waiting for slow readers, and without complaint when the reader went away; to files by rename, so that none is ever
 * half-written.
 */
import { statSync, writeFileSync } from 'node:fs';
import writeFile from 'write-file-atomic';
import { UsageError } from '../app/options.ts';

/** Writes to standard output; a reader that went away (`| head`) is no error. */
export function writeOutput(text: string): Promise<void> {
  return new Promise((done, fail) => {
    process.stdout.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? done() : fail(error)));
    process.stdout.write(text, () => done());
  });
}

/** Throws UsageError where the file cannot be written. */
export async function writeFileAtomically(file: string, text: string): Promise<void> {
  try {
    if (isDevice(file)) writeFileSync(file, text);
    else await writeFile(file, text);
  } catch (error) {
    throw new UsageError([`${file} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`]);
  }
}

/** A device or a pipe (`/dev/stdout`) is written into; replacing it by a file, as atomic writing does, would break the machine for root. */
function isDevice(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}
