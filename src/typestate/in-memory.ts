/**
 * Is what a call opens or wraps only something in memory, so that nothing outside the process is held?
 *
 * `tarfile.open(fileobj=io.BytesIO())`, `http.client.HTTPResponse(FakeSocket())`: an object of the project's own without a base from
 * outside holds what its own code opens, and that is followed there. So does what was given one in place of what it would have opened
 * itself: `connection.sock = FakeSocket()`, then `connection.getresponse()`. Callers ask of kinds that reach beyond the object only: a patch or a
 * thread with a double in it is none. Misses: an object of the project that wraps a real file which came from elsewhere (samples/10-holders).
 */
import type { AcquireMatch } from '../config/call-view.ts';
import type { Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import { forEachInstr } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import type { CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';

/** Methods by which an object stands for something else: a path, a descriptor, a function. */
const STANDS_FOR = ['__fspath__', '__index__', '__call__', 'fileno'];

/** Nothing that the function would have to give back: a part of its owner, something in memory, or what the pattern does not speak of. */
export function makesNothing(match: AcquireMatch, instr: CallInstr, scope: Scope, engine: Engine): boolean {
  if (match.pattern.borrowed || isAwaitedOfAnother(match, instr, scope, engine)) return true;
  return (match.pattern.reach ?? match.kind.reach) !== 'process' && isInMemory(instr, scope, engine);
}

/**
 * `await listener.accept()`: what is awaited comes from no library whose calls wait themselves; the receiver has only a name like one of its
 * objects.
 */
function isAwaitedOfAnother({ pattern, kind }: AcquireMatch, instr: CallInstr, scope: Scope, engine: Engine): boolean {
  if (pattern.method === undefined || pattern.awaited || kind.contextManager !== 'sync' || kind.release.some((r) => r.awaited)) return false;
  return engine.isAwaitExpression(instr.result, scope);
}

function isInMemory(instr: CallInstr, scope: Scope, engine: Engine): boolean {
  if (isDouble(instr.args[0]?.value, scope, engine) || makesNothingElse(instr, scope, engine)) return true;
  if (instr.callee.op === 'attr' && wasGivenDouble(instr.callee.of, instr.start, scope, engine)) return true;
  return instr.args.some((a) => {
    if (a.value.op === 'attr') return isAttributeInMemory(a.value, scope, engine);
    const made = a.value.op === 'temp' || a.value.op === 'name' ? callBehind(a.value, scope) : undefined;
    return made !== undefined && makesNothingElse(made, scope, engine);
  });
}

/** `self.engine`, which the class makes in memory wherever it makes one. */
function isAttributeInMemory({ of, name }: Extract<Operand, { op: 'attr' }>, scope: Scope, engine: Engine): boolean {
  if (of.op !== 'name' || !scope.cls || engine.facts(scope).receiver?.name !== of.name) return false;
  const all = engine.values.assignedTo(scope.cls, name);
  return (
    all.length > 0 &&
    all.every(({ scope: by, value }) => {
      const made = value.op === 'temp' ? callBehind(value, by) : undefined;
      return made !== undefined && makesNothingElse(made, by, engine);
    })
  );
}

const makesNothingElse = (instr: CallInstr, scope: Scope, engine: Engine): boolean =>
  engine.calls.info(instr, scope).models.some((m) => m.pattern.effect === 'in-memory');

/** `connection.sock = FakeSocket()` stands before the call in the function. */
function wasGivenDouble(receiver: Operand, before: number, scope: Scope, engine: Engine): boolean {
  if (receiver.op !== 'name' || receiver.scope !== 'local') return false;
  let found = false;
  forEachInstr(scope.fn.body, (i) => {
    if (found || i.start > before || i.op !== 'assign' || i.target.op !== 'attr' || i.target.of.op !== 'name') return;
    found = i.target.of.name === receiver.name && isDouble(i.value, scope, engine);
  });
  return found;
}

/** An instance of a class without a base from outside, which is no path, number or function to whoever gets it. */
function isDouble(operand: Operand | undefined, scope: Scope, engine: Engine): boolean {
  const value = operand && engine.values.of(operand, scope);
  if (value?.kind !== 'instance' || value.cls.externalBases.length > 0 || value.cls.hasUnknownBase) return false;
  return !STANDS_FOR.some((m) => engine.values.classes.method(value.cls, m) !== undefined);
}
