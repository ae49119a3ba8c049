/**
 * Did the test expect that the acquisition fails?
 *
 * `try: open(missing) except OSError: pass else: self.fail()`: whoever goes on to fail at once where there is something had expected
 * nothing, and has nothing to give back. Nor has who lets the failure pass and reads the result nowhere: `try: tar = open(broken) except Bad: pass`.
 * The like inside `assertRaises` is told by the manager (explore.ts).
 */
import { type Cfg, EdgeKind } from '../cfg/cfg.ts';
import type { Operand, Stmt } from '../ir/ir.ts';
import { forEachStmt } from '../ir/statements.ts';
import { callsIn, instrsIn } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { asserting } from './assertions.ts';
import { blocksOf } from './blocks-of.ts';
import type { CallInstr } from './calls.ts';
import { isUnbound } from './dropped.ts';
import { endsWithProcess } from './ends-soon.ts';
import type { Engine } from './engine.ts';
import type { Exploration } from './explore.ts';
import { asksToRaise, isExpectedToRaise } from './must-raise.ts';
import { isStateKind } from './process-state.ts';
import type { Site } from './sites.ts';
import { BEGAN, hasStarted } from './state.ts';

/** What the call raises is caught, and every way on from where it did not raise ends in a call that always does. */
export function isExpectedToFail(run: Exploration, site: Site, engine: Engine): boolean {
  const { scope, instr } = site;
  if (isThrownAway(site, engine)) return true;
  const held = run.exits.filter(hasStarted); // `await wait_for(connect())` that raises has not begun anything.
  // `server.start()` is where it begins, and what was expected to fail.
  const began = held[0]?.state.facts.get(BEGAN);
  const from = site.match.pattern.startedBy.length > 0 ? (callsIn(scope.fn.body).find((i) => i.start === began) ?? instr) : instr;
  if (run.ends.length > 0 || held.length === 0 || !isCaughtHere(engine.cfg(scope), blocksOf(engine.cfg(scope), from))) return false;
  return held.every(({ kind, state: { inFlight } }) => {
    const at = inFlight?.at;
    if (kind !== 'raised' || at?.scope.fn !== scope.fn || (at.instr.op !== 'call' && at.instr.op !== 'assert')) return false;
    const { likelihood, type } = engine.calls.raising(at.instr, scope);
    return likelihood === 'always' && type === 'AssertionError';
  });
}

/** The last thing that a try body does, read by nobody; the handlers name what is to be caught, and do no more than assert something about it. */
function isThrownAway(site: Site, engine: Engine): boolean {
  const { scope, instr } = site;
  if (isStateKind(site.tracked.kind) || !endsWithProcess(site)) return false;
  const tries = triesOf(scope.fn).findLast((s) => s.start <= instr.start && instr.end <= s.end && instrsIn(s.body).includes(instr));
  if (!tries || tries.otherwise !== null || tries.handlers.length === 0) return false;
  const isLast = instrsIn(tries.body).every((i) => i.start < instr.end || i.op === 'assign');
  return isLast && isReadNowhere(site, engine) && tries.handlers.every((h) => h.types !== null && letsPass(h.body, scope, engine));
}

type Try = Extract<Stmt, { op: 'try' }>;

const tryCache = new WeakMap<Scope['fn'], readonly Try[]>();

/** The try statements of a function, in source order: each of its sites asks. */
function triesOf(fn: Scope['fn']): readonly Try[] {
  let known = tryCache.get(fn);
  if (!known) {
    const found: Try[] = [];
    forEachStmt(fn.body, (s) => {
      if (s.op === 'try') found.push(s);
    });
    tryCache.set(fn, (known = found));
  }
  return known;
}

/** The result has no name, or one that stands nowhere else in the function. */
function isReadNowhere(site: Site, engine: Engine): boolean {
  const { scope, instr } = site;
  if (isUnbound(site, engine)) return true;
  if (instr.op !== 'call' || site.chain.length > 1 || engine.facts(scope).tempUses(instr.result) !== 1) return false;
  const named = instrsIn(scope.fn.body).find((i) => i.op === 'assign' && i.value.op === 'temp' && i.value.id === instr.result);
  if (named?.op !== 'assign' || named.target.op !== 'name' || named.target.scope !== 'local') return false;
  return scope.module.text.slice(scope.fn.start, scope.fn.end).split(new RegExp(`\\b${named.target.name}\\b`)).length === 2;
}

function letsPass(handler: Stmt, scope: Scope, engine: Engine): boolean {
  let passes = true;
  forEachStmt(handler, (s) => {
    if (s.op !== 'seq' && s.op !== 'run') passes = false;
  });
  return passes && callsIn(handler).every((c) => engine.calls.raising(c, scope).likelihood !== 'always' && asserting(c, scope, engine) === 'yes');
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
