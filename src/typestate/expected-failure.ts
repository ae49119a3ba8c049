/**
 * Did the test expect that the acquisition fails?
 *
 * `try: open(missing) except OSError: pass else: self.fail()`: whoever goes on to fail at once where there is something had expected
 * nothing, and has nothing to give back. The like inside `assertRaises` is told by the manager (explore.ts).
 */
import { type Cfg, EdgeKind } from '../cfg/cfg.ts';
import type { Operand } from '../ir/ir.ts';
import { callsIn } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import type { CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';
import type { Exploration } from './explore.ts';
import { asksToRaise, isExpectedToRaise } from './must-raise.ts';
import { blocksOf, type Site } from './sites.ts';
import { hasStarted } from './state.ts';

/** What the call raises is caught, and every way on from where it did not raise ends in a call that always does. */
export function isExpectedToFail(run: Exploration, { scope, instr }: Site, engine: Engine): boolean {
  const held = run.exits.filter(hasStarted); // `await wait_for(connect())` that raises has not begun anything.
  if (run.ends.length > 0 || held.length === 0 || !isCaughtHere(engine.cfg(scope), blocksOf(engine.cfg(scope), instr))) return false;
  return held.every(({ kind, state: { inFlight } }) => {
    const at = inFlight?.at;
    if (kind !== 'raised' || at?.scope.fn !== scope.fn || at.instr.op !== 'call') return false;
    const { likelihood, type } = engine.calls.raising(at.instr, scope);
    return likelihood === 'always' && type === 'AssertionError';
  });
}

/** The exploration without the normal exits of a function that is only called to fail. */
export function asCalled(run: Exploration, scope: Scope, engine: Engine): Exploration {
  return isCalledToFail(scope, engine) ? { ...run, exits: run.exits.filter((e) => e.kind === 'raised') } : run;
}

/** `with assertRaises(Refused): connect(url)`, or `assertRaises(Refused, connect)`, is all that calls the nested function: it never comes to its end. */
function isCalledToFail({ module, fn, cls, definedIn }: Scope, engine: Engine): boolean {
  const parent = fn.parent === null ? undefined : module.ir.functions[fn.parent];
  if (parent?.kind !== 'function') return false;
  const around: Scope = { module, fn: parent, cls, definedIn };
  const isIt = (o: Operand): boolean => o.op === 'name' && o.name === fn.name;
  const calls = callsIn(parent.body).filter((c) => isIt(c.callee) || c.args.some((a) => isIt(a.value)));
  const isExpected = (c: CallInstr): boolean =>
    isIt(c.callee) ? isExpectedToRaise(c, around, engine) : asksToRaise(engine.calls.info(c, around).view, engine.patternsFor(around));
  return calls.length > 0 && calls.every(isExpected);
}

function isCaughtHere(cfg: Cfg, blocks: readonly number[]): boolean {
  const leads = (block: number, kind: EdgeKind): readonly number[] => {
    const out: number[] = [];
    for (let e = cfg.firstEdge[block] as number; e < (cfg.firstEdge[block + 1] as number); e++)
      if (cfg.edgeKind[e] === kind) out.push(cfg.edgeTarget[e] as number);
    return out;
  };
  return blocks.some((b) => leads(b, EdgeKind.raise).some((to) => leads(to, EdgeKind.catch).length > 0));
}
