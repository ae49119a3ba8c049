/**
 * How does text leave the program?
 *
 * To standard output, waiting for slow readers, and without complaint when the reader went away; to files by rename, so that none is ever
 * half-written.
 */
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
    await writeFile(file, text);
  } catch (error) {
    throw new UsageError([`${file} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`]);
  }
}
