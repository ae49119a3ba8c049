/**
 * What is there between a resource and the parent that it was made in?
 *
 * A parent holds its parts under a member of its own (path.ts, OWNED): releasing the parent releases them, by its own kind's releases where
 * the part names that kind (`owned-by`). A call that makes a part of what it is given uses the parent and does not keep it.
 */
import type { AcquireMatch } from '../config/call-view.ts';
import type { Argument, Operand } from '../ir/ir.ts';
import { argumentOf, callBehind } from '../program/call-site.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { type Application, operandAt } from './call-transfer.ts';
import type { CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';
import { isInOwnFolder } from './own-folders.ts';
import { OWNED, type Path, pathOf, RUNS } from './path.ts';
import { isParameter, relationOf } from './relation.ts';
import type { Origin, Site } from './sites.ts';
import type { State } from './state.ts';
import type { Tracked } from './transfer.ts';

/** A loop that runs until its object is told to stop. */
const SERVES = /^_?serve|_forever$/;

/** The parent that the resource was made in (`mkstemp(dir=folder)`, `connection.cursor()`): releasing it releases what is inside. */
export function isOwner(operand: Operand, state: State, tracked: Tracked, scope: Scope, engine: Engine): boolean {
  const path = pathOf(operand, scope, engine.values);
  const rel = path === undefined ? undefined : relationOf(path, state, tracked.kind);
  return rel?.kind === 'owner' && rel.members.some((m) => m === OWNED);
}

/**
 * The place of the parent that releases what is made in it; `elsewhere` where that parent is not this code's to release: a fixture's
 * folder, a computed path, what a helper made. Misses: a file made in a folder that nobody removes (samples/10-holders).
 */
export function parentOf(match: AcquireMatch, instr: CallInstr, scope: Scope, engine: Engine): Path | 'elsewhere' | undefined {
  const receiver = instr.callee.op === 'attr' ? instr.callee.of : undefined;
  const operand = match.pattern.owner ? operandAt(match.pattern.owner, instr.args, receiver) : match.kind.ownedBy.length > 0 ? receiver : undefined;
  if (!operand) return match.pattern.owner ? 'elsewhere' : undefined;
  return placeOfParent(operand, match, scope, engine);
}

function placeOfParent(operand: Operand, match: AcquireMatch, scope: Scope, engine: Engine): Path | 'elsewhere' | undefined {
  const path = pathOf(operand, scope, engine.values);
  if (path === undefined || path.startsWith('g:') || isParameter(path, scope)) return match.pattern.owner ? 'elsewhere' : undefined;
  return match.pattern.owner && isMadeByHelper(operand, scope, engine) ? 'elsewhere' : path;
}

/** What lies in a folder of the test's own goes with it: whether that is removed is said of the folder. */
export function liesInOwnFolder({ chain, match }: Pick<Site, 'chain' | 'match'>, engine: Engine): boolean {
  const { instr, scope } = chain[chain.length - 1] as Origin;
  if (!match.pattern.owner || instr.op !== 'call') return false;
  const folder = operandAt(match.pattern.owner, instr.args, undefined);
  return folder !== undefined && isInOwnFolder(folder, scope, engine);
}

/**
 * The same where a helper made it in what it was given, and has a default for: `make(dir=folder)` with `if dir is None: dir = gettempdir()` in it.
 * `made` is the acquisition in the helper, `call` that of the helper.
 */
export function parentGiven(made: Origin, match: AcquireMatch, call: CallInstr, scope: Scope, engine: Engine): Path | 'elsewhere' | undefined {
  if (!match.pattern.owner || made.instr.op !== 'call') return undefined;
  const operand = operandAt(match.pattern.owner, made.instr.args, undefined);
  if (operand?.op !== 'name') return undefined;
  const { fn, module } = made.scope;
  const at = fn.params.findIndex((p) => p.name === operand.name) - (factsOf(module, fn).receiver ? 1 : 0);
  const given = at < 0 ? undefined : argumentOf(call.args, at, operand.name);
  if (!given || given.op === 'const') return undefined;
  return isInOwnFolder(given, scope, engine) ? 'elsewhere' : placeOfParent(given, match, scope, engine);
}

/** A function of the project made the folder: whether it is removed is said there, and what is in it goes with it. */
function isMadeByHelper(operand: Operand, scope: Scope, engine: Engine): boolean {
  const made = callBehind(operand, scope);
  return made !== undefined && engine.calls.info(made, scope).callee !== undefined;
}

/** Whose method a thread runs (`Thread(target=server.serve_forever)`): stopping that ends the thread. */
export function runnerOf({ pattern: { runs } }: AcquireMatch, instr: CallInstr, scope: Scope, engine: Engine): Path | undefined {
  const target = runs && operandAt(runs, instr.args, undefined);
  const path = target?.op === 'attr' && SERVES.test(target.name) ? pathOf(target.of, scope, engine.values) : undefined;
  return path === undefined || path === '@' || path === '@c' || path.startsWith('g:') || isParameter(path, scope) ? undefined : path;
}

/** What is called closes the socket of a server, of which only the thread is held: that runs on. */
export function leavesRunning(callee: Operand, state: State, tracked: Tracked, scope: Scope, engine: Engine): boolean {
  if (callee.op !== 'attr' || callee.name !== 'server_close') return false;
  const path = pathOf(callee.of, scope, engine.values);
  const rel = path === undefined ? undefined : relationOf(path, state, tracked.kind);
  return rel?.kind === 'owner' && rel.members.every((m) => m.startsWith(RUNS));
}

/** The call releases a parent of a kind that takes this one along. */
export function endsParent(call: Application, state: State, tracked: Tracked, scope: Scope, engine: Engine): boolean {
  if (tracked.kind.ownedBy.length === 0) return false;
  const patterns = engine.patternsFor(scope);
  const receiver = call.callee.op === 'attr' ? call.callee.of : undefined;
  return tracked.kind.ownedBy.some((name) => {
    const parent = patterns.kinds.get(name);
    const releases = parent ? patterns.releases(call.info.view, parent, {}) : [];
    return releases.some(({ pattern: { handle } }) => {
      const candidates = handle.position.at === 'any-argument' ? call.args.map((a) => a.value) : [operandAt(handle, call.args, receiver)];
      return candidates.some((operand) => operand !== undefined && isOwner(operand, state, tracked, scope, engine));
    });
  });
}

/** The argument is the parent in which the call makes something (`owner:`). */
export function isParentOfNew(argument: Argument, call: Application, scope: Scope, engine: Engine): boolean {
  return engine
    .patternsFor(scope)
    .acquisitions(call.info.view)
    .some(({ pattern: { owner } }) => owner !== undefined && operandAt(owner, call.args, undefined) === argument.value);
}
