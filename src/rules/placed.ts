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
  /** Its place among all instructions of the module. */
  readonly order: number;
}

type Of<O extends Instr['op']> = Extract<Instr, { op: O }>;

interface Index {
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
  const calls = {
    attr: new Map<string, Placed<CallInstr>[]>(),
    global: new Map<string, Placed<CallInstr>[]>(),
    local: new Map<string, Placed<CallInstr>[]>(),
  };
  const computed: Placed<CallInstr>[] = [];
  const assert: Placed<Of<'assert'>>[] = [];
  const evaluate: Placed<Of<'evaluate'>>[] = [];
  const assign: Placed<Of<'assign'>>[] = [];
  const putCall = (call: Placed<CallInstr>): void => {
    const { callee } = call.instr;
    if (callee.op !== 'attr' && callee.op !== 'name') {
      computed.push(call);
      return;
    }
    const byName = calls[callee.op === 'attr' ? 'attr' : callee.scope === 'global' ? 'global' : 'local'];
    const list = byName.get(callee.name);
    if (list) list.push(call);
    else byName.set(callee.name, [call]);
  };
  let order = 0;
  for (const scope of everyScope(context)) {
    for (const instr of instrsIn(scope.fn.body)) {
      order++;
      if (instr.op === 'call') putCall({ instr, scope, order });
      else if (instr.op === 'assert') assert.push({ instr, scope, order });
      else if (instr.op === 'evaluate') {
        if (instr.value.op !== 'const' && instr.value.op !== 'temp') evaluate.push({ instr, scope, order });
      } else if (instr.op === 'assign' && (instr.target.op === 'attr' || instr.target.op === 'index')) assign.push({ instr, scope, order });
    }
  }
  return { calls: [...calls.attr.values(), ...calls.global.values(), ...calls.local.values(), computed], assert, evaluate, assign };
}

/**
 * The calls of the module that `mayBe` takes. It is asked about one call of each name and must go by nothing but the module and the kind and last
 * name of the callee.
 */
export function callsThat(context: RuleContext, mayBe: (call: CallInstr) => boolean): readonly Placed<CallInstr>[] {
  const found = indexOf(context).calls.filter(([first]) => first && mayBe(first.instr));
  return found.length > 1 ? found.flat().sort((a, b) => a.order - b.order) : (found[0] ?? []);
}

/** The assert statements of the module and the calls that `mayBe` takes (see `callsThat`). */
export function assertsAndCalls(context: RuleContext, mayBe: (call: CallInstr) => boolean): readonly Placed<CallInstr | Of<'assert'>>[] {
  const { assert } = indexOf(context);
  const calls = callsThat(context, mayBe);
  return assert.length === 0 ? calls : [...calls, ...assert].sort((a, b) => a.order - b.order);
}

/** Expressions that stand as statements of their own, their values thrown away: attributes, comparisons and the like, no mere calls. */
export function evaluated(context: RuleContext): Index['evaluate'] {
  return indexOf(context).evaluate;
}

/** Assignments to attributes and items. */
export function placedAssignments(context: RuleContext): Index['assign'] {
  return indexOf(context).assign;
}
