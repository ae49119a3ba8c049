/**
 * Where in a module are the instructions that rules ask for, so that each rule does not walk all of them again?
 *
 * Calls are kept by written name: a module makes thousands of calls of a few hundred names, and most rules care for a handful, so they ask
 * once a name instead of once a call. Of other instructions those are kept that several rules look for. Class and module bodies are included.
 * Invariant: answers are in source order, function by function, as if everything had been walked.
 */
import type { Instr } from '../ir/ir.ts';
import { instrsIn, type ModuleUnit } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import type { CallInstr } from '../typestate/calls.ts';
import type { RuleContext } from './define.ts';
import { everyScope } from './scopes.ts';

export interface Placed<I extends Instr> {
  readonly instr: I;
  readonly scope: Scope;
  /** Its place among the module's calls and asserts, or among those of its own kind. */
  readonly order: number;
}

type Of<O extends Instr['op']> = Extract<Instr, { op: O }>;

interface Index {
  /** All calls and asserts, in source order. */
  readonly all: readonly Placed<CallInstr | Of<'assert'>>[];
  /** Lists of calls with the same kind of callee (an attribute, a global name, another name, computed) and the same last name. */
  readonly calls: readonly (readonly Placed<CallInstr>[])[];
  readonly assert: readonly Placed<Of<'assert'>>[];
  /** Expressions that stand as statements of their own; docstrings and mere calls left out. */
  readonly evaluate: readonly Placed<Of<'evaluate'>>[];
  /** Assignments to attributes and items. */
  readonly assign: readonly Placed<Of<'assign'>>[];
}

const cache = new WeakMap<ModuleUnit, Index>();

function indexOf(context: RuleContext): Index {
  let index = cache.get(context.module);
  if (!index) cache.set(context.module, (index = makeIndex(context)));
  return index;
}

function makeIndex(context: RuleContext): Index {
  const attrs = new Map<string, Placed<CallInstr>[]>();
  const globals = new Map<string, Placed<CallInstr>[]>();
  const locals = new Map<string, Placed<CallInstr>[]>();
  const all: Placed<CallInstr | Of<'assert'>>[] = [];
  const calls: Placed<CallInstr>[][] = [];
  const computed: Placed<CallInstr>[] = [];
  const assert: Placed<Of<'assert'>>[] = [];
  const evaluate: Placed<Of<'evaluate'>>[] = [];
  const assign: Placed<Of<'assign'>>[] = [];
  for (const scope of everyScope(context)) {
    for (const instr of instrsIn(scope.fn.body)) {
      switch (instr.op) {
        case 'call': {
          const { callee } = instr;
          const call = { instr, scope, order: all.length };
          all.push(call);
          if (callee.op !== 'attr' && callee.op !== 'name') {
            computed.push(call);
            break;
          }
          const byName = callee.op === 'attr' ? attrs : callee.scope === 'global' ? globals : locals;
          const list = byName.get(callee.name);
          if (list) list.push(call);
          else {
            const begun = [call];
            byName.set(callee.name, begun);
            calls.push(begun);
          }
          break;
        }
        case 'assert': {
          const placed = { instr, scope, order: all.length };
          all.push(placed);
          assert.push(placed);
          break;
        }
        case 'evaluate':
          if (instr.value.op !== 'const' && instr.value.op !== 'temp') evaluate.push({ instr, scope, order: evaluate.length });
          break;
        case 'assign':
          if (instr.target.op === 'attr' || instr.target.op === 'index') assign.push({ instr, scope, order: assign.length });
          break;
        default:
      }
    }
  }
  if (computed.length > 0) calls.push(computed);
  return { all, calls, assert, evaluate, assign };
}

/**
 * The calls of the module that `mayBe` takes. It is asked about one call of each name and must go by nothing but the module and the kind and last
 * name of the callee.
 */
export function callsThat(context: RuleContext, mayBe: (call: CallInstr) => boolean): readonly Placed<CallInstr>[] {
  const index = indexOf(context);
  return together(listsThat(index, mayBe), index) as readonly Placed<CallInstr>[];
}

/** The assert statements of the module and the calls that `mayBe` takes (see `callsThat`). */
export function assertsAndCalls(context: RuleContext, mayBe: (call: CallInstr) => boolean): readonly Placed<CallInstr | Of<'assert'>>[] {
  const index = indexOf(context);
  const lists: (readonly Placed<CallInstr | Of<'assert'>>[])[] = listsThat(index, mayBe);
  if (index.assert.length > 0) lists.push(index.assert);
  return together(lists, index);
}

function listsThat({ calls }: Index, mayBe: (call: CallInstr) => boolean): (readonly Placed<CallInstr>[])[] {
  const found: (readonly Placed<CallInstr>[])[] = [];
  for (const list of calls) if (mayBe((list[0] as Placed<CallInstr>).instr)) found.push(list);
  return found;
}

const NONE: readonly Placed<CallInstr>[] = [];

/** For `together`, which is asked thousands of times: a typed array sorts numbers without calling anybody. */
let orders = new Int32Array(1024);

/** The lists as one, in source order. */
function together(lists: readonly (readonly Placed<CallInstr | Of<'assert'>>[])[], { all }: Index): readonly Placed<CallInstr | Of<'assert'>>[] {
  if (lists.length < 2) return lists[0] ?? NONE;
  if (orders.length < all.length) orders = new Int32Array(2 * all.length);
  let n = 0;
  for (const list of lists) for (const placed of list) orders[n++] = placed.order;
  orders.subarray(0, n).sort();
  const out: Placed<CallInstr | Of<'assert'>>[] = [];
  for (let i = 0; i < n; i++) out.push(all[orders[i] as number] as Placed<CallInstr | Of<'assert'>>);
  return out;
}

/** What is placed, by the function that it stands in. */
export function byScope<P extends { readonly scope: Scope }>(placed: readonly P[]): ReadonlyMap<Scope, readonly P[]> {
  const out = new Map<Scope, P[]>();
  for (const one of placed) {
    const list = out.get(one.scope);
    if (list) list.push(one);
    else out.set(one.scope, [one]);
  }
  return out;
}

/** Expressions that stand as statements of their own, their values thrown away: attributes, comparisons and the like, no mere calls. */
export function evaluated(context: RuleContext): Index['evaluate'] {
  return indexOf(context).evaluate;
}

/** Assignments to attributes and items. */
export function placedAssignments(context: RuleContext): Index['assign'] {
  return indexOf(context).assign;
}
