/**
 * Which functions of a module does a rule look at, and as methods of which class?
 *
 * Each function once, in source order, seen from the class it is written in; nested functions and lambdas included. And has that class cleanups?
 */
import type { Patterns } from '../config/call-view.ts';
import type { ClassUnit } from '../program/classes.ts';
import { kindsIn, type ModuleUnit } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { frameworkOf } from '../suite/discover.ts';
import type { RuleContext } from './define.ts';

const all = new WeakMap<ModuleUnit, readonly Scope[]>();
const functions = new WeakMap<ModuleUnit, readonly Scope[]>();

/** The scopes of the module, its class bodies, functions and lambdas, in source order. */
export function everyScope({ module, engine }: RuleContext): readonly Scope[] {
  const known = all.get(module);
  if (known) return known;
  const around: (ClassUnit | undefined)[] = [];
  // What stands around a function comes before it.
  for (const { index, kind, parent } of module.ir.functions)
    around.push(kind === 'class' ? engine.values.classes.get(module, index) : parent === null ? undefined : around[parent]);
  const scopes = module.ir.functions.map((fn): Scope => {
    const cls = around[fn.index];
    return { module, fn, cls, definedIn: cls };
  });
  all.set(module, scopes);
  return scopes;
}

/** The scopes of all functions and lambdas of the module; class and module bodies left out. */
export function functionScopes(context: RuleContext): readonly Scope[] {
  let known = functions.get(context.module);
  if (!known) functions.set(context.module, (known = everyScope(context).filter(isFunction)));
  return known;
}

const byKind = new WeakMap<ModuleUnit, ReadonlyMap<number, readonly Scope[]>>();
const NONE: readonly Scope[] = [];

/** Those of `functionScopes` whose own code holds a statement of the kind (`Kind`): few have a `try`, and most modules none at all. */
export function scopesHolding(context: RuleContext, kind: number): readonly Scope[] {
  let known = byKind.get(context.module);
  if (!known) byKind.set(context.module, (known = sortByKind(functionScopes(context))));
  return known.get(kind) ?? NONE;
}

function sortByKind(scopes: readonly Scope[]): ReadonlyMap<number, readonly Scope[]> {
  const out = new Map<number, Scope[]>();
  for (const scope of scopes) {
    for (let kinds = kindsIn(scope.fn.body); kinds !== 0; kinds &= kinds - 1) {
      const kind = kinds & -kinds;
      const list = out.get(kind);
      if (list) list.push(scope);
      else out.set(kind, [scope]);
    }
  }
  return out;
}

/** The patterns of the packs that are on for the module. */
export function patternsOf(context: RuleContext): Patterns {
  return context.engine.patternsFor(everyScope(context)[0] as Scope);
}

/** True for a function or lambda; false for the body of a class or module. */
export function isFunction({ fn }: Scope): boolean {
  return fn.kind === 'function' || fn.kind === 'lambda';
}

/** Bases from outside that may be those of a test; `threading.Thread` and `socketserver.TCPServer` are none. */
const MAY_BE_A_CASE = /test|case|fixture|mixin|base/i;

/** A case of a framework, or a class of whose bases too little is known. */
export function hasCleanupsOf(cls: ClassUnit, { engine }: RuleContext): boolean {
  return cls.externalBases.some((b) => MAY_BE_A_CASE.test(b)) || cls.hasUnknownBase || frameworkOf(cls, engine.options.frameworks) !== undefined;
}

/** What a class without the bases of a case does on itself only where it is mixed into one. */
const DOES_AS_A_CASE = /\bself\.(?:addCleanup|skipTest|assert[A-Z]\w*)\(/;

/** The class calls on itself what only a case has. */
export function doesAsACase({ module, body }: ClassUnit): boolean {
  return DOES_AS_A_CASE.test(module.text.slice(body.start, body.end));
}
