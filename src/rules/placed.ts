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
}

type Of<O extends Instr['op']> = Extract<Instr, { op: O }>;

/** Calls with the same kind of callee (an attribute, a global name, another name, computed) and the same last name, by their order. */
interface Calls {
  readonly first: CallInstr;
  readonly orders: number[];
}

interface Index {
  /** All calls and asserts, in source order; where they stand beside them. */
  readonly all: readonly (CallInstr | Of<'assert'>)[];
  readonly scopes: readonly Scope[];
  /** Those of `all` that somebody has asked for. */
  readonly placed: (Placed<CallInstr | Of<'assert'>> | undefined)[];
  readonly calls: readonly Calls[];
  /** Orders of the assert statements. */
  readonly asserts: readonly number[];
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
  const attrs = new Map<string, Calls>();
  const globals = new Map<string, Calls>();
  const locals = new Map<string, Calls>();
  const all: (CallInstr | Of<'assert'>)[] = [];
  const scopes: Scope[] = [];
  const calls: Calls[] = [];
  let computed: Calls | undefined;
  const asserts: number[] = [];
  const evaluate: Placed<Of<'evaluate'>>[] = [];
  const assign: Placed<Of<'assign'>>[] = [];
  for (const scope of everyScope(context)) {
    for (const instr of instrsIn(scope.fn.body)) {
      switch (instr.op) {
        case 'call': {
          const { callee } = instr;
          const isNamed = callee.op === 'attr' || callee.op === 'name';
          const byName = callee.op === 'attr' ? attrs : callee.op === 'name' && callee.scope === 'global' ? globals : locals;
          let same = isNamed ? byName.get(callee.name) : computed;
          if (!same) {
            calls.push((same = { first: instr, orders: [] }));
            if (isNamed) byName.set(callee.name, same);
            else computed = same;
          }
          same.orders.push(all.length);
          all.push(instr);
          scopes.push(scope);
          break;
        }
        case 'assert':
          asserts.push(all.length);
          all.push(instr);
          scopes.push(scope);
          break;
        case 'evaluate':
          if (instr.value.op !== 'const' && instr.value.op !== 'temp') evaluate.push({ instr, scope });
          break;
        case 'assign':
          if (instr.target.op === 'attr' || instr.target.op === 'index') assign.push({ instr, scope });
          break;
        default:
      }
    }
  }
  return { all, scopes, placed: new Array(all.length).fill(undefined), calls, asserts, evaluate, assign };
}

/**
 * The calls of the module that `mayBe` takes. It is asked about one call of each name and must go by nothing but the module and the kind and last
 * name of the callee.
 */
export function callsThat(context: RuleContext, mayBe: (call: CallInstr) => boolean): readonly Placed<CallInstr>[] {
  const index = indexOf(context);
  return together(ordersThat(index, mayBe), index) as readonly Placed<CallInstr>[];
}

/** The assert statements of the module and the calls that `mayBe` takes (see `callsThat`). */
export function assertsAndCalls(context: RuleContext, mayBe: (call: CallInstr) => boolean): readonly Placed<CallInstr | Of<'assert'>>[] {
  const index = indexOf(context);
  const lists = ordersThat(index, mayBe);
  if (index.asserts.length > 0) lists.push(index.asserts);
  return together(lists, index);
}

function ordersThat({ calls }: Index, mayBe: (call: CallInstr) => boolean): (readonly number[])[] {
  const found: (readonly number[])[] = [];
  for (const same of calls) if (mayBe(same.first)) found.push(same.orders);
  return found;
}

/** For `together`, which is asked thousands of times: a typed array sorts numbers without calling anybody. */
let sorted = new Int32Array(1024);

/** What has these orders, in source order. */
function together(lists: readonly (readonly number[])[], index: Index): readonly Placed<CallInstr | Of<'assert'>>[] {
  const { all, scopes, placed } = index;
  if (sorted.length < all.length) sorted = new Int32Array(2 * all.length);
  let n = 0;
  for (const orders of lists) for (const order of orders) sorted[n++] = order;
  if (lists.length > 1) sorted.subarray(0, n).sort();
  const out: Placed<CallInstr | Of<'assert'>>[] = [];
  for (let i = 0; i < n; i++) {
    const order = sorted[i] as number;
    out.push((placed[order] ??= { instr: all[order] as CallInstr | Of<'assert'>, scope: scopes[order] as Scope }));
  }
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
