/**
 * Who in the same module calls a helper: its tests, by the helper's name?
 *
 * `self.make_bucket()` and `make_bucket()` of methods and functions that stand in the module. Leaves out: callers in other modules, and helpers that are
 * handed over without a call.
 */
import type { IrFunction, Operand } from '../ir/ir.ts';
import { callsIn, type ModuleUnit } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Values } from '../program/values.ts';

/** The functions that call the helper; where that is a method, methods of its class, of bases and of subclasses. */
export function callersNearby({ module, fn, cls }: Scope, values: Values): readonly Scope[] {
  const isMethod = fn.parent !== null && module.ir.functions[fn.parent]?.kind === 'class';
  const isIt = (callee: Operand, receiver: string | undefined): boolean =>
    isMethod
      ? callee.op === 'attr' && callee.name === fn.name && callee.of.op === 'name' && callee.of.name === receiver
      : callee.op === 'name' && callee.name === fn.name;
  return callersNamed(fn.name, module).flatMap((f): Scope[] => {
    if (f === fn) return [];
    const receiver = factsOf(module, f).receiver?.name;
    if (!callsIn(f.body).some((c) => isIt(c.callee, receiver))) return [];
    const parent = f.parent === null ? undefined : module.ir.functions[f.parent];
    const own = parent?.kind === 'class' ? values.classes.get(module, parent.index) : undefined;
    const isKin = own?.mro.some((c) => c.body === cls?.body) || cls?.mro.some((c) => c.body === own?.body);
    return isMethod && !isKin ? [] : [{ module, fn: f, cls: own, definedIn: own }];
  });
}

/** By module and name: the functions that call something of that name, in their order. */
const byName = new WeakMap<ModuleUnit, ReadonlyMap<string, readonly IrFunction[]>>();
const NONE: readonly IrFunction[] = [];

function callersNamed(name: string, module: ModuleUnit): readonly IrFunction[] {
  let known = byName.get(module);
  if (!known) {
    const found = new Map<string, IrFunction[]>();
    for (const f of module.ir.functions) {
      if (f.kind !== 'function') continue;
      for (const { callee } of callsIn(f.body)) {
        if (callee.op !== 'attr' && callee.op !== 'name') continue;
        const list = found.get(callee.name);
        if (!list) found.set(callee.name, [f]);
        else if (list[list.length - 1] !== f) list.push(f);
      }
    }
    byName.set(module, (known = found));
  }
  return known.get(name) ?? NONE;
}
