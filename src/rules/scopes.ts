/**
 * * Which functions of a module does a rule look at, and as methods of which class?
 *
 * Each function once, in source order, seen from the class it is written in; nested functions and lambdas included.
 */
import type { Scope } from '../program/scope.ts';
import type { RuleContext } from './define.ts';

const cache = new WeakMap<RuleContext['module'], readonly Scope[]>();

/** The scopes of all functions and lambdas of the module; class and module bodies left out. */
export function functionScopes(context: RuleContext): readonly Scope[] {
  const known = cache.get(context.module);
  if (known) return known;
  const { module, engine } = context;
  const out: Scope[] = [];
  for (const fn of module.ir.functions) {
    if (fn.kind !== 'function' && fn.kind !== 'lambda') continue;
    let parent = fn.parent === null ? undefined : module.ir.functions[fn.parent];
    while (parent && parent.kind !== 'class' && parent.parent !== null) parent = module.ir.functions[parent.parent];
    const cls = parent?.kind === 'class' ? engine.values.classes.get(module, parent.index) : undefined;
    out.push({ module, fn, cls, definedIn: cls });
  }
  cache.set(module, out);
  return out;
}
