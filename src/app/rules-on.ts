/**
 * Which rules run, and which settings decide what becomes of their findings?
 *
 * Selection from defaults, configuration and command line, in that order; names may be rule ids, pillars, or ALL. `--select` means exactly what it
 * names: the configuration adds nothing to it. A rule that only some paths select runs, and is off elsewhere (rule-at.ts). Unknown names are problems
 * with their place and the nearest spelling, never silently dropped.
 */

import { problemOf } from '../config/contradictions.ts';
import type { Configuration } from '../config/load.ts';
import { nearest } from '../config/problems.ts';
import type { PathRules, Settings } from '../config/settings.ts';
import type { Statement } from '../config/statements.ts';
import { LISTED, type ListedRule } from '../rules/listed.ts';
import { problemLine } from './config-problems.ts';
import type { AnalyzeOptions } from './options.ts';
import { names } from './rule-at.ts';

export interface RuleChoice {
  readonly rules: readonly ListedRule[];
  /** The configuration's, with what the command line says on top. */
  readonly settings: Settings;
  /** Lines for standard error. */
  readonly problems: readonly string[];
}

/** The ids of all rules. */
export const RULE_IDS: ReadonlySet<string> = new Set(LISTED.map((rule) => rule.id));

/** Every name that a selection may hold. */
const SELECTABLE: readonly string[] = ['ALL', ...LISTED.map((rule) => rule.id), ...new Set(LISTED.map((rule) => rule.pillar))];

const everywhere = (entry: Partial<PathRules>): PathRules => ({ path: '**', ignore: [], extendSelect: [], severity: {}, ...entry });

/** The rules of a run. */
export function selectRules(options: AnalyzeOptions, configuration: Pick<Configuration, 'settings' | 'statements'>): RuleChoice {
  const { settings, statements } = configuration;
  const all = (list: readonly string[]): ReadonlySet<ListedRule> => new Set(LISTED.filter((rule) => names(list, rule)));
  const refused = all(options.ignore ?? []);
  const ignored = all(settings.ignore);
  const chosen = options.select ?? settings.select;
  const selected = chosen ? all(chosen) : new Set(LISTED.filter((rule) => rule.default));
  const extended = all([...(options.extendSelect ?? []), ...(options.select ? [] : settings.extendSelect)]);
  const forced = options.severity ?? {};
  const mayBeOn = (rule: ListedRule): boolean => {
    const own = forced[rule.id] ?? settings.severity[rule.id];
    return own !== 'off' || (!(rule.id in forced) && settings.perPath.some(({ severity }) => (severity[rule.id] ?? 'off') !== 'off'));
  };
  const on = LISTED.filter((rule) => (selected.has(rule) || extended.has(rule)) && !ignored.has(rule) && !refused.has(rule));
  const somewhere = options.select ? new Set<ListedRule>() : all(settings.perPath.flatMap(({ extendSelect }) => extendSelect));
  const added = LISTED.filter((rule) => somewhere.has(rule) && !on.includes(rule) && !refused.has(rule));
  return {
    rules: LISTED.filter((rule) => (on.includes(rule) || added.includes(rule)) && mayBeOn(rule)),
    settings: {
      ...settings,
      perPath: [
        ...(added.length > 0 ? [everywhere({ ignore: added.map((rule) => rule.id) })] : []),
        ...settings.perPath,
        ...(Object.keys(forced).length > 0 ? [everywhere({ severity: forced })] : []),
      ],
    },
    problems: [...unknownArguments(options), ...statements.flatMap(unknownStatement)],
  };
}

function unknownArguments(options: AnalyzeOptions): readonly string[] {
  const from = (flag: string, list: readonly string[] | undefined, valid: readonly string[]): readonly string[] =>
    (list ?? [])
      .filter((name) => !valid.includes(name))
      .map((name) => {
        const near = nearest(name, valid);
        return `${flag}: there is no rule ${JSON.stringify(name)}${near === undefined ? '' : `; did you mean ${near}?`}`;
      });
  return [
    ...from('--select', options.select, SELECTABLE),
    ...from('--ignore', options.ignore, SELECTABLE),
    ...from('--extend-select', options.extendSelect, SELECTABLE),
    ...from('--severity', Object.keys(options.severity ?? {}), [...RULE_IDS]),
  ];
}

/** A statement that names a rule which does not exist, as a line. */
function unknownStatement(at: Statement): readonly string[] {
  const inPath = at.key[0] === 'per-path';
  const field = inPath ? at.key[2] : at.key[0];
  const isList = field === 'select' || field === 'ignore' || field === 'extend-select';
  if (!isList && field !== 'severity') return [];
  const name = isList ? String(at.value) : String(at.key[inPath ? 3 : 1]);
  const valid = isList ? SELECTABLE : [...RULE_IDS];
  if (valid.includes(name)) return [];
  if (!isList && SELECTABLE.includes(name)) return [problemLine(problemOf(at, `\`${name}\` is no rule: severities are set rule by rule`))];
  return [problemLine(problemOf(at, `there is no rule \`${name}\``, nearest(name, valid)))];
}
