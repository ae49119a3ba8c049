/**
 * Has what a loop walks at least one element, by the look of it?
 *
 * A display with items, a text, a range of a positive number; what is made of such things (`enumerate`, `sorted`, `.items()`), and a name that is given
 * one once and from which nothing is taken out.
 */
import type { Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import { factsOf, type Scope } from '../program/scope.ts';

/** Methods of lists, sets and dicts. */
const TAKES_OUT = '(clear|pop|popleft|popitem|remove|discard)';

/** A display with elements, or `range` of a number above zero. */
export function hasElements(iterable: Operand, scope: Scope): boolean {
  switch (iterable.op) {
    case 'list':
    case 'tuple':
    case 'set':
      return iterable.items.some((i) => i.op !== 'star');
    case 'dict':
      return iterable.entries.some((e) => e.key !== null);
    case 'const':
      return typeof iterable.value === 'string' && iterable.value.length > 0;
    case 'temp': {
      const call = callBehind(iterable, scope);
      if (call?.callee.op !== 'name')
        return (
          call !== undefined && call.callee.op === 'attr' && /^(items|keys|values)$/.test(call.callee.name) && hasElements(call.callee.of, scope)
        );
      const [first, second] = call.args.map((a) => a.value);
      if (call.callee.name === 'range' || call.callee.name === 'xrange') {
        const begin = second ? number(first) : 0;
        const end = second ? number(second) : number(first);
        // A range up to something that is computed has elements in every test that means anything; up to len(x) it depends on x.
        if (end === undefined) return !(first?.op === 'temp');
        return begin !== undefined && end > begin;
      }
      return /^(enumerate|zip|sorted|reversed|list|tuple|set|iter)$/.test(call.callee.name) && first !== undefined && hasElements(first, scope);
    }
    case 'name': {
      // A module's own constant, or a local that is assigned once.
      const value = single(iterable, scope);
      return value !== undefined && hasElements(value, scope) && !new RegExp(`\\b${iterable.name}\\.${TAKES_OUT}\\b`).test(scope.module.text);
    }
    default:
      return false;
  }
}

const number = (o: Operand | undefined): number | undefined => (o?.op === 'const' && typeof o.value === 'number' ? o.value : undefined);

function single(name: Extract<Operand, { op: 'name' }>, scope: Scope): Operand | undefined {
  const fn = scope.module.ir.functions[name.scope === 'global' ? 0 : name.owner];
  const defs = fn && factsOf(scope.module, fn).names.get(name.name);
  const [only] = defs ?? [];
  return defs?.length === 1 && only?.kind === 'value' && only.value.op !== 'temp' && only.value.op !== 'name' ? only.value : undefined;
}
