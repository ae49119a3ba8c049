/**
 * Which severities does the command line set? `--severity RULE=LEVEL`, any number of times.
 *
 * Whether the rule exists is found with all other rule names, in app/rules-on.ts.
 */
import { UsageError } from '../app/options.ts';
import { nearest } from '../config/problems.ts';
import type { SeveritySetting } from '../config/schema-project.ts';

const LEVELS: readonly SeveritySetting[] = ['error', 'warning', 'note', 'off'];

/** By rule id; a later one wins. Throws UsageError. */
export function severitiesNamed(given: readonly string[]): Readonly<Record<string, SeveritySetting>> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=');
      const level = LEVELS.find((name) => name === text.slice(at + 1));
      if (at >= 1 && level !== undefined) return [text.slice(0, at), level];
      const near = at < 1 ? undefined : nearest(text.slice(at + 1), LEVELS);
      throw new UsageError([
        `--severity takes RULE=LEVEL with ${LEVELS.join(', ')} as level, not ${JSON.stringify(text)}${near === undefined ? '' : `; did you mean ${near}?`}`,
      ]);
    }),
  );
}
