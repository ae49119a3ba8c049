/**
 * How is a project's own file written: its settings, and besides them the sections of a pack?
 *
 * Yields what the file says, unmerged; settings.ts has the defaults and the merging. Rule ids are not checked here: the configuration does
 * not know the rules.
 */
import * as z from 'zod';
import { sectionShape } from './schema-pack.ts';
import { optionalList, word } from './schema-parts.ts';

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
  extends: optionalList(z.string(), 'Packs (`databases`) or files inside the root (`./resources.yaml`) that this file builds on.'),
  paths: optionalList(z.string(), 'Files and folders with tests, relative to this file.'),
  exclude: optionalList(z.string(), 'Globs of paths that are not analysed, relative to this file.'),
  snippets: optionalList(
    z.string(),
    'Python files or folders whose comments say what the patterns should find, for `campsite config test`; default `campsite-snippets`.',
  ),
  runner: z
    .enum(['auto', 'unittest', 'pytest'])
    .optional()
    .describe('Which runner runs the tests; auto reports what leaks under every runner that fits.'),
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

/** The settings, without the sections that describe resources. */
export const SETTING_KEYS: readonly string[] = Object.keys(settingShape);

/** A project's own file: settings, and the sections of a pack. */
export const projectFile = z.strictObject({ $schema: z.string().optional().describe('JSON Schema, for editors.'), ...settingShape, ...sectionShape });
export type ProjectFile = z.output<typeof projectFile>;
