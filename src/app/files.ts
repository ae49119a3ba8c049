/**
 * Which files are analysed? Paths of the command line, folders walked, .gitignore and excludes honoured inside the root.
 *
 * A path named on the command line is taken whatever its name and whatever is ignored. In folders, files that look like test code are
 * taken: by their own name or by a folder's on the way (test, conftest, fixtures…). The result is sorted; links are not followed.
 */
import { type Dirent, existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import picomatch from 'picomatch';
import { compareText } from '../base/text.ts';
import type { Problem } from '../findings/finding.ts';

/** Folders that hold no tests of the project's own. */
export const NEVER = new Set([
  '.git',
  '.hg',
  '.svn',
  '.tox',
  '.nox',
  '.venv',
  'venv',
  'node_modules',
  '__pycache__',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.eggs',
  'site-packages',
]);
/** What Node.js puts where a name's bytes are no UTF-8. */
const UNDECODED = '\uFFFD';
/** Part of a path of test code. */
export const TEST_CODE = /test|conftest|fixture/i;

export interface FileList {
  /** Relative to the root, POSIX, sorted. */
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
  /** Why a file met on the way was left out, for --show-files. */
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
}

export interface FileOptions {
  readonly root: string;
  readonly cwd: string;
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  readonly forceExclude: boolean;
  readonly respectGitignore: boolean;
}

/** Lists the files to analyse. Missing paths are problems of kind `unreadable`. */
export function listFiles(options: FileOptions): FileList {
  const { root } = options;
  const files = new Set<string>();
  const problems: Problem[] = [];
  const skipped: { path: string; why: string }[] = [];
  const excluded =
    options.exclude.length > 0
      ? picomatch([...options.exclude, ...options.exclude.map((e) => `${e.replace(/\/$/, '')}/**`)], { dot: true })
      : () => false;
  const posix = (absolute: string): string => relative(root, absolute).split(sep).join('/');
  for (const given of options.paths) {
    const absolute = resolve(options.cwd, given);
    const path = posix(absolute);
    let stat: ReturnType<typeof statSync>;
    try {
      stat = statSync(absolute);
    } catch {
      problems.push({ path: given, kind: 'unreadable', message: 'there is no such file or folder' });
      continue;
    }
    if (options.forceExclude && (excluded(path) || path.split('/').some((p) => NEVER.has(p)))) {
      skipped.push({ path, why: 'excluded' });
      continue;
    }
    if (path.startsWith('../') || path === '..') {
      problems.push({ path: given, kind: 'unreadable', message: 'lies outside the project root' });
      continue;
    }
    if (stat.isFile()) files.add(path);
    else if (!stat.isDirectory()) problems.push({ path: given, kind: 'unreadable', message: 'is not a regular file' });
    else walk(absolute, gitignores(root, path, options.respectGitignore));
  }
  return { files: [...files].sort(compareText), problems, skipped };

  function walk(folder: string, ignores: readonly { base: string; rules: Ignore }[]): void {
    let entries: Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => compareText(a.name, b.name));
    } catch {
      problems.push({ path: posix(folder), kind: 'unreadable', message: 'the folder cannot be read' });
      return;
    }
    const base = posix(folder);
    const hasIgnores = options.respectGitignore && base !== '' && entries.some((entry) => entry.name === '.gitignore');
    const here = hasIgnores ? [...ignores, ...readIgnore(folder, base)] : ignores;
    for (const entry of entries) {
      const { name } = entry;
      const absolute = `${folder}/${name}`;
      const path = base === '' ? name : `${base}/${name}`;
      if (name.includes(UNDECODED) && !existsSync(absolute)) {
        // Its name is not UTF-8 and cannot be said.
        if (name.endsWith('.py') && TEST_CODE.test(path)) problems.push({ path, kind: 'unreadable', message: 'cannot be found under its name' });
        continue;
      }
      const isFolder = entry.isDirectory();
      if (isFolder ? NEVER.has(name) : !name.endsWith('.py')) continue;
      if (entry.isSymbolicLink()) {
        if (!isInside(absolute, root) || isFolder) {
          skipped.push({ path, why: 'a link out of the root' });
          continue;
        }
      } else if (!isFolder && !entry.isFile()) {
        skipped.push({ path, why: 'not a regular file' });
        continue;
      }
      if (excluded(path)) {
        skipped.push({ path, why: 'excluded' });
        continue;
      }
      if (here.some((i) => isIgnored(i, path, isFolder))) {
        skipped.push({ path, why: 'ignored by .gitignore' });
        continue;
      }
      if (isFolder) walk(absolute, here);
      else if (TEST_CODE.test(path) || TEST_CODE.test(folder)) files.add(path);
      else skipped.push({ path, why: 'does not look like test code' });
    }
  }
}

function isInside(absolute: string, root: string): boolean {
  try {
    const real = realpathSync(absolute);
    return real.startsWith(realpathSync(root) + sep) && statSync(real).isFile();
  } catch {
    return false;
  }
}

function isIgnored(i: { base: string; rules: Ignore }, path: string, isFolder: boolean): boolean {
  const inner = i.base === '' ? path : path.startsWith(`${i.base}/`) ? path.slice(i.base.length + 1) : undefined;
  return inner !== undefined && inner !== '' && i.rules.ignores(isFolder ? `${inner}/` : inner);
}

/** A .gitignore larger than this is no list of patterns. */
const MAX_IGNORE_BYTES = 256 * 1024;

function readIgnore(folder: string, base: string): { base: string; rules: Ignore }[] {
  try {
    const stat = statSync(join(folder, '.gitignore'));
    if (!stat.isFile() || stat.size > MAX_IGNORE_BYTES) return [];
    return [{ base, rules: ignore().add(readFileSync(join(folder, '.gitignore'), 'utf8')) }];
  } catch {
    return [];
  }
}

/** The ignore files from the root down to the folder. */
function gitignores(root: string, path: string, on: boolean): { base: string; rules: Ignore }[] {
  if (!on) return [];
  const out = readIgnore(root, '');
  let at = '';
  for (const part of path === '' ? [] : path.split('/').slice(0, -1)) {
    at = at === '' ? part : `${at}/${part}`;
    out.push(...readIgnore(join(root, at), at));
  }
  return out;
}
