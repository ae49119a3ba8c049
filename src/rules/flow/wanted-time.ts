/**
 * Is a sleep there for the time itself, and not for something that should have happened when it is over?
 *
 * A test of clocks and intervals, a sleep that is meant to be cut short, one that only lets the others of its event loop take their turn,
 * one after which nothing is looked at, and one after which all should be as it was. Leaves out a test that does both in one function.
 */
import type { Instr, Stmt } from '../../ir/ir.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { soundsLikeAssertion } from '../../typestate/assertions.ts';
import type { RuleContext } from '../define.ts';
import { loopsOf, visitStatements } from './loops.ts';
import { commentAt } from './places.ts';

export type Sleep = Extract<Instr, { op: 'call' }>;

/** Time itself is what these tests are about: clocks, ages, granularity of time stamps. */
const ABOUT_TIME =
  /\b(time\.time|time\.monotonic|perf_counter|monotonic|process_time|clock|utcnow|datetime\.now|[amc]time|st_[amc]time|utime|elapsed|ttl|age|duration|timestamp\w*|uptime|latency|rate|throttl\w*|delay\w*|stale\w*|lifetime|\w*(expir|interval|itimer|periodic|recurring|heartbeat|backoff|timestamp|changes.(before|since))\w*|(cre|upd)ated_at)\b/i;
const NAMED_FOR_TIME = /sleep|delay|timeout|timed|slow/i;
/** Managers that end what they hold: a sleep in them is what they end. */
const CUTS_SHORT = /time_?out|fail_?(after|at)|move_?on|cancel|raises|deadline/i;
/** What the comment at a sleep says where nothing should happen in it, or where it stands for work. */
const SAYS_WHY =
  /\b(make|be|making) sure\b.*(\b(not|never|no|nothing|none)\b|n't|different|later)|should ?n[o']t|should never|must not|won't|\b(pretend|simulat\w+|busy|hogs?|longer than)\b/i;
/** A sleep no longer than this on an event loop is a turn of the others, not a wait. */
const A_TURN = 0.01;

/** True where the function is about time. */
export function isAboutTime(scope: Scope): boolean {
  return NAMED_FOR_TIME.test(scope.fn.name) || ABOUT_TIME.test(withoutComments(scope.module.text.slice(scope.fn.start, scope.fn.end)));
}

const withoutComments = (text: string): string => text.replace(/#.*$/gm, '').replace(/("""|''')[\s\S]*?\1/g, '');

/** True where the time of this sleep is wanted. */
export function isWanted(call: Sleep, seconds: number, scope: Scope, context: RuleContext): boolean {
  return (
    (seconds <= A_TURN && context.engine.calls.info(call, scope).view.importPath !== 'time.sleep') ||
    isCutShort(call, scope) ||
    saysWhy(call, scope) ||
    isLast(call, scope) ||
    staysSo(call, scope)
  );
}

function isCutShort(call: Sleep, scope: Scope): boolean {
  let found = false;
  visitStatements(scope.fn.body, (s: Stmt) => {
    if (s.op === 'with' && s.start <= call.start && call.end <= s.end)
      found ||= CUTS_SHORT.test(scope.module.text.slice(s.enter.manager.start, s.enter.manager.end));
    return !found;
  });
  return found;
}

/** The comment on the line of the sleep, or the block of comments that ends above it. */
function saysWhy(call: Sleep, scope: Scope): boolean {
  return SAYS_WHY.test(commentAt(call, scope));
}

/** Nothing of a test or a teardown comes after it. */
function isLast(call: Sleep, scope: Scope): boolean {
  if (!/^_*test|tear_?down|clean_?up/i.test(scope.fn.name)) return false;
  let more = false;
  forEachInstr(scope.fn.body, (i) => {
    if (i.start >= call.end && (i.op === 'call' || i.op === 'assert')) more = true;
  });
  return !more;
}

/** What is asserted next was so before: the same assertion stands above, or the loop that has just ended waited for it. */
function staysSo(call: Sleep, scope: Scope): boolean {
  const textOf = (o: { readonly start: number; readonly end: number }): string => scope.module.text.slice(o.start, o.end).replace(/\s+/g, '');
  const judged: Instr[] = [];
  forEachInstr(scope.fn.body, (i) => {
    if (i.op === 'assert' || (i.op === 'call' && (i.callee.op === 'attr' || i.callee.op === 'name') && soundsLikeAssertion(i.callee.name)))
      judged.push(i);
  });
  const next = judged.find((i) => i.start > call.start);
  if (!next) return false;
  if (judged.some((i) => i.end <= call.start && textOf(i) === textOf(next) && !hasCalls(scope, i.end, call.start))) return true;
  const loop = loopsOf(scope.fn).findLast((l) => l.kind === 'while' && l.end <= call.start);
  if (!loop?.test || loop.test.op !== 'compare' || hasCalls(scope, loop.end, call.start)) return false;
  return textOf(next).includes(textOf(loop.test.left).replace(/^not/, ''));
}

/** True where something is called between the two offsets. */
function hasCalls(scope: Scope, from: number, to: number): boolean {
  let found = false;
  forEachInstr(scope.fn.body, (i) => {
    if (i.op === 'call' && i.start >= from && i.end <= to) found = true;
  });
  return found;
}
