/**
 * Which budget of the analysis can be used up by a function, and what is said then?
 *
 * Whoever cuts something off on which a finding could depend notes it with `Engine.cutOff`; app makes a problem entry of it, with file and line,
 * once a function. Limits that lose nothing that is not said (memo sizes, lengths of texts, how far a name is followed before it is `unknown`)
 * are not here: their comments say what happens beyond them.
 */

/** What is used up, by the word in which `Engine.cutOff` is told, and how the problem goes on after the function's name. */
export const BUDGETS = {
  paths: 'has more paths than the analysis follows; what it holds is taken as escaped',
  depth: 'is nested deeper than the analysis looks; what lies deeper is taken as unknown',
  copies: 'has more finally clauses inside each other than are kept apart; ways out of them are taken together',
  calls: 'calls functions that call others more levels deep than the analysis follows; what they do to a resource is taken as unknown',
  resources: 'brings more resources than the analysis follows out of one call; the others are not followed',
  registrations: 'registers more cleanups than the analysis keeps apart; the others are not known',
  walks: 'has more paths than a rule looks at; what is only found on the others is not reported',
} as const;

export type Budget = keyof typeof BUDGETS;
