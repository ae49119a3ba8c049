/**
 * Does what was started end by itself, at once?
 *
 * A thread whose function only appends to a list, or that has none, is over before anybody could miss its `join`; one that loops, waits or
 * calls what is not known is not. Asked of acquisitions that say what they run (`runs: kw.target`).
 */
import type { Instr, Stmt } from '../ir/ir.ts';
import type { Scope } from '../program/scope.ts';
import { operandAt } from './call-transfer.ts';
import type { Engine } from './engine.ts';
import { SAFE_METHODS } from './safe-names.ts';
import type { Site } from './sites.ts';

/** Calls that raise nothing and may take their time all the same. */
const WAITS = /wait|join|acquire|sleep|select|poll|accept|recv|read|result|run|serve|^(get|put|__enter__)$/i;
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
  const runner = engine.values.of(target, made.scope);
  if (!runner && target.op === 'attr') return SAFE_METHODS.has(target.name);
  if (runner?.kind !== 'function' && runner?.kind !== 'method' && runner?.kind !== 'nested') return false;
  return runsThrough(engine.values.scopeOf(runner), engine);
}

/** A handle, and what the process has besides, is gone with the process. */
export function endsWithProcess({ match, tracked }: Site): boolean {
  const reach = match.pattern.reach ?? tracked.kind.reach;
  return reach === 'object' || reach === 'process';
}

/** No loop, nothing that waits, and only calls that are known to do what they do at once. */
function runsThrough(scope: Scope, engine: Engine): boolean {
  if (scope.fn.isAsync || scope.fn.isGenerator) return false;
  const isQuick = (i: Instr): boolean => {
    if (ELSEWHERE.has(i.op)) return false;
    if (i.op !== 'call') return true;
    const name = i.callee.op === 'attr' || i.callee.op === 'name' ? i.callee.name : '';
    return !WAITS.test(name) && engine.calls.info(i, scope).callee === undefined && engine.calls.raising(i, scope).likelihood === 'never';
  };
  const todo: (Stmt | null)[] = [scope.fn.body];
  while (todo.length > 0) {
    const s = todo.pop();
    if (!s) continue;
    switch (s.op) {
      case 'seq':
        todo.push(...s.items);
        break;
      case 'run':
        if (!s.instrs.every(isQuick)) return false;
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
