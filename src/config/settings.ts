/**
 * What can a project set, besides describing its resources? The settings of its file, their defaults, and how files that extend each
 * other are merged: the later value wins, `extend-select`, `exclude` and tables are joined.
 */
import { z } from 'zod';
import { optionalList, word } from './schema-parts.ts';
import { sectionShape } from './schema-pack.ts';

const severity = z.enum(['error', 'warning', 'note', 'off']);
export type SeveritySetting = z.output<typeof severity>;

const ruleId = z.string();
const severities = z.record(ruleId, severity);

const ruleShape = {
  select: optionalList(ruleId, 'Rules or pillars to run, instead of the defaults.'),
  ignore: optionalList(ruleId, 'Rules or pillars not to run.'),
  'extend-select': optionalList(ruleId, 'Rules or pillars to run besides the defaults.'),
  severity: severities.optional().describe('Severity by rule: error, warning, note, off.'),
};

const settingShape = {
  extends: optionalList(z.string(), 'Packs (`openstack`) or files inside the root (`./resources.yaml`) that this file builds on.'),
  paths: optionalList(z.string(), 'Files and folders with tests, relative to this file.'),
  exclude: optionalList(z.string(), 'Globs of paths that are not analysed, relative to this file.'),
  runner: z.enum(['auto', 'unittest', 'pytest']).optional().describe('Which runner runs the tests; auto reports what leaks under every runner that fits.'),
  ...ruleShape,
  'per-path': z
    .record(z.string(), z.strictObject({ ignore: ruleShape.ignore, 'extend-select': ruleShape['extend-select'], severity: ruleShape.severity }))
    .optional()
    .describe('Rule settings for paths that match a glob.'),
  baseline: z.string().optional().describe('Baseline file with known findings, relative to this file.'),
  'required-version': z.string().optional().describe('Versions of campsite that may read this file: `>=0.1 <1`.'),
  'require-reason': z.boolean().optional().describe('Inline suppressions need a reason.'),
  'disable-packs': optionalList(word, 'Shipped packs that never switch themselves on.'),
  'disable-kinds': optionalList(word, 'Resource kinds of packs that are left out: to be described anew, or not at all.'),
};

/** A project's own file: settings, and the sections of a pack. */
export const projectFile = z.strictObject({ $schema: z.string().optional().describe('JSON Schema, for editors.'), ...settingShape, ...sectionShape });
export type ProjectFile = z.output<typeof projectFile>;

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

/** `below` with what `file` says on top. `relocate` turns a path of the file into one relative to the root. */
export function applySettings(below: Settings, file: ProjectFile, relocate: (path: string) => string): Settings {
  return {
    paths: file.paths?.map(relocate) ?? below.paths,
    exclude: [...below.exclude, ...(file.exclude ?? [])],
    runner: file.runner ?? below.runner,
    select: file.select ?? below.select,
    ignore: [...below.ignore, ...(file.ignore ?? [])],
    extendSelect: [...below.extendSelect, ...(file['extend-select'] ?? [])],
    severity: { ...below.severity, ...file.severity },
    perPath: [
      ...below.perPath,
      ...Object.entries(file['per-path'] ?? {}).map(([path, rules]) => ({
        path,
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

/** True where a file has any section of a pack. */
export function describesResources(file: ProjectFile): boolean {
  return Object.keys(sectionShape).some((key) => Object.hasOwn(file, key));
}

