/**
 * Which budget of the analysis can be used up by a function, and what is said then?
 *
 * Whoever cuts something off on which a finding could depend notes it with `Engine.cutOff`; app makes a problem entry of it, with file and line,
 * once a function. Limits that lose nothing that is not said (memo sizes, lengths of texts, how far a name is followed before it is `unknown`)
 * are not here: their comments say what happens beyond them.
 */
import type { Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';

/** What is used up, by the word in which `Engine.cutOff` is told, and how the problem goes on after the function's name. */
export const BUDGETS = {
  paths: 'has more paths than the analysis follows; what it holds is taken as escaped',
  depth: 'is nested deeper than the analysis looks; what lies deeper is taken as unknown',
  copies: 'has more finally clauses inside each other than are kept apart; ways out of them are taken together',
  calls: 'calls functions that call others more levels deep than the analysis follows; what they do to a resource is taken as unknown',
  reach: 'calls more functions, directly or not, than one question looks through; what only the others do is not known',
  resources: 'brings more resources than the analysis follows out of one call; the others are not followed',
  registrations: 'registers more cleanups than the analysis keeps apart; the others are not known',
  values: 'has names that get their values from each other in more ways than the analysis follows; what they hold is taken as unknown',
  walks: 'has more paths than a rule looks at; what is only found on the others is not reported',
} as const;

export type Budget = keyof typeof BUDGETS;

/**
 * Steps that one question about where a value comes from may take, questions about its parts included. `text = text + more` a hundred times over
 * gives a name a hundred values with the name in each: followed to a depth of eight, that has no end. Real ones take a few dozen.
 */
const MAX_STEPS = 5_000;

/** A counter of such steps: asked at every step with its depth, 0 where a question begins; false where there were too many, which is noted. */
export function stepCounter(): (depth: number, scope: Scope, engine: Engine) => boolean {
  let left = MAX_STEPS;
  return (depth, scope, engine) => {
    if (depth === 0) left = MAX_STEPS;
    if (left-- > 0) return true;
    engine.cutOff(scope, 'values');
    return false;
  };
}
