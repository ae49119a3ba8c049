/**
 * What does each configuration file say, setting by setting, and where?
 *
 * Settings of several files are merged into one value each; this list keeps what was said before merging, in the order of merging (what is
 * extended first), one statement for each scalar, list element and table entry. `--show-settings` names the line that set a value from it, and
 * complaints of those who know more than the configuration does (rule ids) find their place in it.
 */
import type { ReadDocument } from './document.ts';
import { SETTING_KEYS } from './schema-project.ts';

export interface Statement {
  /** `['severity', 'never-released']`, `['ignore', 0]`, `['per-path', 'tests/**', 'ignore', 0]`. */
  readonly key: readonly PropertyKey[];
  readonly value: string | number | boolean | null;
  /** Relative to the root: the path that the value is, or the glob of the `per-path` entry that it stands in. Left out for all others. */
  readonly path?: string;
  /** Absolute. */
  readonly file: string;
  /** 1-based; columns in UTF-16 units. In TOML and INI the place of the key's name. */
  readonly line: number;
  readonly column: number;
}

/** Settings whose values are paths or globs relative to their file. */
const PATHS: ReadonlySet<PropertyKey> = new Set(['paths', 'exclude', 'baseline', 'snippets']);

/**
 * The settings of one validated file; the sections that describe resources are left out. `relocate` turns a path of the file into one relative to
 * the root.
 */
export function statementsOf(
  file: string,
  document: ReadDocument,
  value: Readonly<Record<string, unknown>>,
  relocate: (path: string) => string,
): readonly Statement[] {
  const found: Statement[] = [];
  const walk = (key: readonly PropertyKey[], at: unknown): void => {
    if (Array.isArray(at)) at.forEach((item, index) => walk([...key, index], item));
    else if (typeof at === 'object' && at !== null) for (const [name, item] of Object.entries(at)) walk([...key, name], item);
    else if (at !== undefined) {
      const path = PATHS.has(key[0]) ? String(at) : key[0] === 'per-path' ? String(key[1]) : undefined;
      found.push({ key, value: at as Statement['value'], file, ...document.placeOf(key), ...(path === undefined ? {} : { path: relocate(path) }) });
    }
  };
  for (const name of SETTING_KEYS) walk([name], value[name]);
  return found;
}
