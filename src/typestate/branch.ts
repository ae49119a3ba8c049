/**
 * Which way does a test go on this path, and what does going that way tell?
 *
 * A held resource is truthy and not None; flags have the constants assigned to them; a test seen before on this path has the outcome it
 * had. Only tests that can matter again are remembered (`rememberedTests`), so that unrelated branches do not multiply states.
 * Overreports: a test of an attribute that a call changes in between (samples/02-branches).
 */

import type { Cfg } from '../cfg/cfg.ts';
import type { ResourceKind } from '../config/model.ts';
import type { Operand } from '../ir/ir.ts';
import { outcomeOf } from '../ir/three-valued.ts';
import { callBehind } from '../program/call-site.ts';
import type { ClassUnit } from '../program/classes.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Values } from '../program/values.ts';
import type { CallInstr } from './calls.ts';
import { isSettledAttribute, keyOfInstance } from './instance-constants.ts';
import { textKnown } from './named-attributes.ts';
import { below, type Path, pathOf } from './path.ts';
import { namesFolder, relationOf } from './relation.ts';
import { BEGAN, type State, withFact } from './state.ts';

/** A stable text for a test whose outcome can be remembered; undefined where it has parts that are no plain places or constants. */
export function testKey(test: Operand, scope: Scope, values: Values): string | undefined {
  switch (test.op) {
    case 'name':
    case 'attr':
    case 'index':
      return pathOf(test, scope, values);
    case 'const':
      return JSON.stringify(test.value);
    case 'compare': {
      const left = testKey(test.left, scope, values);
      const rest = test.rest.map((r) => ({ operator: r.operator, key: testKey(r.value, scope, values) }));
      return left === undefined || rest.some((r) => r.key === undefined)
        ? undefined
        : `${left}${rest.map((r) => ` ${r.operator} ${r.key}`).join('')}`;
    }
    case 'temp': {
      // `hasattr(os, 'fork')`, `sys.platform.startswith('win')`: questions to what does not change while tests run.
      const call = callBehind(test, scope);
      const of = call?.callee.op === 'attr' && call.callee.name === 'startswith' ? call.callee.of : undefined;
      if (!call || !(of || (call.callee.op === 'name' && call.callee.name === 'hasattr'))) return undefined;
      const parts = [...(of ? [of] : []), ...call.args.map((a) => a.value)].map((o) => testKey(o, scope, values));
      return parts.includes(undefined) || parts.some((p) => p?.includes('%')) ? undefined : `${of ? 'startswith' : 'hasattr'}(${parts.join()})`;
    }
    default:
      return undefined;
  }
}

/** True for a test of what is the same in all functions: names that a module is given once, attributes of modules from outside. */
function isConstant(test: Operand, scope: Scope, values: Values): boolean {
  switch (test.op) {
    case 'const':
      return true;
    case 'name': {
      if (test.scope !== 'global') return false;
      const found = values.program.global(scope.module, test.name);
      if (found?.kind !== 'variable') return found !== undefined;
      const facts = factsOf(found.module, found.module.ir.functions[0] as Scope['fn']);
      return facts.names.get(found.name)?.length === 1 && !facts.assignedInside.has(found.name);
    }
    case 'attr':
      if (test.of.op === 'name' && test.of.scope === 'global' && values.program.global(scope.module, test.of.name)?.kind === 'external') return true;
      return isSettledAttribute(test, scope, values);
    case 'compare':
      return [test.left, ...test.rest.map((r) => r.value)].every((o) => isConstant(o, scope, values));
    case 'temp': {
      const call = callBehind(test, scope);
      const of = call?.callee.op === 'attr' ? [call.callee.of] : [];
      return call !== undefined && [...of, ...call.args.map((a) => a.value)].every((o) => isConstant(o, scope, values));
    }
    default:
      return false;
  }
}

/** Before the key of a test of a constant: such an outcome holds in every function. */
export const CONSTANT = '=';

const NO_FACTS: State['facts'] = new Map();

const constantKey = (key: string, scope: Scope): string => CONSTANT + keyOfInstance(key, scope.cls);

/** The outcomes of tests of constants among the facts. */
export function constantsOf(facts: State['facts']): State['facts'] {
  if (facts.size === 0) return NO_FACTS;
  const kept = [...facts].filter(([key]) => key.startsWith(CONSTANT));
  return kept.length === 0 ? NO_FACTS : new Map(kept);
}

/** Marks the places of which it is remembered what they equal. */
const EQUAL = '~';
/** Tests of one place. Each constant that it may equal makes states of its own: a dispatch on forty words would leave none for anything else. */
const MAX_WORDS = 8;

const keyCache = new WeakMap<Cfg, ReadonlySet<string>>();

/** Keys of tests that occur more than once in the function, and of the names tested: those are worth remembering. */
export function rememberedTests(cfg: Cfg, scope: Scope, values: Values): ReadonlySet<string> {
  const known = keyCache.get(cfg);
  if (known) return known;
  const count = new Map<string, Set<number>>();
  const add = (key: string, at: number): void => {
    const places = count.get(key);
    if (places) places.add(at);
    else count.set(key, new Set([at]));
  };
  const visit = (test: Operand, at: number): void => {
    if (test.op === 'unary') visit(test.of, at);
    else if (test.op === 'boolean') test.items.forEach((i) => visit(i, at));
    else {
      const key = testKey(test, scope, values);
      if (key !== undefined) add(key, at);
      if (test.op === 'compare') visit(test.left, at);
    }
  };
  for (const test of cfg.tests.values()) visit(test, test.start);
  const assigned = new Set<string>();
  for (const instr of cfg.instrs) {
    if (instr.op === 'assign' && instr.target.op !== 'targets' && instr.value.op === 'const') {
      const p = pathOf(instr.target as Operand, scope, values);
      if (p !== undefined) assigned.add(p);
    }
  }
  const out = new Set([...count].filter(([key, places]) => places.size > 1 || assigned.has(key)).map(([key]) => key));
  for (const [key, places] of count) if (places.size > 1 && places.size <= MAX_WORDS) out.add(EQUAL + key);
  keyCache.set(cfg, out);
  return out;
}

const constantCache = new WeakMap<Cfg, Map<ClassUnit | undefined, ReadonlySet<string>>>();

/** The same, and the tests of constants, marked: on which of them an acquisition depends, other functions may ask too. */
export function decisiveTests(cfg: Cfg, scope: Scope, values: Values): ReadonlySet<string> {
  let byClass = constantCache.get(cfg);
  if (!byClass) constantCache.set(cfg, (byClass = new Map()));
  const known = byClass.get(scope.cls);
  if (known) return known;
  const out = new Set(rememberedTests(cfg, scope, values));
  const visit = (test: Operand): void => {
    if (test.op === 'unary') visit(test.of);
    else if (test.op === 'boolean') test.items.forEach(visit);
    else if (isConstant(test, scope, values)) {
      const key = testKey(test, scope, values);
      if (key !== undefined) out.add(constantKey(key, scope));
    }
  };
  for (const test of cfg.tests.values()) visit(test);
  byClass.set(scope.cls, out);
  return out;
}

/** The outcome of a test in a state, or undefined where both are possible. */
export function evaluate(test: Operand, state: State, kind: ResourceKind, scope: Scope, values: Values): boolean | undefined {
  switch (test.op) {
    case 'const':
      return test.value !== null && test.value !== false && test.value !== 0 && test.value !== '';
    case 'unary':
    case 'boolean': {
      const outcome = outcomeOf(test, (part) => evaluate(part, state, kind, scope, values));
      return outcome === undefined && areSetUp(test, state, kind, scope, values) ? true : outcome;
    }
    case 'compare':
      return compare(test, state, kind, scope, values);
    default: {
      if (test.op === 'attr' && (SAYS_CLOSED.test(test.name) || HOLDS.test(test.name))) {
        const of = pathOf(test.of, scope, values);
        if (of !== undefined && relationOf(of, state, kind)?.kind === 'exact') return HOLDS.test(test.name);
      }
      if (test.op === 'temp' && (asksForPresence(test, state, kind, scope, values) || asksForName(test, state, kind, scope, values))) return true;
      if (test.op === 'temp' && kind.reach === 'object' && asksForPlainType(test, state, kind, scope, values)) return false;
      const path = pathOf(test, scope, values);
      if (path !== undefined && isHeld(path, state, kind)) return true;
      const tried = state.facts.size > 0 ? trialBehind(test, scope) : undefined;
      if (tried && state.facts.get(BEGAN) === tried.start) return true;
      const key = test.op === 'temp' ? testKey(test, scope, values) : path;
      if (key === undefined) return undefined;
      const fact = state.facts.get(key) ?? constantFact(state, key, scope);
      return fact === undefined ? undefined : fact !== null && fact !== false && fact !== 0 && fact !== '';
    }
  }
}

/** What a test of a constant has shown; or what a flag that the test sets says (settled-flags.ts). */
function constantFact({ facts }: State, key: string, scope: Scope): ReturnType<State['facts']['get']> {
  if (facts.size === 0) return undefined;
  return facts.get(CONSTANT + key) ?? (key.includes('@.') ? facts.get(constantKey(key, scope)) : undefined);
}

/**
 * `if self.client is not None and self.server is not None:` where the client is held: a set-up makes both, and who asks for both gives both back.
 * Leaves out: the one that was made before the other could not be.
 */
function areSetUp(test: Operand, state: State, kind: ResourceKind, scope: Scope, values: Values): boolean {
  if (test.op !== 'boolean' || test.operator !== 'and') return false;
  const asked = test.items.map(attributeAskedFor);
  const isKept = (of: Operand | undefined): boolean => {
    const path = of && pathOf(of, scope, values);
    return path !== undefined && isHeld(path, state, kind);
  };
  // Somebody does set it.
  const isSet = (of: Operand | undefined): boolean =>
    of?.op === 'attr' && scope.cls !== undefined && values.assignedTo(scope.cls, of.name).some((a) => a.value.op !== 'const');
  return (
    asked.some(isKept) &&
    asked.every((of) => of === undefined || isKept(of) || isSet(of)) &&
    test.items.every((part, i) => asked[i] || evaluate(part, state, kind, scope, values) === true)
  );
}

/** `self.server` in `self.server is not None`, or by itself. */
function attributeAskedFor(test: Operand): Operand | undefined {
  const [only] = test.op === 'compare' ? test.rest : [];
  const asked =
    test.op !== 'compare' ? test : only?.operator === 'is not' && only.value.op === 'const' && only.value.kind === 'none' ? test.left : undefined;
  return asked?.op === 'attr' && asked.of.op === 'name' && asked.of.scope === 'local' ? asked : undefined;
}

/** Attributes that say the resource has been given back: false (or None) while it is held. */
export const SAYS_CLOSED = /^(_?(is_)?closed|returncode)$/;

/** Parts by which a thing holds what is open: `client.sock`. There while it is held. */
export const HOLDS = /^_?(sock|socket|fp|file|fd|fileobj|stream|transport|connection|conn|channel|process|proc|popen|thread|server|handle|loop)$/;

/** Calls that ask whether the thing is there: `os.path.exists(path)`, `thread.is_alive()`. While it is held, it is. */
const ASKS = /^(exists|lexists|isfile|isdir|is_file|is_dir|is_alive|is_running|isopen|is_open|connected)$/;

/** `process.returncode is None`, `process.poll() is None`: true while nobody has waited for it. */
function stillRuns(operand: Operand, state: State, kind: ResourceKind, scope: Scope, values: Values): boolean {
  const call = callBehind(operand, scope); // Also of a name for its answer: what runs now ran then.
  const of = call
    ? call.callee.op === 'attr' && call.callee.name === 'poll'
      ? call.callee.of
      : undefined
    : operand.op === 'attr' && operand.name === 'returncode'
      ? operand.of
      : undefined;
  const path = of && pathOf(of, scope, values);
  return path !== undefined && relationOf(path, state, kind)?.kind === 'exact';
}

/** Methods that answer whether they have taken what they are for; somebody else may have it. */
const TRIES = /^_*(try_?)?(acquire|lock)(_|$)/;

/** The call whose answer the operand is, if that tells whether the call took something: `lock.acquire(blocking=False)`. */
export function trialBehind(operand: Operand, scope: Scope): CallInstr | undefined {
  const call = operand.op === 'temp' || operand.op === 'name' ? callBehind(operand, scope) : undefined;
  return call?.callee.op === 'attr' && TRIES.test(call.callee.name) ? call : undefined;
}

/** The operand asks whether the held thing is there. */
export function asksForPresence(test: Operand, state: State, kind: ResourceKind, scope: Scope, values: Values): boolean {
  const call = callBehind(test, scope);
  if (!call || (call.callee.op !== 'attr' && call.callee.op !== 'name') || !ASKS.test(call.callee.name)) return false;
  const about = call.args.length > 0 ? call.args[0]?.value : call.callee.op === 'attr' ? call.callee.of : undefined;
  const path = about && pathOf(about, scope, values);
  const rel = path === undefined ? undefined : relationOf(path, state, kind);
  return path !== undefined && isHeld(path, state, kind) && !(rel && namesFolder(rel)); // What is in the folder may be gone.
}

/** Types of values that hold nothing. */
const PLAIN_TYPES = /^(str|bytes|bytearray|int|float|complex|bool|list|tuple|set|frozenset|dict)$/;

/** `isinstance(source, str)` of a file that is open. */
function asksForPlainType(test: Operand, state: State, kind: ResourceKind, scope: Scope, values: Values): boolean {
  const call = callBehind(test, scope);
  if (call?.callee.op !== 'name' || call.callee.name !== 'isinstance') return false;
  const [about, type] = call.args.map((a) => a.value);
  const types = type?.op === 'tuple' ? type.items : type ? [type] : [];
  if (!about || types.length === 0 || !types.every((t) => t.op === 'name' && t.scope === 'global' && PLAIN_TYPES.test(t.name))) return false;
  const path = pathOf(about, scope, values);
  return path !== undefined && relationOf(path, state, kind)?.kind === 'exact';
}

/** `hasattr(self, 'server')`, `getattr(self, 'server', None)`: under that name it is held. */
function asksForName(test: Operand, state: State, kind: ResourceKind, scope: Scope, values: Values): boolean {
  const call = test.op === 'temp' ? callBehind(test, scope) : undefined;
  if (call?.callee.op !== 'name' || !/^(has|get)attr$/.test(call.callee.name)) return false;
  const [of, named] = call.args;
  const name = textKnown(named?.value, state, scope, values);
  if (!of || name === undefined) return false;
  const path = pathOf({ op: 'attr', of: of.value, name, start: test.start, end: test.end }, scope, values);
  return path !== undefined && isHeld(path, state, kind);
}

/** The place is the resource, or a container that has it as an element. */
function isHeld(path: Path, state: State, kind: ResourceKind): boolean {
  const rel = relationOf(path, state, kind);
  return rel?.kind === 'exact' || rel?.kind === 'identity' || rel?.kind === 'owner';
}

/** Both sides are the answer of one function without arguments (`pid == os.getpid()`): in one process it is the same. */
function sameQuestion(left: Operand, right: Operand, scope: Scope, values: Values): boolean {
  const [a, b] = [callBehind(left, scope), callBehind(right, scope)];
  if (!a || !b || a.args.length > 0 || b.args.length > 0) return false;
  const name = values.canonical(a.callee, scope);
  return name !== undefined && name.includes('.') && name === values.canonical(b.callee, scope);
}

/** `file is sys.stdout`: what the test has made itself is not what a module from outside has. */
function isAnother(path: Path | undefined, other: Operand, state: State, kind: ResourceKind, scope: Scope, values: Values): boolean {
  if (
    path === undefined ||
    other.op !== 'attr' ||
    other.of.op !== 'name' ||
    other.of.scope !== 'global' ||
    relationOf(path, state, kind)?.kind !== 'exact'
  )
    return false;
  const of = pathOf(other, scope, values);
  return of !== undefined && relationOf(of, state, kind) === undefined && isConstant(other, scope, values);
}

function compare(test: Extract<Operand, { op: 'compare' }>, state: State, kind: ResourceKind, scope: Scope, values: Values): boolean | undefined {
  const [only] = test.rest;
  if (test.rest.length !== 1 || !only) return undefined;
  if (only.operator === '==' && sameQuestion(test.left, only.value, scope, values)) return true;
  const path = pathOf(test.left, scope, values);
  const negative = only.operator === 'is not' || only.operator === '!=';
  if ((only.operator === 'is' || only.operator === '==' || negative) && only.value.op === 'const' && path !== undefined) {
    if (only.value.kind === 'none' && (isHeld(path, state, kind) || asksForName(test.left, state, kind, scope, values))) return negative;
    if (only.value.kind === 'none' && test.left.op === 'attr' && HOLDS.test(test.left.name)) {
      const of = pathOf(test.left.of, scope, values);
      if (of !== undefined && relationOf(of, state, kind)?.kind === 'exact') return negative;
    }
    if (only.value.kind === 'none' && stillRuns(test.left, state, kind, scope, values)) return !negative;
    const fact = state.facts.get(path);
    const isEqual = fact === undefined || typeof fact === 'object' ? undefined : equals(fact, only.value.value);
    if (isEqual !== undefined) return isEqual !== negative;
    if (fact === null) return (only.value.value === null) !== negative;
  }
  if ((only.operator === 'in' || only.operator === 'not in') && path !== undefined) {
    const fact = state.facts.get(path);
    const among = typeof fact === 'string' || typeof fact === 'number' ? isAmong(fact, only.value) : undefined;
    if (among !== undefined) return among === (only.operator === 'in');
  }
  if (only.operator !== 'in' && only.operator !== 'not in' && isAnother(path, only.value, state, kind, scope, values)) {
    if (negative) return true;
    if (only.operator === 'is' || only.operator === '==') return false;
  }
  const key = testKey(test, scope, values);
  const remembered = key === undefined ? undefined : (state.facts.get(`?${key}`) ?? constantFact(state, key, scope));
  return typeof remembered === 'boolean' ? remembered : undefined;
}

/** A fact of a place that was only tested (`if mode:`) tells truth, and no more of what it equals. */
function equals(fact: string | number | boolean, value: string | number | boolean | null): boolean | undefined {
  if (typeof fact !== 'boolean' || typeof value === 'boolean' || value === null) return fact === value;
  return Boolean(value) === fact ? undefined : false;
}

/** Is the value one of the constants written out? Undefined where there are others. */
export function isAmong(value: string | number | boolean | null, display: Operand): boolean | undefined {
  if (display.op !== 'list' && display.op !== 'tuple' && display.op !== 'set') return undefined;
  const constants = display.items.map((i) => (i.op === 'const' ? i.value : undefined));
  return constants.includes(value) ? true : constants.includes(undefined) ? undefined : false;
}

/** The place and the constant that a test has shown to be equal when it came out like that: `mode == 'w'` was true, `mode != 'w'` false. */
function shownEqual(test: Operand, outcome: boolean, scope: Scope, values: Values): readonly [Path, string | number] | undefined {
  const only = test.op === 'compare' && test.rest.length === 1 ? test.rest[0] : undefined;
  if (test.op !== 'compare' || only?.value.op !== 'const' || only.operator !== (outcome ? '==' : '!=')) return undefined;
  const { value } = only.value;
  const path = pathOf(test.left, scope, values);
  return path !== undefined && (typeof value === 'string' || typeof value === 'number') ? [path, value] : undefined;
}

/** The state after a test went one way. */
export function assume(test: Operand, outcome: boolean, state: State, remembered: ReadonlySet<string>, scope: Scope, values: Values): State {
  if (test.op === 'unary' && test.operator === 'not') return assume(test.of, !outcome, state, remembered, scope, values);
  if (test.op === 'boolean') {
    if (outcome !== (test.operator === 'and')) return state;
    return test.items.reduce((s, item) => assume(item, outcome, s, remembered, scope, values), state);
  }
  const shown = shownEqual(test, outcome, scope, values);
  if (shown && remembered.has(EQUAL + shown[0])) return withFact(state, shown[0], shown[1]);
  const key = testKey(test, scope, values);
  if (key !== undefined && remembered.has(constantKey(key, scope))) return withFact(state, constantKey(key, scope), outcome);
  if (key === undefined || !remembered.has(key)) return state;
  return test.op === 'compare' ? withFact(state, `?${key}`, outcome) : state.facts.has(key) ? state : withFact(state, key, outcome);
}

/** Forgets what was known about a place that is given another value. */
export function forget(state: State, path: Path): State {
  let out = state;
  for (const key of state.facts.keys()) {
    const mentioned = key.startsWith('?')
      ? key
          .slice(1)
          .split(' ')
          .some((w) => below(path, w) !== undefined)
      : below(path, key) !== undefined;
    if (mentioned) out = withFact(out, key, undefined);
  }
  return out;
}
