/**
 * `campsite check --show-settings [FILE]`: which packs and rules are on and why, and which line of which file set each value.
 *
 * For one file what holds for it, `per-path` included; for several, or none, what holds for the run. As text, or as JSON with
 * `--output-format json`.
 */
import { relative, sep } from 'node:path';
import type { Plan } from '../app/analyze.ts';
import { type AnalyzeOptions, UsageError } from '../app/options.ts';
import { type ShownPack, shownPacks } from '../app/packs-shown.ts';
import { placeOf, type ShownRule, type ShownValue, shownRules, shownSettings } from '../app/settings-shown.ts';
import { jsonText, visible } from '../base/escape.ts';
import { padRight, plural, textWidth } from '../base/text.ts';
import type { Configuration } from '../config/load.ts';
import { writeOutput } from './output.ts';

/** Everything that is shown; the JSON is this. */
interface Shown {
  /** Absolute. */
  readonly root: string;
  /** Configuration files relative to the root, the main one first. */
  readonly configFiles: readonly string[];
  /** The file that was asked for; null for a run over several. */
  readonly file: string | null;
  readonly files: number;
  readonly settings: readonly ShownValue[];
  /** Kinds, types, frameworks that the project's own files describe. */
  readonly described: readonly ShownValue[];
  readonly rules: readonly ShownRule[];
  readonly packs: readonly ShownPack[];
}

/** Prints the settings. Throws UsageError where a path is not there, or the format is not known. */
export async function showSettings(settled: Plan, options: AnalyzeOptions, format: string | undefined): Promise<number> {
  if (format !== undefined && format !== 'json' && format !== 'full')
    throw new UsageError([`--show-settings is written as full or json, not as ${JSON.stringify(format)}`]);
  const { configuration, files, root } = settled;
  if (files.problems.length > 0) throw new UsageError(files.problems.map(({ path, message }) => `${path}: ${message}`));
  const file = files.files.length === 1 ? (files.files[0] as string) : undefined;
  const shown: Shown = {
    root,
    configFiles: configuration.files.map((path) => relative(root, path).split(sep).join('/')),
    file: file ?? null,
    files: files.files.length,
    settings: shownSettings(configuration, options),
    described: described(configuration),
    rules: shownRules(configuration, settled.rules, file, options),
    packs: await shownPacks(configuration, files.files),
  };
  await writeOutput(format === 'json' ? `${jsonText(shown, 2)}\n` : textOf(shown));
  return 0;
}

/** One line for each entry of the tables in the project's own files: `resources.queue`, `types.client`; lists are counted. */
function described(configuration: Configuration): readonly ShownValue[] {
  const settings = new Set(configuration.statements.map(({ key }) => key[0]));
  return configuration.own.flatMap(({ file, document }) => {
    const value = document.value as Readonly<Record<string, unknown>>;
    return Object.entries(value).flatMap(([section, content]): readonly ShownValue[] => {
      if (settings.has(section) || typeof content !== 'object' || content === null || section === 'applies-to') return [];
      const from = (key: readonly string[]): string => placeOf(configuration, { file, ...document.placeOf(key) });
      if (Array.isArray(content)) return [{ key: section, value: plural(content.length, 'entry', 'entries'), from: from([section]) }];
      return Object.keys(content).map((name) => ({ key: `${section}.${name}`, value: '', from: from([section, name]) }));
    });
  });
}

function textOf(shown: Shown): string {
  const where = shown.file ?? plural(shown.files, 'file');
  const explicit = shown.rules.filter(({ from }) => from.length > 0);
  const byDefault = (on: boolean): string[] =>
    shown.rules.filter(({ from, severity }) => from.length === 0 && (severity !== 'off') === on).map(({ rule }) => rule);
  const on = shown.packs.filter(({ files }) => files > 0);
  const share = (files: number): string => (shown.files > 1 ? `in ${files} of ${shown.files}` : 'on');
  return [
    `root           ${shown.root}\n`,
    `configuration  ${shown.configFiles.length === 0 ? 'no file: the defaults' : shown.configFiles.join(', ')}\n`,
    section(
      'settings',
      shown.settings.map(({ key, value, from }) => [key, value, from]),
    ),
    section(
      'described by the project',
      shown.described.map(({ key, value, from }) => [key, value, from]),
    ),
    section(`rules for ${where}`, [
      ...explicit.map(({ rule, severity, from }) => [rule, severity, from.join(', ')]),
      [plural(byDefault(true).length, 'rule'), 'on', 'default'],
      [plural(byDefault(false).length, 'rule'), 'off', `default: ${byDefault(false).join(', ')}`],
    ]),
    section(`packs for ${where}`, [
      ...on.map(({ pack, files, why }) => [pack, share(files), why]),
      ...shown.packs.filter((pack) => !on.includes(pack)).map(({ pack, why }) => [pack, 'off', why]),
    ]),
  ].join('');
}

/** A heading and a table of three columns; '' where there is no row. */
function section(title: string, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const cells = rows.map((row) => row.map(visible));
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => textWidth(row[column] as string))));
  const lines = cells.map(([one = '', two = '', three = '']) =>
    `  ${padRight(one, widths[0] as number)}  ${padRight(two, widths[1] as number)}  ${three}`.trimEnd(),
  );
  return `\n${title}\n${lines.join('\n')}\n`;
}
