/**
 * Which file configures a path? Walks up from a folder to the root and takes the first file that speaks of campsite.
 *
 * In each folder: campsite.yaml|yml|json|toml, .campsiterc with and without those endings, .config/campsite.*, pyproject.toml with
 * [tool.campsite], setup.cfg with [tool:campsite]. Only regular files are opened, and nothing is executed.
 *
 * This is cosmiconfig's search without cosmiconfig: version 9 runs `.config/config.js` of the current folder for its own settings, follows
 * `$import` out of the root, and adds a folder of the user's home, so that the same project would be judged differently on two machines.
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Format } from './document.ts';

const ENDINGS: readonly { readonly ending: string; readonly format: Format }[] = [
  { ending: '.yaml', format: 'yaml' },
  { ending: '.yml', format: 'yaml' },
  { ending: '.json', format: 'json' },
  { ending: '.toml', format: 'toml' },
];

interface SearchPlace {
  readonly name: string;
  readonly format: Format;
  /** The table inside the file; [] for the whole. */
  readonly table: readonly string[];
}

/** In the order in which they are looked for. */
export const SEARCH_PLACES: readonly SearchPlace[] = [
  ...ENDINGS.map(({ ending, format }) => ({ name: `campsite${ending}`, format, table: [] })),
  { name: '.campsiterc', format: 'yaml', table: [] },
  ...ENDINGS.map(({ ending, format }) => ({ name: `.campsiterc${ending}`, format, table: [] })),
  ...ENDINGS.map(({ ending, format }) => ({ name: `.config/campsite${ending}`, format, table: [] })),
  { name: 'pyproject.toml', format: 'toml', table: ['tool', 'campsite'] },
  { name: 'setup.cfg', format: 'ini', table: ['tool:campsite'] },
];

export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  /** The folder that the file configures: its own, or the parent of `.config`. */
  readonly folder: string;
  readonly format: Format;
  readonly table: readonly string[];
}

/** The nearest configuration file at or above `from`, up to `root` (up to the top without one). undefined: there is none. */
export function findConfiguration(from: string, root: string | null): FoundFile | undefined {
  let folder = resolve(from);
  const last = root === null ? null : resolve(root);
  for (;;) {
    for (const place of SEARCH_PLACES) {
      const path = join(folder, place.name);
      if (isFile(path) && (place.table.length === 0 || mentionsCampsite(path, place.format)))
        return { path, folder, format: place.format, table: place.table };
    }
    const parent = dirname(folder);
    if (folder === last || parent === folder) return undefined;
    folder = parent;
  }
}

/** A file named on purpose: its format by its name. */
export function describeFile(path: string): FoundFile {
  const place = SEARCH_PLACES.find(({ name }) => path === name || path.endsWith(`/${name}`));
  const ending = ENDINGS.find((entry) => path.endsWith(entry.ending));
  const format = place?.format ?? ending?.format ?? (path.endsWith('.cfg') || path.endsWith('.ini') ? 'ini' : 'yaml');
  const parent = dirname(resolve(path));
  return {
    path: resolve(path),
    folder: place?.name.startsWith('.config/') ? dirname(parent) : parent,
    format,
    table: place?.table ?? (format === 'ini' ? ['tool:campsite'] : []),
  };
}

/** False for what cannot be read or is no regular file: a named pipe would make the reader wait for ever. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Looks for the section's heading in the text, which is cheaper than parsing every pyproject.toml on the way up. */
function mentionsCampsite(path: string, format: Format): boolean {
  try {
    const text = readFileSync(path, 'utf8');
    return format === 'ini'
      ? /^\[tool:campsite[\].]/m.test(text)
      : /^\s*\[+\s*tool\s*\.\s*campsite\s*[\].]|^\s*campsite\s*[.=]|tool\.campsite\./m.test(text);
  } catch {
    return false;
  }
}
