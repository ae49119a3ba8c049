/**
 * What follows from a set of patterns, found once for all modules that have the same?
 *
 * Most questions are about one module after another, so those asked about last are remembered besides: a comparison is cheaper than a look-up.
 */
import type { Patterns } from '../config/call-view.ts';

/** The same as `make`, which is called once for each set of patterns. */
export function byPatterns<T extends object | null>(make: (patterns: Patterns) => T): (patterns: Patterns) => T {
  const known = new WeakMap<Patterns, T>();
  let last: Patterns | undefined;
  let answer: T | undefined;
  return (patterns) => {
    if (patterns !== last) {
      answer = known.get(patterns);
      if (answer === undefined) known.set(patterns, (answer = make(patterns)));
      last = patterns;
    }
    return answer as T;
  };
}
