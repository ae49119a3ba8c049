/**
 * Has what a loop walks at least one element, by the look of it?
 *
 * A display with items, a text, a range of a positive number; what is made of such things (`enumerate`, `sorted`, `.items()`), and a name that is given
 * one once and from which nothing is taken out by that name.
 */
import type { FunctionIndex, Instr, NameRef, Operand, Target } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import { instrsIn, type ModuleUnit } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';

/** Methods of lists, sets and dicts. */
const TAKES_OUT: ReadonlySet<string> = new Set(['clear', 'pop', 'popleft', 'popitem', 'remove', 'discard']);

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
        if (end === undefined) return (second ?? first)?.op !== 'temp';
        return begin !== undefined && end > begin;
      }
      return /^(enumerate|zip|sorted|reversed|list|tuple|set|iter)$/.test(call.callee.name) && first !== undefined && hasElements(first, scope);
    }
    case 'name': {
      // A module's own constant, or a local that is assigned once.
      const value = single(iterable, scope);
      return value !== undefined && hasElements(value, scope) && !isCut(iterable, scope.module);
    }
    default:
      return false;
  }
}

/** By module and variable. */
const cut = new WeakMap<ModuleUnit, Map<string, boolean>>();

/** Some function of the module takes something out of what the variable stands for, or gives it another value: `names.pop()`, `del names[0]`, `names[:] = []`. */
function isCut(name: NameRef, module: ModuleUnit): boolean {
  let known = cut.get(module);
  if (!known) cut.set(module, (known = new Map()));
  const owner = ownerOf(name);
  const key = `${owner} ${name.name}`;
  let answer = known.get(key);
  if (answer === undefined) {
    const isIt = (o: Operand | Target): boolean => o.op === 'name' && o.name === name.name && ownerOf(o) === owner;
    known.set(
      key,
      (answer = module.ir.functions.some((fn) => instrsIn(fn.body).some((i) => cutsBy(i, isIt) || (fn.index !== owner && rebinds(i, isIt))))),
    );
  }
  return answer;
}

const ownerOf = ({ scope, owner }: NameRef): FunctionIndex => (scope === 'global' ? 0 : owner);

function cutsBy(i: Instr, isIt: (o: Operand | Target) => boolean): boolean {
  switch (i.op) {
    case 'call':
      return i.callee.op === 'attr' && TAKES_OUT.has(i.callee.name) && isIt(i.callee.of);
    case 'delete':
      return i.target.op === 'index' && isIt(i.target.of);
    case 'assign':
      return i.target.op === 'index' && i.target.key.op === 'slice' && isIt(i.target.of);
    case 'augment':
      return i.operator !== '+' && isIt(i.target);
    default:
      return false;
  }
}

/** `global names`, then `names = []`: the variable's own function does not know of it. */
const rebinds = (i: Instr, isIt: (o: Operand | Target) => boolean): boolean => i.op === 'assign' && isIt(i.target);

const number = (o: Operand | undefined): number | undefined => (o?.op === 'const' && typeof o.value === 'number' ? o.value : undefined);

function single(name: Extract<Operand, { op: 'name' }>, scope: Scope): Operand | undefined {
  const fn = scope.module.ir.functions[name.scope === 'global' ? 0 : name.owner];
  const defs = fn && factsOf(scope.module, fn).names.get(name.name);
  const [only] = defs ?? [];
  return defs?.length === 1 && only?.kind === 'value' && only.value.op !== 'temp' && only.value.op !== 'name' ? only.value : undefined;
}
