/**
 * What is known of a function's parameters at a call, and which of its tests that decides?
 *
 * `make(certificate=None)` never comes to `if certificate is not None: raise`. Known are the literals that the call gives, the defaults of what it
 * leaves out, what the caller knows of its own parameters, and that an object is not None; also where the function keeps the parameter on its
 * receiver and tests that. Only of parameters that keep their value, or that get another one in the arm for callers who left them out:
 * `if clock is None: clock = reactor`.
 */
import type { Argument, Instr, Operand, Param } from '../ir/ir.ts';
import { outcomeOf } from '../ir/three-valued.ts';
import { callBehind, constantOf, typesOf } from '../program/call-site.ts';
import { callsIn, forEachInstr } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { isAmong } from './branch.ts';
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
  callers: Constants = NOTHING_KNOWN,
): Constants {
  // What `**options` has, the call would otherwise say itself: a parameter that is named nowhere keeps its default.
  // Misses: a release that a switch among the options turns off (samples/09-helpers).
  if (args.some((a) => a.kind === 'star')) return NOTHING_KNOWN;
  const facts = factsOf(target.module, target.fn);
  // Where a method is called through its class, what its parameters get is shifted by one.
  if (callee.kind === 'method' && (!facts.receiver || !callee.isBound)) return NOTHING_KNOWN;
  const params = target.fn.params.slice(facts.receiver ? 1 : 0);
  const positional = args.filter((a) => a.kind === 'positional');
  const tested = testedParameters(target, engine);
  const out = new Map<string, Constant>();
  params.forEach((p, at) => {
    if (p.kind === 'star' || p.kind === 'double-star') return;
    const given = args.find((a) => a.kind === 'keyword' && a.name === p.name) ?? (p.kind === 'keyword-only' ? undefined : positional[at]);
    const value = given ? argumentValue(given.value, p, from, engine, callers) : p.default?.op === 'const' ? p.default.value : undefined;
    if (value === undefined) return;
    if (facts.names.get(p.name)?.length !== 1) {
      if (tested.has(p.name) && keepsItsValue(target, p.name, value)) out.set(p.name, value);
      return;
    }
    if (tested.has(p.name) || handedOn(target).has(p.name)) out.set(p.name, value);
    // `self.options = options` and then `if self.options is not None: raise`.
    for (const place of storedIn(target, p.name)) out.set(place, value);
  });
  return out;
}

/** Every statement that gives the parameter another value stands in an arm that is not taken with this one. */
function keepsItsValue({ module, fn }: Scope, name: string, value: Constant): boolean {
  const known: Constants = new Map([[name, value]]);
  const untaken = new Set<Instr>();
  for (const s of fn.body.op === 'seq' ? fn.body.items : [fn.body]) {
    const outcome = s.op === 'if' ? decided(s.test, known) : undefined;
    const arm = s.op !== 'if' || outcome === undefined ? null : outcome ? s.otherwise : s.then;
    if (arm) forEachInstr(arm, (i) => untaken.add(i));
  }
  return (factsOf(module, fn).names.get(name) ?? []).every((d) => d.instr === null || untaken.has(d.instr));
}

const handedCache = new WeakMap<Scope['fn'], ReadonlySet<string>>();

/** The local names that the function hands to what it calls, as they are: whoever gets one may test it. */
function handedOn({ fn }: Scope): ReadonlySet<string> {
  let known = handedCache.get(fn);
  if (!known) {
    const found = callsIn(fn.body).flatMap((c) => c.args.flatMap((a) => (a.value.op === 'name' && a.value.scope === 'local' ? [a.value.name] : [])));
    handedCache.set(fn, (known = new Set(found)));
  }
  return known;
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

function argumentValue(operand: Operand, param: Param, from: Scope, engine: Engine, callers: Constants): Constant | undefined {
  const constant = constantOf(operand, from) ?? (operand.op === 'const' ? null : knownOf(operand, callers));
  if (constant !== undefined) return constant;
  // An object of a class of the project, or of a type that the configuration knows, is not None.
  const isObject = engine.values.of(operand, from)?.kind === 'instance' || typesOf(operand, from, engine.values, engine.patternsFor(from)).length > 0;
  return isObject || (param.default?.op === 'const' && param.default.kind === 'none' && isSomething(operand, from)) ? SOMETHING : undefined;
}

/**
 * Whoever gives what may be left out gives something: `Calculator(self.resolver)`. Not what a call answered, nor a name that may be None here, too.
 * Misses: an attribute that is None after all (samples/09-helpers).
 */
function isSomething(operand: Operand, from: Scope): boolean {
  switch (operand.op) {
    case 'list':
    case 'tuple':
    case 'dict':
    case 'set':
    case 'format':
    case 'function':
    case 'attr':
      return true;
    case 'name': {
      if (operand.scope === 'global') return true;
      if (operand.scope !== 'local') return false;
      const isOptional = from.fn.params.some((p) => p.name === operand.name && p.default !== null);
      const defs = factsOf(from.module, from.fn).names.get(operand.name) ?? [];
      return (
        !isOptional && defs.every((d) => d.kind !== 'value' || (d.value.op !== 'const' && (d.value.op !== 'temp' || isMadeByClass(d.value, from))))
      );
    }
    case 'temp':
      return isMadeByClass(operand, from);
    default:
      return false;
  }
}

/** `task.Clock()`: what is called is a class, by its name. */
function isMadeByClass(operand: Operand, from: Scope): boolean {
  const callee = callBehind(operand, from)?.callee;
  return (callee?.op === 'name' || callee?.op === 'attr') && /^_*[A-Z]/.test(callee.name);
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
  if (value === undefined || test.rest.length !== 1 || only === undefined) return undefined;
  if (only.operator === 'in' || only.operator === 'not in') {
    const among = typeof value === 'object' && value !== null ? undefined : isAmong(value, only.value);
    return among === undefined ? undefined : among === (only.operator === 'in');
  }
  if (only.value.op !== 'const') return undefined;
  if (value === SOMETHING && only.value.kind !== 'none') return undefined;
  if (only.operator === 'is' || only.operator === '==') return value === only.value.value;
  return only.operator === 'is not' || only.operator === '!=' ? value !== only.value.value : undefined;
}
