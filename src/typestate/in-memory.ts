/**
 * Is what a call opens or wraps only something in memory, so that nothing outside the process is held?
 *
 * `tarfile.open(fileobj=io.BytesIO())`, `http.client.HTTPResponse(FakeSocket())`: an object of the project's own without a base from
 * outside holds what its own code opens, and that is followed there. Callers ask of kinds that reach beyond the object only: a patch or a
 * thread with a double in it is none. Misses: an object of the project that wraps a real file which came from elsewhere (samples/10-holders).
 */
import type { Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import type { Scope } from '../program/scope.ts';
import type { CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';

/** Methods by which an object stands for something else: a path, a descriptor, a function. */
const STANDS_FOR = ['__fspath__', '__index__', '__call__', 'fileno'];

export function isInMemory(instr: CallInstr, scope: Scope, engine: Engine): boolean {
  if (isDouble(instr.args[0]?.value, scope, engine)) return true;
  return instr.args.some((a) => {
    const made = a.value.op === 'temp' || a.value.op === 'name' ? callBehind(a.value, scope) : undefined;
    return made !== undefined && engine.calls.info(made, scope).models.some((m) => m.pattern.effect === 'in-memory');
  });
}

/** An instance of a class without a base from outside, which is no path, number or function to whoever gets it. */
function isDouble(operand: Operand | undefined, scope: Scope, engine: Engine): boolean {
  const value = operand && engine.values.of(operand, scope);
  if (value?.kind !== 'instance' || value.cls.externalBases.length > 0 || value.cls.hasUnknownBase) return false;
  return !STANDS_FOR.some((m) => engine.values.classes.method(value.cls, m) !== undefined);
}
