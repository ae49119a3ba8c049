/**
 * What does the project tell pytest about its tests?
 *
 * The first file of pytest.ini, .pytest.ini, pyproject.toml, tox.ini and setup.cfg that has pytest's section, as pytest looks for it in one
 * folder (https://docs.pytest.org/en/stable/reference/customize.html). Nothing is executed; a file that cannot be read has no settings.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readDocument, tableOf } from '../config/document.ts';
import { parseIni } from '../config/ini-values.ts';

export interface PytestSettings {
  /** Name of the file in the folder. */
  readonly file: string;
  readonly testpaths: readonly string[];
  readonly norecursedirs: readonly string[];
  readonly functions: readonly string[];
  readonly classes: readonly string[];
}

const PLACES: readonly { readonly name: string; readonly section: readonly string[]; readonly always?: boolean }[] = [
  // A pytest.ini counts even when it is empty.
  { name: 'pytest.ini', section: ['pytest'], always: true },
  { name: '.pytest.ini', section: ['pytest'], always: true },
  { name: 'pyproject.toml', section: ['tool', 'pytest', 'ini_options'] },
  { name: 'pyproject.toml', section: ['tool', 'pytest'] },
  { name: 'tox.ini', section: ['pytest'] },
  { name: 'setup.cfg', section: ['tool:pytest'] },
];

/** A settings file larger than this is none. */
const MAX_BYTES = 1024 * 1024;

/** The settings in the folder (absolute); undefined where no file speaks of pytest. */
export function pytestSettings(folder: string): PytestSettings | undefined {
  for (const { name, section, always } of PLACES) {
    const text = read(join(folder, name));
    const table = text === undefined ? undefined : sectionOf(text, name, section);
    if (table === undefined && !(always && text !== undefined)) continue;
    const list = (key: string): readonly string[] => words(table?.[key]);
    return {
      file: name,
      testpaths: list('testpaths'),
      norecursedirs: list('norecursedirs'),
      functions: list('python_functions'),
      classes: list('python_classes'),
    };
  }
  return undefined;
}

function sectionOf(text: string, name: string, section: readonly string[]): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = name.endsWith('.toml') ? tableOf(readDocument(text, 'toml'), section).value : parseIni(text)[section[0] as string];
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A list in TOML, words in INI. */
function words(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
  return typeof value === 'string' ? value.split(/[\s,]+/).filter((word) => word !== '') : [];
}

function read(path: string): string | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= MAX_BYTES ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
