/**
 * What is known of a function's parameters at a call, and which of its tests that decides?
 *
 * `make(certificate=None)` never comes to `if certificate is not None: raise`. Known are the literals that the call gives, the defaults of what it
 * leaves out, and that an object is not None; also where the function keeps the parameter on its receiver and tests that. Only of parameters
 * that keep their value.
 */
import type { Argument, Instr, Operand } from '../ir/ir.ts';
import { outcomeOf } from '../ir/three-valued.ts';
import { constantOf, typesOf } from '../program/call-site.ts';
import { forEachInstr } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { testedParameters } from './callee.ts';
import type { CallInfo } from './calls.ts';
import type { Engine } from './engine.ts';

/** What is known of an argument: a literal, or only that it is not None. */
type Constant = string | number | boolean | null | typeof SOMETHING;
const SOMETHING = { something: true } as const;
/** By the name of a parameter, or of an attribute of the receiver as written that holds one. */
export type Constants = ReadonlyMap<string, Constant>;
export const NOTHING_KNOWN: Constants = new Map();

/** The literals that parameters have at this call, by name: given ones, and defaults. Only of parameters that keep their value. */
export function givenConstants(
  callee: NonNullable<CallInfo['callee']>,
  args: readonly Argument[],
  target: Scope,
  from: Scope,
  engine: Engine,
): Constants {
  // What `**options` has, the call would otherwise say itself: a parameter that is named nowhere keeps its default.
  // Misses: a release that a switch among the options turns off (samples/09-helpers).
  if (args.some((a) => a.kind === 'star')) return NOTHING_KNOWN;
  const facts = factsOf(target.module, target.fn);
  // Where a method is called through its class, what its parameters get is shifted by one.
  if (callee.kind === 'method' && (!facts.receiver || callee.receiver.op === 'unknown' || engine.values.of(callee.receiver, from)?.kind === 'class'))
    return NOTHING_KNOWN;
  const params = target.fn.params.slice(facts.receiver ? 1 : 0);
  const positional = args.filter((a) => a.kind === 'positional');
  const tested = testedParameters(target, engine);
  const out = new Map<string, Constant>();
  params.forEach((p, at) => {
    if (p.kind === 'star' || p.kind === 'double-star' || facts.names.get(p.name)?.length !== 1) return;
    const given = args.find((a) => a.kind === 'keyword' && a.name === p.name) ?? (p.kind === 'keyword-only' ? undefined : positional[at]);
    const value = given ? argumentValue(given.value, from, engine) : p.default?.op === 'const' ? p.default.value : undefined;
    if (value === undefined) return;
    if (tested.has(p.name)) out.set(p.name, value);
    // `self.options = options` and then `if self.options is not None: raise`.
    for (const place of storedIn(target, p.name)) out.set(place, value);
  });
  return out;
}

const storedCache = new WeakMap<Scope['fn'], ReadonlyMap<string, readonly string[]>>();

/** The attributes of the receiver, as written, that hold the parameter's value: assigned once in the function, and not on some paths only. */
function storedIn({ module, fn }: Scope, parameter: string): readonly string[] {
  let known = storedCache.get(fn);
  if (!known) {
    const receiver = factsOf(module, fn).receiver?.name;
    const assigned = new Map<string, number>();
    forEachInstr(fn.body, (i) => {
      const name = storedAttribute(i, receiver);
      if (name !== undefined) assigned.set(name, (assigned.get(name) ?? 0) + 1);
    });
    const found = new Map<string, string[]>();
    for (const s of fn.body.op === 'seq' ? fn.body.items : [fn.body]) {
      for (const i of s.op === 'run' ? s.instrs : []) {
        const name = storedAttribute(i, receiver);
        if (name === undefined || assigned.get(name) !== 1 || i.op !== 'assign' || i.value.op !== 'name' || i.value.scope !== 'local') continue;
        found.set(i.value.name, [...(found.get(i.value.name) ?? []), `${receiver}.${name}`]);
      }
    }
    storedCache.set(fn, (known = found));
  }
  return known.get(parameter) ?? [];
}

/** The name of the attribute that `self.name = …` or `self.name += …` gives a value. */
function storedAttribute(i: Instr, receiver: string | undefined): string | undefined {
  const target = i.op === 'assign' || i.op === 'augment' ? i.target : undefined;
  return target?.op === 'attr' && target.of.op === 'name' && target.of.name === receiver ? target.name : undefined;
}

function argumentValue(operand: Operand, from: Scope, engine: Engine): Constant | undefined {
  const constant = constantOf(operand, from);
  if (constant !== undefined) return constant;
  // An object of a class of the project, or of a type that the configuration knows, is not None.
  const isObject = engine.values.of(operand, from)?.kind === 'instance' || typesOf(operand, from, engine.values, engine.patternsFor(from)).length > 0;
  return isObject ? SOMETHING : undefined;
}

/** What is known of a parameter, or of an attribute of the receiver that holds one. */
function knownOf(operand: Operand, constants: Constants): Constant | undefined {
  if (operand.op === 'name') return operand.scope === 'local' ? constants.get(operand.name) : undefined;
  return operand.op === 'attr' && operand.of.op === 'name' && operand.of.scope === 'local'
    ? constants.get(`${operand.of.name}.${operand.name}`)
    : undefined;
}

/** The outcome of a test of parameters whose values are known; undefined where it depends on more. */
export function decided(test: Operand, constants: Constants): boolean | undefined {
  return constants.size === 0 ? undefined : outcomeOf(test, (part) => known(part, constants));
}

function known(test: Operand, constants: Constants): boolean | undefined {
  if (test.op === 'name' || test.op === 'attr') {
    const value = knownOf(test, constants);
    return value === undefined || value === SOMETHING ? undefined : value !== null && value !== false && value !== 0 && value !== '';
  }
  if (test.op !== 'compare') return undefined;
  const [only] = test.rest;
  const value = knownOf(test.left, constants);
  if (value === undefined || test.rest.length !== 1 || only?.value.op !== 'const') return undefined;
  if (value === SOMETHING && only.value.kind !== 'none') return undefined;
  if (only.operator === 'is' || only.operator === '==') return value === only.value.value;
  return only.operator === 'is not' || only.operator === '!=' ? value !== only.value.value : undefined;
}
