/**
 * How likely does anything in a project function's body raise?
 *
 * A constructor that only stores what it is given cannot, nor can a helper that builds a dictionary; one that makes a folder needs a full
 * disk. Each step of the body is asked, calls in turn; branches that the call's own literals and the defaults of parameters it leaves out
 * rule out (`if certificate is not None: raise`) are not. Attributes are taken not to raise, as in the graph, and in test code subscripts.
 * A function that calls itself may raise: it may do so too often.
 */
import type { Argument, Instr, Operand, Stmt, Target } from '../ir/ir.ts';
import { forEachInside, operandsOf } from '../ir/operands.ts';
import { constantOf, typesOf } from '../program/call-site.ts';
import type { ClassUnit } from '../program/classes.ts';
import { forEachInstr } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { calleeScope, testedParameters } from './callee.ts';
import type { CallInfo, Likelihood } from './calls.ts';
import type { Engine } from './engine.ts';
import { mayCatch, typeNames } from './exceptions.ts';
import { changesWhatRuns, isMadeSpecially, productClass } from './product-code.ts';

/** What a step can be without an assertion in it; the table of the graph has the other two. */
export type BodyLikelihood = Extract<Likelihood, 'never' | 'rare' | 'unlikely'>;

/** Calls of calls that are followed, so that the stack is enough; what lies deeper may raise. People do not write such chains. */
const MAX_DEPTH = 30;
/** What has a raise edge of its own whatever the configuration says. */
const RAISING = new Set<Instr['op']>(['raise', 'assert', 'await', 'yield']);
/** What asks the configuration. */
const ASKED = new Set<Instr['op']>(['call', 'next', 'enter']);
const ORDER: readonly BodyLikelihood[] = ['never', 'rare', 'unlikely'];
/** Decorators that leave a function what it is. */
const PLAIN = new Set(['staticmethod', 'classmethod', 'contextmanager', 'contextlib.contextmanager']);

/** What is known of an argument: a literal, or only that it is not None. */
type Constant = string | number | boolean | null | typeof SOMETHING;
const SOMETHING = { something: true } as const;
const NOTHING_KNOWN: ReadonlyMap<string, Constant> = new Map();

const memos = new WeakMap<Engine, Map<string, BodyLikelihood>>();
/** Functions being looked at: one that is met again may raise, from wherever the question came. */
const beingAsked = new Set<string>();

/** How likely the callee's body raises when it is called with these arguments; `closely`: the product's code in it is read (product-code.ts). */
export function bodyRaises(callee: CallInfo['callee'], args: readonly Argument[], from: Scope, engine: Engine, closely: boolean): BodyLikelihood {
  if (!callee) return 'unlikely';
  if (callee.kind === 'class' && isMadeSpecially(callee.cls, engine.values)) return 'unlikely';
  const scope = calleeScope(callee, engine);
  if (!scope) return callee.kind === 'class' && isBuiltWithoutCode(callee.cls, from, engine, closely) ? 'never' : 'unlikely';
  // `list(plugins())` runs it all the same; who reads product code does not look who does.
  if (runsLater(scope)) return closely && !engine.values.program.isTestCode(scope.module.name) ? 'unlikely' : 'never';
  if (scope.fn.isAsync || scope.fn.isGenerator || !scope.fn.decorators.every((d) => isPlain(d, scope, engine))) return 'unlikely';
  return settled(scope, constantsOf(callee, args, scope, from, engine), scope.fn.end, engine, closely);
}

/** How likely entering a manager runs into an exception: `__enter__` of a class of the project, a generator up to its yield. */
export function enterRaises(scope: Scope, engine: Engine): BodyLikelihood {
  if (!scope.fn.isGenerator) return scope.fn.isAsync ? 'unlikely' : settled(scope, NOTHING_KNOWN, scope.fn.end, engine, false);
  return settled(scope, NOTHING_KNOWN, firstYield(scope.fn.body), engine, false);
}

/** Calling a generator only makes one; decorated ones may be anything, a context manager aside. */
export function runsLater({ fn }: Scope): boolean {
  return (
    fn.isGenerator &&
    fn.decorators.every((d) =>
      d.op === 'name' || d.op === 'attr' ? /^(contextmanager|asynccontextmanager|staticmethod|classmethod)$/.test(d.name) : false,
    )
  );
}

function isPlain(decorator: Operand, scope: Scope, engine: Engine): boolean {
  const name = engine.values.canonical(decorator, scope);
  return name !== undefined && PLAIN.has(name);
}

/** No constructor in the program, and the bases outside of it are known for one that raises nothing. */
function isBuiltWithoutCode(cls: ClassUnit, from: Scope, engine: Engine, closely: boolean): boolean {
  return (
    !cls.hasUnknownBase &&
    cls.externalBases.every((base) => engine.calls.isSafeClass(base, from) || (closely && isQuietProduct(base, cls, from, engine)))
  );
}

/** A base in the product's code whose constructor raises nothing; the class changes none of the methods that it may call. */
function isQuietProduct(path: string, cls: ClassUnit, from: Scope, engine: Engine): boolean {
  const base = productClass(path, { ...from, module: cls.module }, engine.values);
  return (
    base !== undefined &&
    !changesWhatRuns(cls, base, '__init__', engine.values) &&
    bodyRaises({ kind: 'class', cls: base }, [], from, engine, true) === 'never'
  );
}

function settled(scope: Scope, constants: ReadonlyMap<string, Constant>, until: number, engine: Engine, closely: boolean): BodyLikelihood {
  let memo = memos.get(engine);
  if (!memo) memos.set(engine, (memo = new Map()));
  const key = `${closely ? '+' : ''}${engine.scopeKey(scope)}${constants.size === 0 ? '' : ` ${JSON.stringify([...constants])}`}`;
  const known = memo.get(key);
  if (known !== undefined) return known;
  if (beingAsked.has(key) || beingAsked.size >= MAX_DEPTH) return 'unlikely';
  beingAsked.add(key);
  try {
    const answer = worstOf(scope.fn.body, scope, constants, until, engine, closely);
    memo.set(key, answer);
    return answer;
  } finally {
    beingAsked.delete(key);
  }
}

/** The likeliest step of the statement, of those that begin before `until`. */
function worstOf(
  body: Stmt,
  scope: Scope,
  constants: ReadonlyMap<string, Constant>,
  until: number,
  engine: Engine,
  closely: boolean,
): BodyLikelihood {
  let worst = 0;
  const isStrict = closely && !engine.values.program.isTestCode(scope.module.name);
  const todo: (Stmt | null)[] = [body];
  const step = (i: Instr): void => {
    if (i.start >= until) return;
    if (RAISING.has(i.op)) worst = 2;
    else if (ASKED.has(i.op)) worst = Math.max(worst, rank((closely ? engine.calls.closely(i, scope) : engine.calls.raising(i, scope)).likelihood));
    else if (isStrict && looksUp(i)) worst = 2;
  };
  while (todo.length > 0 && worst < 2) {
    const s = todo.pop();
    switch (s?.op) {
      case 'seq':
        todo.push(...s.items);
        break;
      case 'run':
        s.instrs.forEach(step);
        break;
      case 'if': {
        const outcome = decided(s.test, constants);
        if (outcome !== false) todo.push(s.then);
        if (outcome !== true) todo.push(s.otherwise);
        break;
      }
      case 'loop':
        todo.push(s.head, s.body, s.otherwise);
        break;
      case 'try':
        if (!s.handlers.some((h) => mayCatch(typeNames(h.types), '') === 'yes')) todo.push(s.body);
        todo.push(...s.handlers.map((h) => h.body), s.otherwise, s.final);
        break;
      case 'with':
        step(s.enter);
        // `with self.assertRaises(Error):` raises at its end.
        if (engine.calls.manager(s.enter, scope).effects.some((e) => e.pattern.effect === 'must-raise')) worst = 2;
        todo.push(s.body);
        break;
      case 'match':
        for (const c of s.cases) todo.push(c.bind, c.guardHead, c.body);
        break;
      case 'return':
      case 'raise':
        step(s.instr);
        break;
      default:
    }
  }
  return ORDER[worst] as BodyLikelihood;
}

/** `options['mode']` is read: the key may be missing. */
function looksUp(instr: Instr): boolean {
  const visit = (o: Operand | Target): boolean => {
    if (o.op === 'function') return false;
    if (o.op === 'index' && o.key.op !== 'slice') return true;
    let found = false;
    forEachInside(o, (inner) => {
      found ||= visit(inner);
    });
    return found;
  };
  const unread = instr.op === 'assign' ? [instr.target, instr.annotation] : [];
  return operandsOf(instr).some((o) => !unread.includes(o as Operand) && visit(o));
}

function rank(likelihood: Likelihood): number {
  const at = ORDER.indexOf(likelihood as BodyLikelihood);
  return at < 0 ? ORDER.length - 1 : at;
}

/** Where the first yield stands; what begins after it does not run before the body of the with statement. */
function firstYield(body: Stmt): number {
  let first = Number.POSITIVE_INFINITY;
  forEachInstr(body, (i) => {
    if (i.op === 'yield') first = Math.min(first, i.start);
  });
  return first;
}

/** The literals that parameters have at this call, by name: given ones, and defaults. Only of parameters that keep their value. */
function constantsOf(
  callee: NonNullable<CallInfo['callee']>,
  args: readonly Argument[],
  target: Scope,
  from: Scope,
  engine: Engine,
): ReadonlyMap<string, Constant> {
  if (args.some((a) => a.kind === 'star' || a.kind === 'double-star')) return NOTHING_KNOWN;
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
function knownOf(operand: Operand, constants: ReadonlyMap<string, Constant>): Constant | undefined {
  if (operand.op === 'name') return operand.scope === 'local' ? constants.get(operand.name) : undefined;
  return operand.op === 'attr' && operand.of.op === 'name' && operand.of.scope === 'local'
    ? constants.get(`${operand.of.name}.${operand.name}`)
    : undefined;
}

/** The outcome of a test of parameters whose values are known; undefined where it depends on more. */
function decided(test: Operand, constants: ReadonlyMap<string, Constant>): boolean | undefined {
  if (constants.size === 0) return undefined;
  switch (test.op) {
    case 'name':
    case 'attr': {
      const value = knownOf(test, constants);
      return value === undefined || value === SOMETHING ? undefined : value !== null && value !== false && value !== 0 && value !== '';
    }
    case 'unary': {
      const of = test.operator === 'not' ? decided(test.of, constants) : undefined;
      return of === undefined ? undefined : !of;
    }
    case 'boolean': {
      const items = test.items.map((i) => decided(i, constants));
      if (items.includes(test.operator === 'or')) return test.operator === 'or';
      return items.includes(undefined) ? undefined : test.operator === 'and';
    }
    case 'compare': {
      const [only] = test.rest;
      const value = knownOf(test.left, constants);
      if (value === undefined || test.rest.length !== 1 || only?.value.op !== 'const') return undefined;
      if (value === SOMETHING && only.value.kind !== 'none') return undefined;
      if (only.operator === 'is' || only.operator === '==') return value === only.value.value;
      return only.operator === 'is not' || only.operator === '!=' ? value !== only.value.value : undefined;
    }
    default:
      return undefined;
  }
}
