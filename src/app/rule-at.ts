/**
 * Is a rule on for a path, and how severe is what it finds there?
 *
 * Settings for paths are taken in their order: what a later one says of a rule wins. An entry that both selects and ignores a rule is a mistake
 * of the configuration and does not get here.
 */
import picomatch from 'picomatch';
import type { PathRules, Settings } from '../config/settings.ts';
import type { RuleInfo, Severity } from '../findings/finding.ts';

/** What a setting may call a rule by. */
type RuleName = Pick<RuleInfo, 'id' | 'pillar'>;

/** One matcher a glob: it is asked of every finding. */
const matchers = new WeakMap<PathRules, (path: string) => boolean>();

/** Does the entry speak of the path (relative to the root, POSIX)? */
export function speaksOf(entry: PathRules, path: string): boolean {
  let matches = matchers.get(entry);
  if (!matches) matchers.set(entry, (matches = picomatch(entry.path, { dot: true })));
  return matches(path);
}

/** True where one of the names is the rule, its pillar, or ALL. */
export function names(list: readonly string[], rule: RuleName): boolean {
  return list.includes(rule.id) || list.includes(rule.pillar) || list.includes('ALL');
}

/** The severity of a finding at `path` that the rule itself calls `own`; undefined where the rule is off. */
export function severityAt(rule: RuleName, own: Severity, path: string, settings: Settings): Severity | undefined {
  let on = true;
  let severity = settings.severity[rule.id] ?? own;
  for (const entry of settings.perPath) {
    if (!speaksOf(entry, path)) continue;
    if (names(entry.extendSelect, rule)) on = true;
    if (names(entry.ignore, rule)) on = false;
    severity = entry.severity[rule.id] ?? severity;
  }
  return on && severity !== 'off' ? severity : undefined;
}
