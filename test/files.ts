/**
 * Which files lie below a folder? For the tests that read the project itself.
 *
 * Sorted, so that failures read the same everywhere. Leaves out what tools leave behind (`__pycache__` and its like).
 */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, absolute. */
export const projectRoot: string = dirname(dirname(fileURLToPath(import.meta.url)));

const LEFT_BY_TOOLS = new Set(['__pycache__', '.pytest_cache', '.campsite-cache', '_trial_temp', 'node_modules', 'dist', 'coverage']);

/** Absolute paths of the files below `folder` whose name matches; none where the folder does not exist. */
export function filesBelow(folder: string, name: RegExp): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return LEFT_BY_TOOLS.has(entry.name) ? [] : filesBelow(path, name);
      return name.test(entry.name) ? [path] : [];
    });
}
