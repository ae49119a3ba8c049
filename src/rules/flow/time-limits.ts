/**
 * Does somebody else keep a time limit on a function: a decorator, or what runs the tests of its class?
 *
 * A decorator keeps one if it says so, or if it is a function of the project with a parameter for it that is set. What runs the tests of a
 * class keeps one if the class names a limit that its own file never reads. Leaves out a runner's command line and its settings.
 */
import type { Argument, Operand } from '../../ir/ir.ts';
import { callBehind } from '../../program/call-site.ts';
import { forEachInstr } from '../../program/module.ts';
import { factsOf, type Scope } from '../../program/scope.ts';
import type { RuleContext } from '../define.ts';

const SAYS_SO = /time_?out|time_?limit|deadline/i;
/** Decorators that stand around other decorators, at most. */
const MAX_LAYERS = 2;

/** True where the function ends by itself after a time. */
export function hasTimeLimit(scope: Scope, context: RuleContext): boolean {
  return scope.fn.decorators.some((d) => limits(d, scope, context, 0)) || isLimitedClass(scope);
}

function limits(decorator: Operand, scope: Scope, context: RuleContext, layer: number): boolean {
  if (SAYS_SO.test(scope.module.text.slice(decorator.start, decorator.end))) return true;
  const value = context.engine.values.of(decorator.op === 'described-call' ? decorator.callee : decorator, scope);
  if (value?.kind !== 'function' && value?.kind !== 'nested' && value?.kind !== 'method') return false;
  const target = context.engine.values.scopeOf(value);
  // Called without it, so one without a default is given by somebody else, if at all.
  if (target.fn.params.some((p) => SAYS_SO.test(p.name) && p.default !== null && !(p.default.op === 'const' && p.default.kind === 'none')))
    return true;
  return layer < MAX_LAYERS && wrapsLimited(target, context, layer + 1);
}

/** The decorator hands the test to another one that limits it: `return gen_cluster(client=True)(test)`, or `@limited` on the wrapper within. */
function wrapsLimited(target: Scope, context: RuleContext, layer: number): boolean {
  const inner = target.module.ir.functions.filter((f) => f.kind === 'function' && f.start > target.fn.start && f.end <= target.fn.end);
  if (inner.some((fn) => fn.decorators.some((d) => limits(d, { ...target, fn }, context, layer)))) return true;
  let found = false;
  forEachInstr(target.fn.body, (i) => {
    const made = i.op === 'call' && isGiven(i.args, target) ? callBehind(i.callee, target) : undefined;
    found ||= made !== undefined && limits(made.callee, target, context, layer);
  });
  return found;
}

/** One of the arguments is the decorated function. */
const isGiven = (args: readonly Argument[], { fn }: Scope): boolean =>
  args.some(({ value }) => value.op === 'name' && fn.params.some((p) => p.name === value.name));

/** `timeout = 30` in the body of the class or of a base, for whoever runs the tests: nothing in this file reads it. */
function isLimitedClass(scope: Scope): boolean {
  for (const c of scope.cls?.mro ?? []) {
    for (const [name, defs] of factsOf(c.module, c.body).names) {
      if (!/^_*(test_?)?time_?out_*$/i.test(name)) continue;
      const set = defs.some((d) => d.kind === 'value' && !(d.value.op === 'const' && (d.value.kind === 'none' || d.value.value === 0)));
      if (set && !new RegExp(`\\.${name}\\b`).test(scope.module.text)) return true;
    }
  }
  return false;
}
