/**
 * Can anything in a project function's body raise?
 *
 * A constructor that only stores what it is given cannot, nor can a helper that builds a dictionary. Calls in the body are asked in turn.
 * Subscripts and attributes are taken not to raise, as in the graph.
 */
import type { Instr } from '../ir/ir.ts';
import { forEachInstr } from '../program/module.ts';
import { calleeScope } from './callee.ts';
import type { CallInfo } from './calls.ts';
import type { Engine } from './engine.ts';

/** Calls of calls that are asked; what lies deeper may raise. */
const MAX_DEPTH = 3;
/** What has a raise edge of its own whatever the configuration says. */
const RAISING = new Set<Instr['op']>(['raise', 'assert', 'await', 'yield']);
/** What asks the configuration. */
const ASKED = new Set<Instr['op']>(['call', 'next', 'enter', 'exit']);

const memos = new WeakMap<Engine, Map<number, boolean>>();
let depth = 0;

/** True where nothing in the callee's body can raise. */
export function cannotRaise(callee: CallInfo['callee'], engine: Engine): boolean {
  if (!callee) return false;
  const scope = calleeScope(callee, engine);
  if (!scope) return callee.kind === 'class' && callee.cls.externalBases.length === 0 && !callee.cls.hasUnknownBase;
  if (scope.fn.isAsync || scope.fn.isGenerator || scope.fn.decorators.length > 0 || depth >= MAX_DEPTH) return false;
  let memo = memos.get(engine);
  if (!memo) memos.set(engine, (memo = new Map()));
  const key = engine.scopeKey(scope);
  const known = memo.get(key);
  if (known !== undefined) return known;
  depth++;
  let answer = true;
  forEachInstr(scope.fn.body, (i) => {
    if (!answer) return;
    if (RAISING.has(i.op) || (ASKED.has(i.op) && engine.calls.raising(i, scope).likelihood !== 'never')) answer = false;
  });
  depth--;
  // What was cut at the depth is not kept: the answer must not depend on who asked first.
  if (answer || depth === 0) memo.set(key, answer);
  return answer;
}
