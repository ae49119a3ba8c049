/**
 * How do the rules of this pillar speak about places: which functions are tests and their helpers, and how is a step of a witness made?
 *
 * Answers are remembered by module. A test inherited by several classes is one function here: what its graph says is the same for all.
 */
import type { Step, StepKind } from '../../findings/finding.ts';
import type { Scope } from '../../program/scope.ts';
import { textOf } from '../../typestate/naming.ts';
import type { RuleContext } from '../define.ts';
import { functionScopes } from '../scopes.ts';

const cache = new WeakMap<RuleContext['module'], readonly Scope[]>();

/** The test functions written in this module, each once; those of mixins included. */
export function testScopes(context: RuleContext): readonly Scope[] {
  const known = cache.get(context.module);
  if (known) return known;
  const seen = new Set<Scope['fn']>();
  const out: Scope[] = [];
  for (const group of context.groups) {
    for (const { scope } of group.tests) {
      if (scope.module !== context.module || seen.has(scope.fn)) continue;
      seen.add(scope.fn);
      out.push(scope);
    }
  }
  cache.set(context.module, out);
  return out;
}

/** True where the module has tests, or is written to help some: it stands under a name that says so, or its classes are test classes. */
export function isTestModule(context: RuleContext): boolean {
  return context.groups.length > 0 || context.fixtures.length > 0;
}

/** The functions of a test module that run on the test's own thread: not nested ones, which are stubs, workers and callbacks. */
export function outerScopes(context: RuleContext): readonly Scope[] {
  if (!isTestModule(context)) return [];
  let known = outer.get(context.module);
  if (!known) outer.set(context.module, (known = functionScopes(context).filter(isOuter)));
  return known;
}

const outer = new WeakMap<RuleContext['module'], readonly Scope[]>();

/** True for functions that do not stand in another one. */
export function isOuter({ fn, module }: Scope): boolean {
  if (fn.kind !== 'function') return false;
  for (let p = fn.parent; p !== null; p = module.ir.functions[p]?.parent ?? null) if (module.ir.functions[p]?.kind === 'function') return false;
  return true;
}

/** True for functions inside functions: stubs, workers and callbacks that somebody else runs. */
export function isNested(scope: Scope): boolean {
  const parent = scope.fn.parent === null ? undefined : scope.module.ir.functions[scope.fn.parent];
  return parent?.kind === 'function' || parent?.kind === 'lambda';
}

/** One step of a witness at an offset of the scope's module. */
export function step(context: RuleContext, scope: Scope, kind: StepKind, offset: number, message: string): Step {
  const at = context.position(scope.module, offset);
  return { kind, path: scope.module.path, line: at.line, column: at.column, message };
}

/** `x is true` for a branch. */
export function branchStep(context: RuleContext, scope: Scope, test: { readonly start: number; readonly end: number }, outcome: boolean): Step {
  return step(context, scope, 'branch', test.start, `${textOf(scope.module, test)} is ${outcome ? 'true' : 'false'}`);
}

/** What the comment on the line of the place says, and the block of comments that ends above it; '' where there is none. */
export function commentAt(place: { readonly start: number; readonly end: number }, scope: Scope): string {
  const { text } = scope.module;
  const before = text.lastIndexOf('\n', place.start);
  const lines = text.slice(Math.max(0, text.lastIndexOf('\n', scope.fn.start)), before).split('\n');
  const said: string[] = [];
  for (let at = lines.length - 1; at >= 0 && /^\s*#/.test(lines[at] as string); at--) said.unshift(lines[at] as string);
  const rest = /#.*/.exec(text.slice(place.end, text.indexOf('\n', place.end)))?.[0] ?? '';
  return [...said, rest].join(' ').replace(/#/g, '').replace(/\s+/g, ' ').trim();
}

/** The comment at a branch says that both ways are right: `# can be None`, `# if set`. */
export const saysEither = (place: { readonly start: number; readonly end: number }, scope: Scope): boolean =>
  /\b(if (it is |it was )?(set|present|given|available|there)|optional|either|(can|could|may|might) (still |also )?(be|return|get|not)|might|whether or not|sometimes|depending)\b/i.test(
    commentAt(place, scope),
  );

/** True for a method that the module hands on by name instead of calling it (`target=self.work`): somebody else runs it. */
export function isHandedOn(scope: Scope): boolean {
  return new RegExp(`[(=,\\s](self|cls)\\.${scope.fn.name}\\b(?!\\s*\\()|\\btarget\\s*=\\s*${scope.fn.name}\\b`).test(scope.module.text);
}
