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
import type { ClassUnit } from '../program/classes.ts';
import { forEachInstr } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { calleeScope } from './callee.ts';
import type { CallInfo, CallInstr, Calls, Likelihood } from './calls.ts';
import type { Engine } from './engine.ts';
import { mayCatch, typeNames } from './exceptions.ts';
import { type Constants, decided, givenConstants, NOTHING_KNOWN } from './given-constants.ts';
import { madeInOwnFolder } from './own-folders.ts';
import { changesWhatRuns, isMadeSpecially, productCallee, productClass } from './product-code.ts';

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

/** Who only notes what is to be run does not fail for what it will do. */
const NOT_YET: ReadonlySet<Likelihood> = new Set(['never', 'rare']);

const memos = new WeakMap<Engine, Map<string, BodyLikelihood>>();
/** Functions being looked at: one that is met again may raise, from wherever the question came. */
const beingAsked = new Set<string>();

/** How likely the callee's body raises when it is called with these arguments; `closely`: the product's code in it is read (product-code.ts). */
export function bodyRaises(
  callee: CallInfo['callee'],
  args: readonly Argument[],
  from: Scope,
  engine: Engine,
  closely: boolean,
  callers: Constants = NOTHING_KNOWN,
): BodyLikelihood {
  if (!callee) return 'unlikely';
  if (callee.kind === 'class' && isMadeSpecially(callee.cls, engine.values)) return 'unlikely';
  const scope = calleeScope(callee, engine);
  if (!scope) return callee.kind === 'class' && isBuiltWithoutCode(callee.cls, from, engine, closely) ? 'never' : 'unlikely';
  // `list(plugins())` runs it all the same; who reads product code does not look who does.
  if (runsLater(scope)) return closely && !engine.values.program.isTestCode(scope.module.name) ? 'unlikely' : 'never';
  if (scope.fn.isAsync || scope.fn.isGenerator || !scope.fn.decorators.every((d) => isPlain(d, scope, engine))) return 'unlikely';
  const constants = givenConstants(callee, args, scope, from, engine, callers);
  const answer = settled(scope, constants, scope.fn.end, engine, closely);
  if (answer !== 'unlikely') return answer;
  const own = madeInOwnFolder(scope, args, from, engine);
  return own.size === 0 ? answer : worstOf(scope.fn.body, scope, constants, scope.fn.end, engine, closely, own);
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

/** Calling a generator or a coroutine only makes one; what waits for a coroutine at once, or gets it and may run it, runs it. */
export function isOnlyMade(instr: CallInstr, called: Scope, scope: Scope, calls: Calls): boolean {
  if (runsLater(called)) return true;
  if (!called.fn.isAsync || called.fn.isGenerator || called.fn.decorators.length > 0) return false;
  const isIt = (o: Operand): boolean => o.op === 'temp' && o.id === instr.result;
  let isRun = false;
  forEachInstr(scope.fn.body, (i) => {
    if (i.start > instr.start) return;
    if (i.op === 'await' ? isIt(i.value) : i.op === 'call' && i.args.some((a) => isIt(a.value)))
      isRun ||= !NOT_YET.has(calls.raising(i, scope).likelihood);
  });
  return !isRun;
}

function isPlain(decorator: Operand, scope: Scope, engine: Engine): boolean {
  const name = engine.values.canonical(decorator, scope);
  return name !== undefined && PLAIN.has(name);
}

/** No constructor in the program, and the bases outside of it are known for one that raises nothing. */
function isBuiltWithoutCode(cls: ClassUnit, from: Scope, engine: Engine, closely: boolean): boolean {
  return (
    !cls.hasUnknownBase &&
    cls.externalBases.every((base) => engine.calls.isSafeName(base, from) || (closely && isQuietProduct(base, cls, from, engine)))
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

function settled(scope: Scope, constants: Constants, until: number, engine: Engine, closely: boolean): BodyLikelihood {
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

/** The likeliest step of the statement, of those that begin before `until`; only a full disk stops the calls of `own`. */
function worstOf(
  body: Stmt,
  scope: Scope,
  constants: Constants,
  until: number,
  engine: Engine,
  closely: boolean,
  own?: ReadonlySet<Instr>,
): BodyLikelihood {
  let worst = 0;
  const isStrict = closely && !engine.values.program.isTestCode(scope.module.name);
  const todo: (Stmt | null | Caught)[] = [body];
  // The statements on top of a `Caught` stand in a try whose handlers it has.
  let around: Caught | null = null;
  const step = (i: Instr): void => {
    if (i.start >= until) return;
    if (RAISING.has(i.op)) worst = 2;
    else if (ASKED.has(i.op)) {
      const { likelihood, type } = closely ? engine.calls.closely(i, scope) : engine.calls.raising(i, scope);
      if (!isCaught(type, around))
        worst = Math.max(worst, own?.has(i) ? rank('rare') : Math.min(rank(likelihood), type === '' ? handedRank(i, likelihood) : 2));
    } else if (isStrict && looksUp(i)) worst = 2;
  };
  /** The same with what is known here of what the call hands on: `self.reset(remaining)`. */
  const handedRank = (i: Instr, likelihood: Likelihood): number =>
    i.op === 'call' && likelihood === 'unlikely' && i.args.some((a) => a.value.op === 'name' && constants.has(a.value.name))
      ? rank(bodyRaises(calledBy(i, scope, engine, closely), i.args, scope, engine, closely, constants))
      : ORDER.length - 1;
  /** A handler runs where the body of the try statement has raised: what only a full disk raises is raised again by nothing else. */
  const handledRank = (handler: Stmt, tried: Stmt): number => {
    const within = rank(worstOf(handler, scope, constants, until, engine, closely, own));
    return within === 2 && worstOf(tried, scope, constants, until, engine, closely, own) === 'rare' ? rank('rare') : within;
  };
  while (todo.length > 0 && worst < 2) {
    const s = todo.pop();
    if (s && 'types' in s) {
      around = s.outer;
      continue;
    }
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
        for (const h of s.handlers) worst = Math.max(worst, handledRank(h.body, s.body));
        todo.push(s.otherwise, s.final);
        if (s.handlers.some((h) => mayCatch(typeNames(h.types), '') === 'yes')) break;
        around = { types: s.handlers.map((h) => typeNames(h.types)), outer: around };
        todo.push(around, s.body);
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

/** The callable of the project that the call runs; of the product, where that is read. */
function calledBy(instr: CallInstr, scope: Scope, engine: Engine, closely: boolean): CallInfo['callee'] {
  const { callee, value } = engine.calls.info(instr, scope);
  const found = callee ?? (closely ? productCallee(instr, value, scope, engine.values) : undefined);
  return typeof found === 'string' ? undefined : found;
}

/** What the handlers of a try statement catch, and the try statement around it. */
interface Caught {
  readonly types: readonly (readonly string[] | undefined)[];
  readonly outer: Caught | null;
}

/** `try: os.unlink(path) except OSError: pass`: what is known to raise nothing else goes no further. */
function isCaught(type: string, around: Caught | null): boolean {
  if (type === '') return false;
  for (let a = around; a !== null; a = a.outer) if (a.types.some((t) => mayCatch(t, type) === 'yes')) return true;
  return false;
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
