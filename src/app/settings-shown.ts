/**
 * Which value has each setting, and which line of which file set it?
 *
 * From what the files said (config/statements.ts) and what they came to (config/settings.ts), and the command line above both. Lists that add name a
 * line for each element. The same for rules: what is on for a file, how severe, and what decided it.
 */
import { relative, sep } from 'node:path';
import picomatch from 'picomatch';
import type { Configuration } from '../config/load.ts';
import { printKey } from '../config/problems.ts';
import { SETTING_KEYS } from '../config/schema-project.ts';
import type { Statement } from '../config/statements.ts';
import { LISTED, type ListedRule } from '../rules/listed.ts';
import type { AnalyzeOptions } from './options.ts';
import { names, severityAt, speaksOf } from './rule-at.ts';

export interface ShownValue {
  /** `runner`, `severity.never-released`, `per-path.tests/old/**.ignore[0]`. */
  readonly key: string;
  readonly value: string;
  /** `campsite.yaml:3`, `--select`, `default`. */
  readonly from: string;
}

export interface ShownRule {
  readonly rule: string;
  readonly severity: string;
  /** The settings that decided, in the order in which they were asked; [] where nothing but the defaults did. */
  readonly from: readonly string[];
}

/** Settings of which the last file that names them decides alone; of all others every statement adds something. */
const REPLACED: ReadonlySet<string> = new Set(['paths', 'select', 'runner', 'baseline', 'required-version', 'require-reason', 'snippets']);

const DEFAULTS: Readonly<Record<string, string>> = {
  paths: 'tests, test, or .',
  runner: 'auto',
  select: 'the default rules',
  'require-reason': 'false',
  snippets: 'campsite-snippets',
};

/** `campsite.yaml:3`, the file relative to the root. */
export function placeOf({ root }: Pick<Configuration, 'root'>, at: Pick<Statement, 'file' | 'line'>): string {
  return `${relative(root, at.file).split(sep).join('/')}:${at.line}`;
}

/** Every setting that has a value, in the order of the documentation. */
export function shownSettings(configuration: Configuration, options: AnalyzeOptions): readonly ShownValue[] {
  const { statements } = configuration;
  return SETTING_KEYS.flatMap((name): readonly ShownValue[] => {
    const given = onCommandLine(name, options);
    // `--select` means what it names: the configuration adds nothing to it.
    const said = name === 'extend-select' && options.select ? [] : statements.filter(({ key }) => key[0] === name);
    const holds = REPLACED.has(name) ? said.filter(({ file }) => file === said[said.length - 1]?.file) : lastOfEach(said);
    const values = holds.map(({ key, ...at }): ShownValue => {
      const value = key[0] === 'per-path' ? at.value : (at.path ?? at.value);
      return { key: printKey(key), value: String(value), from: placeOf(configuration, at) };
    });
    if (given.length > 0) return REPLACED.has(name) ? given : [...values, ...given];
    return values.length === 0 && DEFAULTS[name] !== undefined ? [{ key: name, value: DEFAULTS[name], from: 'default' }] : values;
  });
}

/** Of statements about one entry of a table the last; elements of lists are entries of their own, in every file. */
function lastOfEach(said: readonly Statement[]): readonly Statement[] {
  const isEntry = ({ key }: Statement): boolean => key[0] === 'severity';
  return said.filter((at, index) => !isEntry(at) || !said.some((later, i) => i > index && printKey(later.key) === printKey(at.key)));
}

function onCommandLine(name: string, options: AnalyzeOptions): readonly ShownValue[] {
  const list = (values: readonly string[] | undefined, from = `--${name}`): readonly ShownValue[] =>
    values === undefined || values.length === 0 ? [] : [{ key: name, value: values.join(', '), from }];
  switch (name) {
    case 'paths':
      return list(options.paths, 'command line');
    case 'select':
      return list(options.select);
    case 'extend-select':
      return list(options.extendSelect);
    case 'ignore':
      return list(options.ignore);
    case 'severity':
      return Object.entries(options.severity ?? {}).map(([rule, value]) => ({ key: `severity.${rule}`, value, from: '--severity' }));
    default:
      return [];
  }
}

/** Every rule for a file (relative to the root); without one, for files that no `per-path` speaks of. */
export function shownRules(
  configuration: Configuration,
  running: readonly ListedRule[],
  path: string | undefined,
  options: AnalyzeOptions,
): readonly ShownRule[] {
  const { settings } = configuration;
  // Entries of the run's own making (what only some paths select, what the command line says) hold everywhere.
  const perPath = settings.perPath.filter((entry) => entry.path === '**' || (path !== undefined && speaksOf(entry, path)));
  return LISTED.map((rule) => {
    const on = running.includes(rule) ? severityAt(rule, rule.severity, path ?? '', { ...settings, perPath }) : undefined;
    return { rule: rule.id, severity: on ?? 'off', from: decided(configuration, rule, path, options) };
  });
}

function decided(configuration: Configuration, rule: ListedRule, path: string | undefined, options: AnalyzeOptions): readonly string[] {
  const { statements } = configuration;
  const selects = statements.filter(({ key }) => key[0] === 'select');
  const mine = statements.filter(({ key, value, path: glob, file }) => {
    const inPath = key[0] === 'per-path';
    if (inPath && (path === undefined || glob === undefined || !picomatch.isMatch(path, glob, { dot: true }))) return false;
    const field = key[inPath ? 2 : 0];
    if (field === 'severity') return key[inPath ? 3 : 1] === rule.id;
    if ((field === 'select' || field === 'extend-select') && options.select !== undefined) return false;
    if (field === 'select' && file !== selects[selects.length - 1]?.file) return false;
    return (field === 'select' || field === 'extend-select' || field === 'ignore') && names([String(value)], rule);
  });
  const flags = [
    ...(names(options.select ?? [], rule) ? ['--select'] : []),
    ...(names(options.extendSelect ?? [], rule) ? ['--extend-select'] : []),
    ...(names(options.ignore ?? [], rule) ? ['--ignore'] : []),
    ...(options.severity?.[rule.id] === undefined ? [] : ['--severity']),
  ];
  const left = selectedElsewhere(configuration, rule, options);
  return [...left, ...mine.map((at) => `${printKey(at.key)} (${placeOf(configuration, at)})`), ...flags];
}

/** A selection that replaces the defaults and leaves out a rule that they hold. */
function selectedElsewhere(configuration: Configuration, rule: ListedRule, options: AnalyzeOptions): readonly string[] {
  if (!rule.default) return [];
  if (options.select) return names(options.select, rule) ? [] : ['not in --select'];
  const select = configuration.statements.filter(({ key }) => key[0] === 'select');
  const last = select[select.length - 1];
  return last === undefined || names(configuration.settings.select ?? [], rule) ? [] : [`not in select (${placeOf(configuration, last)})`];
}
