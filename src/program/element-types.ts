/**
 * What types have the elements of a collection that the code fills itself?
 *
 * `threads = [Thread(target=run) for _ in range(3)]`, `threads = [one, two]`, `threads.append(Thread(target=run))`: what all of them are, the
 * variable of a loop over them is. Also where a function of the project returns the collection.
 * Misses: collections filled by other functions (samples/11-processes-threads).
 */
import type { Operand } from '../ir/ir.ts';
import { callsIn, instrsIn } from './module.ts';
import { factsOf, type Scope } from './scope.ts';
import type { Values } from './values.ts';

const MAX_COPIES = 4; // Names for names: longer chains are not written by people.

type Elements = readonly { readonly value: Operand; readonly scope: Scope }[] | undefined;

/** The operands that are put into the collection, each with its scope; undefined where something else may be in it. */
export function elementsOf(collection: Operand, scope: Scope, values: Values, depth = 0): Elements {
  if (depth > MAX_COPIES) return undefined;
  if (collection.op === 'list' || collection.op === 'tuple' || collection.op === 'set') {
    return collection.items.some((i) => i.op === 'star') ? undefined : collection.items.map((value) => ({ value, scope }));
  }
  if (collection.op === 'temp') {
    const def = factsOf(scope.module, scope.fn).temps[collection.id];
    if (def?.kind === 'result' && def.instr.op === 'call') return returnedElements(def.instr.callee, scope, values, depth);
    if (def?.kind !== 'value' || def.value.op === 'dict') return undefined;
    const collected = instrsIn(scope.fn.body).flatMap((i) => (i.op === 'collect' && i.into === collection.id ? [{ value: i.value, scope }] : []));
    return [...(elementsOf(def.value, scope, values, depth + 1) ?? []), ...collected];
  }
  if (collection.op === 'name' && collection.scope !== 'global') {
    const fn = scope.module.ir.functions[collection.owner];
    if (!fn || fn.params.some((p) => p.name === collection.name)) return undefined;
    const at: Scope = { ...scope, fn };
    const defs = factsOf(scope.module, fn).names.get(collection.name) ?? [];
    const all = defs.map((d) => (d.kind === 'value' ? elementsOf(d.value, at, values, depth + 1) : undefined));
    if (all.length === 0 || all.includes(undefined)) return undefined;
    const appended = callsIn(fn.body).flatMap(({ callee, args }) =>
      callee.op === 'attr' && callee.name === 'append' && callee.of.op === 'name' && callee.of.name === collection.name
        ? args.map((a) => ({ value: a.value as Operand, scope: at }))
        : [],
    );
    return [...all.flatMap((e) => e ?? []), ...appended];
  }
  if (collection.op === 'attr' && scope.cls && values.of(collection.of, scope)?.kind === 'instance') {
    const all = values.assignedTo(scope.cls, collection.name).map((a) => elementsOf(a.value, a.scope, values, depth + 1));
    return all.length === 0 || all.includes(undefined) ? undefined : all.flatMap((e) => e ?? []);
  }
  return undefined;
}

/** The elements of what all return statements of the called function give. */
function returnedElements(callee: Operand, scope: Scope, values: Values, depth: number): Elements {
  const value = values.of(callee, scope);
  if (value?.kind !== 'function' && value?.kind !== 'method' && value?.kind !== 'nested') return undefined;
  const inside = values.scopeOf(value);
  if (inside.fn.isGenerator) return undefined;
  const all = instrsIn(inside.fn.body).flatMap((i) => (i.op === 'return' ? [i.value && elementsOf(i.value, inside, values, depth + 1)] : []));
  return all.length === 0 || all.some((e) => !e) ? undefined : all.flatMap((e) => e ?? []);
}
