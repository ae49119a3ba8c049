/**
 * Which folder does a path lie in?
 *
 * Paths are relative to the root, with slashes.
 */

/** '' for what lies in the root itself. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
