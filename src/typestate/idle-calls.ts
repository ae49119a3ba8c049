/**
 * Which calls bring no resource, whatever they are given?
 *
 * Most calls of a test have a callee that is written as names behind `self` or behind a global name, and what such a chain stands for is the same
 * in all methods of a concrete class, in all functions of a module. So what has once been found to bring nothing is not resolved again. A call is
 * idle where no pattern of an acquisition bears its name and where its callee has no body in the program, or one that is known to bring nothing:
 * facts about names alone, so that answers do not depend on what was asked before.
 */
import type { Operand } from '../ir/ir.ts';
import type { ClassUnit } from '../program/classes.ts';
import type { ModuleUnit } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';

/** What is written behind `self` or as a global name, and what is written behind that. */
export interface Chain {
  isIdle: boolean;
  readonly below: Map<string, Chain>;
}

/** Where the chains of a function begin. */
export interface Roots {
  readonly globals: Chain;
  /** What stands behind the name of the instance or class; undefined outside methods. */
  readonly own: Chain | undefined;
  readonly receiver: string | undefined;
}

export class IdleCalls {
  readonly #globals = new Map<ModuleUnit, Chain>();
  readonly #own = new Map<ClassUnit, Map<ModuleUnit, Chain>>();

  /** The chains of the scope's function; the module says which patterns are on, and what its names mean. */
  roots({ module, fn, cls }: Scope): Roots {
    const globals = chainAt(this.#globals, module);
    const receiver = cls && factsOf(module, fn).receiver?.name;
    if (cls === undefined || receiver === undefined) return { globals, own: undefined, receiver: undefined };
    let byModule = this.#own.get(cls);
    if (!byModule) this.#own.set(cls, (byModule = new Map()));
    return { globals, own: chainAt(byModule, module), receiver };
  }
}

/** The chain that the operand is; undefined where it begins with anything else. */
export function chainOf(operand: Operand, roots: Roots): Chain | undefined {
  if (operand.op === 'attr') {
    const before = chainOf(operand.of, roots);
    return before && chainAt(before.below, operand.name);
  }
  if (operand.op !== 'name') return undefined;
  if (operand.scope === 'global') return chainAt(roots.globals.below, operand.name);
  return operand.scope === 'local' && operand.name === roots.receiver ? roots.own : undefined;
}

function chainAt<K>(chains: Map<K, Chain>, key: K): Chain {
  let chain = chains.get(key);
  if (!chain) chains.set(key, (chain = { isIdle: false, below: new Map() }));
  return chain;
}
