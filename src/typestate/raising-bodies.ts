/**
 * How likely does anything in a project function's body raise?
 *
 * A constructor that only stores what it is given cannot, nor can a helper that builds a dictionary; one that makes a folder needs a full
 * disk. Each step of the body is asked, calls in turn; branches that the call's own literals and the defaults of parameters it leaves out
 * rule out (`if certificate is not None: raise`) are not. Subscripts and attributes are taken not to raise, as in the graph.
 * A function that calls itself may raise: it may do so too often.
 */
import type { Argument, Instr, Operand, Stmt } from '../ir/ir.ts';
import { constantOf, typesOf } from '../program/call-site.ts';
import type { ClassUnit } from '../program/classes.ts';
import { forEachInstr } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { calleeScope, testedParameters } from './callee.ts';
import type { CallInfo, Likelihood } from './calls.ts';
import type { Engine } from './engine.ts';
import { mayCatch, typeNames } from './exceptions.ts';

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

/** How likely the callee's body raises when it is called with these arguments. */
export function bodyRaises(callee: CallInfo['callee'], args: readonly Argument[], from: Scope, engine: Engine): BodyLikelihood {
  if (!callee) return 'unlikely';
  const scope = calleeScope(callee, engine);
  if (!scope) return callee.kind === 'class' && isBuiltWithoutCode(callee.cls, from, engine) ? 'never' : 'unlikely';
  if (runsLater(scope)) return 'never';
  if (scope.fn.isAsync || scope.fn.isGenerator || !scope.fn.decorators.every((d) => isPlain(d, scope, engine))) return 'unlikely';
  return settled(scope, constantsOf(callee, args, scope, from, engine), scope.fn.end, engine);
}

/** How likely entering a manager runs into an exception: `__enter__` of a class of the project, a generator up to its yield. */
export function enterRaises(scope: Scope, engine: Engine): BodyLikelihood {
  if (!scope.fn.isGenerator) return scope.fn.isAsync ? 'unlikely' : settled(scope, NOTHING_KNOWN, scope.fn.end, engine);
  return settled(scope, NOTHING_KNOWN, firstYield(scope.fn.body), engine);
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
function isBuiltWithoutCode(cls: ClassUnit, from: Scope, engine: Engine): boolean {
  return !cls.hasUnknownBase && cls.externalBases.every((base) => engine.calls.isSafeClass(base, from));
}

function settled(scope: Scope, constants: ReadonlyMap<string, Constant>, until: number, engine: Engine): BodyLikelihood {
  let memo = memos.get(engine);
  if (!memo) memos.set(engine, (memo = new Map()));
  const key = `${engine.scopeKey(scope)}${constants.size === 0 ? '' : ` ${JSON.stringify([...constants])}`}`;
  const known = memo.get(key);
  if (known !== undefined) return known;
  if (beingAsked.has(key) || beingAsked.size >= MAX_DEPTH) return 'unlikely';
  beingAsked.add(key);
  try {
    const answer = worstOf(scope.fn.body, scope, constants, until, engine);
    memo.set(key, answer);
    return answer;
  } finally {
    beingAsked.delete(key);
  }
}

/** The likeliest step of the statement, of those that begin before `until`. */
function worstOf(body: Stmt, scope: Scope, constants: ReadonlyMap<string, Constant>, until: number, engine: Engine): BodyLikelihood {
  let worst = 0;
  const todo: (Stmt | null)[] = [body];
  const step = (i: Instr): void => {
    if (i.start >= until) return;
    if (RAISING.has(i.op)) worst = 2;
    else if (ASKED.has(i.op)) worst = Math.max(worst, rank(engine.calls.raising(i, scope).likelihood));
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
  if (callee.kind === 'method' && (!facts.receiver || engine.values.of(callee.receiver, from)?.kind === 'class')) return NOTHING_KNOWN;
  const params = target.fn.params.slice(facts.receiver ? 1 : 0);
  const positional = args.filter((a) => a.kind === 'positional');
  const tested = testedParameters(target, engine);
  const out = new Map<string, Constant>();
  params.forEach((p, at) => {
    if (p.kind === 'star' || p.kind === 'double-star' || facts.names.get(p.name)?.length !== 1) return;
    const given = args.find((a) => a.kind === 'keyword' && a.name === p.name) ?? (p.kind === 'keyword-only' ? undefined : positional[at]);
    const value = given ? argumentValue(given.value, from, engine) : p.default?.op === 'const' ? p.default.value : undefined;
    if (value !== undefined && tested.has(p.name)) out.set(p.name, value);
  });
  return out;
}

function argumentValue(operand: Operand, from: Scope, engine: Engine): Constant | undefined {
  const constant = constantOf(operand, from);
  if (constant !== undefined) return constant;
  // An object of a class of the project, or of a type that the configuration knows, is not None.
  const isObject = engine.values.of(operand, from)?.kind === 'instance' || typesOf(operand, from, engine.values, engine.patternsFor(from)).length > 0;
  return isObject ? SOMETHING : undefined;
}

/** The outcome of a test of parameters whose values are known; undefined where it depends on more. */
function decided(test: Operand, constants: ReadonlyMap<string, Constant>): boolean | undefined {
  if (constants.size === 0) return undefined;
  switch (test.op) {
    case 'name': {
      const value = test.scope === 'local' ? constants.get(test.name) : undefined;
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
      const value = test.left.op === 'name' && test.left.scope === 'local' ? constants.get(test.left.name) : undefined;
      if (value === undefined || test.rest.length !== 1 || only?.value.op !== 'const') return undefined;
      if (value === SOMETHING && only.value.kind !== 'none') return undefined;
      if (only.operator === 'is' || only.operator === '==') return value === only.value.value;
      return only.operator === 'is not' || only.operator === '!=' ? value !== only.value.value : undefined;
    }
    default:
      return undefined;
  }
}
