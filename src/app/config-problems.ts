/**
 * How is a mistake in the configuration said on standard error?
 *
 * `campsite.yaml:3:5: runer: unknown key ...`, the path as seen from the current folder, so that terminals and editors can follow it.
 */
import { isAbsolute, relative } from 'node:path';
import type { ConfigProblem } from '../config/problems.ts';

/** One line; the message holds the nearest spelling already. */
export function problemLine({ file, line, column, key, message }: ConfigProblem): string {
  const inner = relative(process.cwd(), file);
  const path = inner === '' || inner.startsWith('..') || isAbsolute(inner) || !isAbsolute(file) ? file : inner;
  return `${path}:${line}:${column}: ${key === '' ? '' : `${key}: `}${message}`;
}
