/**
 * Which functions of a module run in place of real code, and which of their calls go to the original?
 *
 * All installations of the module's functions, each replacement once. A call goes to the original where its callee is a name that was read
 * from the replaced attribute, or is called so (`orig_save`, `self.real_open`).
 */
import type { Instr, Operand } from '../../ir/ir.ts';
import { factsOf, type Scope } from '../../program/scope.ts';
import { type Stub, stubsOf } from '../../typestate/stubs.ts';
import type { RuleContext } from '../define.ts';
import { stubbingScopes } from '../stubbing.ts';
import { instrsOf } from './statements.ts';

export interface StubFunction {
  /** The function that stands for the original. */
  readonly scope: Scope;
  readonly stub: Stub;
}

const cache = new WeakMap<RuleContext, readonly StubFunction[]>();

/** Every function of the module that one of its functions installs as a stub. */
export function stubFunctions(context: RuleContext): readonly StubFunction[] {
  const known = cache.get(context);
  if (known) return known;
  const out: StubFunction[] = [];
  const seen = new Set<Scope['fn']>();
  for (const scope of stubbingScopes(context)) {
    for (const stub of stubsOf(scope, context.engine)) {
      const { replacement } = stub;
      if (!replacement || replacement.module !== context.module || seen.has(replacement.fn) || replacement.fn.kind !== 'function') continue;
      seen.add(replacement.fn);
      out.push({ scope: replacement, stub });
    }
  }
  cache.set(context, out);
  return out;
}

const ORIGINAL = /^_*(orig|original|real|old|true|unpatched|saved|upstream)(_|[A-Z]|\d|$)|_(orig|original|real)$/i;

/** The calls of a stub that run what it replaced. */
export function callsOfOriginal(f: StubFunction, context: RuleContext): readonly Extract<Instr, { op: 'call' }>[] {
  return instrsOf(f.scope.fn.body).filter((i): i is Extract<Instr, { op: 'call' }> => i.op === 'call' && isOriginal(i.callee, f, context));
}

function isOriginal(callee: Operand, f: StubFunction, context: RuleContext): boolean {
  if (callee.op !== 'name' && callee.op !== 'attr') return false;
  if (ORIGINAL.test(callee.name)) return true;
  if (callee.op !== 'name' || callee.scope !== 'closure') return false;
  const owner = f.scope.module.ir.functions[callee.owner];
  const defs = owner ? (factsOf(f.scope.module, owner).names.get(callee.name) ?? []) : [];
  return defs.some(
    (d) =>
      d.kind === 'value' &&
      d.value.op === 'attr' &&
      (context.engine.values.canonical(d.value, { ...f.scope, fn: owner as Scope['fn'] }) === f.stub.target ||
        f.stub.target?.endsWith(`.${d.value.name}`) === true),
  );
}
