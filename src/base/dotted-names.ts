/**
 * Which module is a file, and which does a relative import mean?
 *
 * By the names alone, as Python's reference has it (5.7, package relative imports): one dot is the package that the importing module lies in, each
 * further dot the one above.
 */

/** The dotted name of the module in a file whose path (POSIX) is relative to a folder of `sys.path`; '' for that folder's own `__init__.py`. */
export function dottedPath(path: string): string {
  return path
    .replace(/\.pyi?$/, '')
    .replace(/(^|\/)__init__$/, '')
    .replaceAll('/', '.');
}

/** Absolute dotted name of a module written with leading dots in the module `within`. */
export function absoluteName(written: string, within: string, isPackage: boolean): string {
  let dots = 0;
  while (written[dots] === '.') dots++;
  if (dots === 0) return written;
  const parts = within.split('.');
  const keep = parts.length - (isPackage ? dots - 1 : dots);
  const base = keep > 0 ? parts.slice(0, keep).join('.') : '';
  const rest = written.slice(dots);
  return base === '' ? rest : rest === '' ? base : `${base}.${rest}`;
}
