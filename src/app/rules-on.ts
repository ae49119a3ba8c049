/**
 * Which rules run?
 *
 * Selection from defaults, configuration and command line, in that order; names may be rule ids, pillars, or ALL. Unknown names are
 * problems with the nearest spelling, never silently dropped.
 */
import { nearest } from '../config/problems.ts';
import type { Settings } from '../config/settings.ts';
import type { Rule } from '../rules/define.ts';
import { RULES } from '../rules/index.ts';
import type { AnalyzeOptions } from './options.ts';

/** Names may be rule ids, pillars, or ALL. */
export function selectRules(options: AnalyzeOptions, settings: Settings): { readonly rules: readonly Rule[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const expand = (names: readonly string[], from: string): readonly Rule[] =>
    names.flatMap((name) => {
      if (name === 'ALL') return RULES;
      const found = RULES.filter((r) => r.id === name || r.pillar === name);
      if (found.length === 0) {
        const near = nearest(name, [...RULES.map((r) => r.id), ...new Set(RULES.map((r) => r.pillar))]);
        problems.push(`${from}: there is no rule ${JSON.stringify(name)}${near === undefined ? '' : `; did you mean ${near}?`}`);
      }
      return found;
    });
  const selected = options.select
    ? expand(options.select, '--select')
    : settings.select
      ? expand(settings.select, 'select')
      : RULES.filter((r) => r.default);
  const extended = [...expand(options.extendSelect ?? [], '--extend-select'), ...expand(settings.extendSelect, 'extend-select')];
  const ignored = new Set([...expand(options.ignore ?? [], '--ignore'), ...expand(settings.ignore, 'ignore')]);
  const on = new Set([...selected, ...extended]);
  return { rules: RULES.filter((r) => on.has(r) && !ignored.has(r)), problems };
}
