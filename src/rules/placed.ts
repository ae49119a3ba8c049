/**
 * Where in a module are the instructions that rules ask for, so that each rule does not walk all of them again?
 *
 * Calls are kept by written name: a module makes thousands of calls of a few hundred names, and most rules care for a handful, so they ask
 * once a name instead of once a call, and once in all about the names of methods, which modules have in common. Of other instructions those
 * are kept that several rules look for. Class and module bodies are included.
 * Invariant: answers are in source order, function by function, as if everything had been walked.
 */
import type { Patterns } from '../config/call-view.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import { instrsIn, type ModuleUnit } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import type { CallInstr } from '../typestate/calls.ts';
import type { RuleContext } from './define.ts';
import { everyScope, patternsOf } from './scopes.ts';

export interface Placed<I extends Instr> {
  readonly instr: I;
  readonly scope: Scope;
}

type Of<O extends Instr['op']> = Extract<Instr, { op: O }>;

/** May a call of this callee be one that the asker looks for? Goes by nothing but the kind and last name of the callee, its module and the patterns. */
type MayBe = (callee: Operand, module: ModuleUnit, patterns: Patterns) => boolean;

/** Where the answers to a question stand in `Answers`. */
export interface CallQuestion {
  readonly bit: number;
  readonly mayBe: MayBe;
}

let questions = 0;

/** Makes the question, once for all modules. Of an attribute's callee it must go by the name and the patterns alone. */
export function callQuestion(mayBe: MayBe): CallQuestion {
  if (questions > 30) throw new Error('more questions than bits');
  return { bit: 1 << questions++, mayBe };
}

/** What has been asked about a name, and of that, what was answered with yes. */
interface Answers {
  asked: number;
  yes: number;
}

/** Names remembered for one set of patterns; a code base of 4,000,000 lines has fewer distinct callee names than this. */
const MEMO_LIMIT = 200_000;
const namesOf = new WeakMap<Patterns, Map<string, Answers>>();

/** Calls with the same kind of callee (an attribute, a global name, another name, computed) and the same last name, by their order. */
interface Calls {
  readonly callee: Operand;
  /** For attributes those that all modules with the same patterns share. */
  readonly answers: Answers;
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

/** What is known of methods by their names, where these patterns are on. */
function answersFor(patterns: Patterns): Map<string, Answers> {
  let names = namesOf.get(patterns);
  if (!names) namesOf.set(patterns, (names = new Map()));
  else if (names.size > MEMO_LIMIT) names.clear();
  return names;
}

function answersTo(name: string, names: Map<string, Answers>): Answers {
  let answers = names.get(name);
  if (!answers) names.set(name, (answers = { asked: 0, yes: 0 }));
  return answers;
}

function makeIndex(context: RuleContext): Index {
  const shared = answersFor(patternsOf(context));
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
            calls.push((same = { callee, answers: callee.op === 'attr' ? answersTo(callee.name, shared) : { asked: 0, yes: 0 }, orders: [] }));
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

/** The calls of the module whose callee the question takes. */
export function callsThat(context: RuleContext, question: CallQuestion): readonly Placed<CallInstr>[] {
  const index = indexOf(context);
  return together(ordersThat(index, question, context), index) as readonly Placed<CallInstr>[];
}

/** The assert statements of the module and the calls whose callee the question takes. */
export function assertsAndCalls(context: RuleContext, question: CallQuestion): readonly Placed<CallInstr | Of<'assert'>>[] {
  const index = indexOf(context);
  const lists = ordersThat(index, question, context);
  if (index.asserts.length > 0) lists.push(index.asserts);
  return together(lists, index);
}

function ordersThat({ calls }: Index, { bit, mayBe }: CallQuestion, context: RuleContext): (readonly number[])[] {
  const found: (readonly number[])[] = [];
  const patterns = patternsOf(context);
  const { length } = calls;
  for (let i = 0; i < length; i++) {
    const { answers, callee, orders } = calls[i] as Calls;
    if ((answers.asked & bit) === 0) {
      answers.asked |= bit;
      if (mayBe(callee, context.module, patterns)) answers.yes |= bit;
    }
    if ((answers.yes & bit) !== 0) found.push(orders);
  }
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
