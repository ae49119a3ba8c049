/**
 * Which functions of a module does a rule look at, and as methods of which class?
 *
 * Each function once, in source order, seen from the class it is written in; nested functions and lambdas included. And has that class cleanups?
 */
import type { Patterns } from '../config/call-view.ts';
import type { IrFunction } from '../ir/ir.ts';
import type { ClassUnit } from '../program/classes.ts';
import type { ModuleUnit } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { frameworkOf } from '../suite/discover.ts';
import type { RuleContext } from './define.ts';

const all = new WeakMap<ModuleUnit, readonly Scope[]>();
const functions = new WeakMap<ModuleUnit, readonly Scope[]>();

/** The scopes of the module, its class bodies, functions and lambdas, in source order. */
export function everyScope({ module, engine }: RuleContext): readonly Scope[] {
  const known = all.get(module);
  if (known) return known;
  const classAround = (fn: IrFunction): number | undefined => {
    for (let at: IrFunction | undefined = fn; at; at = at.parent === null ? undefined : module.ir.functions[at.parent])
      if (at.kind === 'class') return at.index;
    return undefined;
  };
  const scopes = module.ir.functions.map((fn): Scope => {
    const index = classAround(fn);
    const cls = index === undefined ? undefined : engine.values.classes.get(module, index);
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
