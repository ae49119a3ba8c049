/**
 * What can a project set, besides describing its resources?
 *
 * The settings with their defaults, and how files that extend each other are merged: the later value wins; lists that add (`exclude`,
 * `ignore`, `extend-select`) and tables are joined.
 */
import type { ProjectFile, SeveritySetting } from './schema-project.ts';

export interface PathRules {
  /** Glob over paths relative to the root. */
  readonly path: string;
  readonly ignore: readonly string[];
  readonly extendSelect: readonly string[];
  readonly severity: Readonly<Record<string, SeveritySetting>>;
}

export interface Settings {
  /** Relative to the root, POSIX; [] where not set. */
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  /** Files and folders for `config test`; never analysed as tests. */
  readonly snippets: readonly string[];
  readonly runner: 'auto' | 'unittest' | 'pytest';
  /** null: the default rules. */
  readonly select: readonly string[] | null;
  readonly ignore: readonly string[];
  readonly extendSelect: readonly string[];
  readonly severity: Readonly<Record<string, SeveritySetting>>;
  readonly perPath: readonly PathRules[];
  readonly baseline: string | null;
  readonly requiredVersion: string | null;
  readonly requireReason: boolean;
  readonly disablePacks: readonly string[];
  readonly disableKinds: readonly string[];
}

export const DEFAULT_SETTINGS: Settings = {
  paths: [],
  exclude: [],
  snippets: ['campsite-snippets'],
  runner: 'auto',
  select: null,
  ignore: [],
  extendSelect: [],
  severity: {},
  perPath: [],
  baseline: null,
  requiredVersion: null,
  requireReason: false,
  disablePacks: [],
  disableKinds: [],
};

/** `below` with what `file` says on top. `relocate` turns a path or glob of the file into one relative to the root. */
export function applySettings(below: Settings, file: ProjectFile, relocate: (path: string) => string): Settings {
  return {
    paths: file.paths?.map(relocate) ?? below.paths,
    exclude: [...below.exclude, ...(file.exclude ?? []).map(relocate)],
    snippets: file.snippets?.map(relocate) ?? below.snippets,
    runner: file.runner ?? below.runner,
    select: file.select ?? below.select,
    ignore: [...below.ignore, ...(file.ignore ?? [])],
    extendSelect: [...below.extendSelect, ...(file['extend-select'] ?? [])],
    severity: { ...below.severity, ...file.severity },
    perPath: [
      ...below.perPath,
      ...Object.entries(file['per-path'] ?? {}).map(([path, rules]) => ({
        path: relocate(path),
        ignore: rules.ignore ?? [],
        extendSelect: rules['extend-select'] ?? [],
        severity: rules.severity ?? {},
      })),
    ],
    baseline: file.baseline === undefined ? below.baseline : relocate(file.baseline),
    requiredVersion: file['required-version'] ?? below.requiredVersion,
    requireReason: file['require-reason'] ?? below.requireReason,
    disablePacks: [...below.disablePacks, ...(file['disable-packs'] ?? [])],
    disableKinds: [...below.disableKinds, ...(file['disable-kinds'] ?? [])],
  };
}
