/**
 * Is what a call changes an object that the test itself has made, so that nobody else ever meets the change?
 *
 * `mock.patch.object(driver, "run").start()` where `driver = Driver()`: the driver goes with the test, and the patch with it. Modules,
 * classes, globals and what fixtures give live longer. Misses: objects that a function hands out to everybody (samples/12-patches).
 */
import type { Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import { callsIn } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';

/** Calls with such a name hand out what is there already. */
const SHARED = /instance|singleton|shared|global|default|current|registry|logger|import|module|class/i;
const MAX_COPIES = 4; // Names for names of one object.

export function isOwnObject(operand: Operand, scope: Scope, engine: Engine, depth = 0): boolean {
  const value = engine.values.of(operand, scope);
  // `library.Client()` and `library.Client().session` are objects, `library.Client.session` is not one's own.
  if (value && value.kind !== 'instance' && !(value.kind === 'external' && (value.called || value.path.includes('()')))) return false;
  let base = operand;
  while (base.op === 'attr') {
    if (base.of.op === 'name' && isReceiver(base.of.name, scope)) return isOwnAttribute(base.name, scope, engine, depth);
    base = base.of;
  }
  return isMadeHere(base, scope, engine, depth);
}

function isReceiver(name: string, scope: Scope): boolean {
  const { receiver } = factsOf(scope.module, scope.fn);
  return receiver?.name === name && !receiver.isClass;
}

/** `self.x`, given a new object by a hook or a method each time. */
function isOwnAttribute(name: string, scope: Scope, engine: Engine, depth: number): boolean {
  const given = scope.cls ? engine.values.assignedTo(scope.cls, name).filter((a) => a.value.op !== 'const') : [];
  return given.length > 0 && given.every((a) => a.scope.fn.kind === 'function' && isMadeHere(a.value, a.scope, engine, depth + 1));
}

function isMadeHere(operand: Operand, scope: Scope, engine: Engine, depth: number): boolean {
  if (depth > MAX_COPIES) return false;
  const call = callBehind(operand, scope);
  if (call) return !(call.callee.op === 'attr' || call.callee.op === 'name') || !SHARED.test(call.callee.name);
  if (operand.op === 'attr' && operand.of.op === 'name' && isReceiver(operand.of.name, scope))
    return isOwnAttribute(operand.name, scope, engine, depth + 1);
  if (operand.op !== 'name' || operand.scope !== 'local') return false;
  if (scope.fn.params.some((p) => p.name === operand.name)) return isGivenOwn(operand.name, scope, engine, depth);
  const defs = factsOf(scope.module, scope.fn).names.get(operand.name) ?? [];
  return (
    defs.length > 0 &&
    defs.every((d) =>
      d.kind === 'value'
        ? isMadeHere(d.value, scope, engine, depth + 1)
        : d.instr?.op === 'assign' && d.instr.target.op === 'targets' && isMadeHere(d.instr.value, scope, engine, depth + 1),
    )
  );
}

/** `loop.call_soon(reader.start)` where `start` does `self.loop.add_reader(self)`: whoever gets the object then calls its other methods. */
export function handsItselfOn(method: Operand, scope: Scope, engine: Engine): boolean {
  const value = engine.values.of(method, scope);
  if (value?.kind !== 'method') return false;
  const { fn, module } = engine.values.scopeOf(value);
  const receiver = factsOf(module, fn).receiver?.name;
  return callsIn(fn.body).some((c) => c.args.some((a) => a.value.op === 'name' && a.value.name === receiver));
}

/** A helper's parameter, for which every call in the module gives an object of the test's own. */
function isGivenOwn(name: string, scope: Scope, engine: Engine, depth: number): boolean {
  const { module, fn } = scope;
  const at = fn.params.findIndex((p) => p.name === name) - (factsOf(module, fn).receiver ? 1 : 0);
  let calls = 0;
  for (const by of module.ir.functions) {
    for (const call of by.kind === 'function' ? callsIn(by.body) : []) {
      if (!('name' in call.callee) || call.callee.name !== fn.name) continue;
      calls++;
      const given = call.args.find((a) => a.kind === 'keyword' && a.name === name) ?? call.args.filter((a) => a.kind === 'positional')[at];
      const parent = by.parent === null ? undefined : module.ir.functions[by.parent];
      const cls = parent?.kind === 'class' ? engine.values.classes.get(module, parent.index) : undefined;
      if (!given || depth > MAX_COPIES || !isOwnObject(given.value, { module, fn: by, cls, definedIn: cls }, engine, depth + 1)) return false;
    }
  }
  return calls > 0;
}
