/**
 * Does what was started end by itself, at once?
 *
 * A thread whose function only appends to a list, sleeps for a moment and calls something, or that has none, is over before anybody could miss
 * its `join`; one that loops, waits or talks to others is not, unless it says when it is done (`done.set()`) and the test waits for that, with nothing before the wait that could fail it. Asked of
 * acquisitions that say what they run (`runs: kw.target`).
 */
import type { Instr, Operand, Stmt } from '../ir/ir.ts';
import { forEachStmt } from '../ir/statements.ts';
import { constantOf } from '../program/call-site.ts';
import { callsIn, instrsIn } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { operandAt } from './call-transfer.ts';
import type { CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';
import { SAFE_METHODS } from './safe-names.ts';
import type { Site } from './sites.ts';

/** Calls that may take their time, by their names. */
const WAITS =
  /wait|join|acquire|sleep|select|poll|accept|recv|read|result|run|serve|call(?!back)|connect|request|communicate|open|fetch|execute|loop|start|test|^(get|put|main|__enter__)$/i;
/** Methods of somebody's objects that give back, tell or let go, and are done with that. */
const DONE_AT_ONCE =
  /^(close|cancel|set|clear|release|notify|notify_all|send|write|append|put_nowait|kill|terminate|stop|abort|shutdown|interrupt|throw)$/;
/** Seconds that nobody notices. */
const A_MOMENT = 1;
/** Instructions with an end of their own: somebody else decides when. */
const ELSEWHERE = new Set<Instr['op']>(['await', 'yield', 'next', 'enter', 'import']);

export function endsSoon({ match, chain, tracked }: Site, engine: Engine): boolean {
  const { runs } = match.pattern;
  const made = chain[chain.length - 1];
  if (!runs || made?.instr.op !== 'call') return false;
  const { args, callee } = made.instr;
  if (args.some((a) => a.kind === 'star' || a.kind === 'double-star')) return false;
  const target = operandAt(runs, args, callee.op === 'attr' ? callee.of : undefined);
  const value = engine.values.of(callee, made.scope);
  if (!target) return value?.kind === 'external' && args.length === 0 && tracked.pattern === match.pattern;
  // `Timer(0.1, function)`: what stands before the function is a delay.
  if (runs.position.at === 'argument' && (runs.position.index ?? 0) > 0 && !isMoment(args[0]?.value, made.scope)) return false;
  const runner = engine.values.of(target, made.scope);
  if ((!runner || runner.kind === 'external') && target.op === 'attr') return SAFE_METHODS.has(target.name) || DONE_AT_ONCE.test(target.name);
  if (runner?.kind !== 'function' && runner?.kind !== 'method' && runner?.kind !== 'nested') return false;
  const started = engine.values.scopeOf(runner);
  return runsThrough(started, engine) || saysItIsDone(started, made.scope, made.instr, engine);
}

/**
 * Sets an event near its end, for which whoever started it waits: what follows is done at once. Before that it may wait for the test itself, so nothing
 * may fail between its making and the wait.
 */
function saysItIsDone(started: Scope, by: Scope, made: Instr, engine: Engine): boolean {
  const set = callsIn(started.fn.body).findLast((c) => c.args.length === 0 && eventOf(c, 'set') !== undefined);
  const event = set && eventOf(set, 'set');
  const wait = set && callsIn(by.fn.body).find((c) => c.start > made.start && eventOf(c, 'wait') === event);
  if (!wait || instrsIn(by.fn.body).some((i) => i.start >= made.end && i.end <= wait.start && mayFail(i, by, engine))) return false;
  let loops = false;
  forEachStmt(started.fn.body, (s) => {
    loops ||= s.op === 'loop' && s.end > set.start;
  });
  return !loops && instrsIn(started.fn.body).every((i) => i.start <= set.start || isQuick(i, started, engine));
}

/** An assertion, or a call that may raise; that it cannot be started leaves nothing behind. */
function mayFail(i: Instr, scope: Scope, engine: Engine): boolean {
  if (i.op !== 'call') return i.op === 'assert' || i.op === 'raise';
  return !(i.callee.op === 'attr' && i.callee.name === 'start') && /^(always|likely|unlikely)$/.test(engine.calls.raising(i, scope).likelihood);
}

/** The last name of `event` in `event.set()`. */
function eventOf({ callee }: CallInstr, method: string): string | undefined {
  if (callee.op !== 'attr' || callee.name !== method) return undefined;
  return callee.of.op === 'attr' || callee.of.op === 'name' ? callee.of.name : undefined;
}

/** A handle, and what the process has besides, is gone with the process. */
export function endsWithProcess({ match, tracked }: Site): boolean {
  const reach = match.pattern.reach ?? tracked.kind.reach;
  return reach === 'object' || reach === 'process';
}

function isMoment(seconds: Operand | undefined, scope: Scope): boolean {
  const value = seconds && constantOf(seconds, scope);
  return typeof value === 'number' && value <= A_MOMENT;
}

function isQuick(i: Instr, scope: Scope, engine: Engine): boolean {
  if (ELSEWHERE.has(i.op)) return false;
  if (i.op !== 'call') return true;
  const name = i.callee.op === 'attr' || i.callee.op === 'name' ? i.callee.name : 'call';
  if (name === 'sleep') return isMoment(i.args[0]?.value, scope);
  return !WAITS.test(name) && engine.calls.info(i, scope).callee === undefined;
}

/** No loop, nothing that waits, and only calls that are known to do what they do at once. */
function runsThrough(scope: Scope, engine: Engine): boolean {
  if (scope.fn.isAsync || scope.fn.isGenerator) return false;
  const todo: (Stmt | null)[] = [scope.fn.body];
  while (todo.length > 0) {
    const s = todo.pop();
    if (!s) continue;
    switch (s.op) {
      case 'seq':
        todo.push(...s.items);
        break;
      case 'run':
        if (!s.instrs.every((i) => isQuick(i, scope, engine))) return false;
        break;
      case 'if':
        todo.push(s.then, s.otherwise);
        break;
      case 'return':
        break;
      default:
        return false; // Loops, `with`, `try`: more than running through.
    }
  }
  return true;
}
