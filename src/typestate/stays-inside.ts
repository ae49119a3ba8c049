/**
 * Is it certain from how a call's result is used that nothing outside of the function ever holds it?
 *
 * `with open(path) as file: text = file.read()`: local names have the result, and nothing is done with them but to enter it and to call its
 * methods. What happens to it then is the function's own matter, and a call of the function brings nobody anything: so it need not be followed for
 * those who call it, who are many where a base class's helper is seen from each of hundreds of classes.
 */
import type { Instr, Operand } from '../ir/ir.ts';
import { callsIn, functionsInside, instrsIn } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { forEachOperandIn } from '../suite/operands.ts';
import type { CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';
import { pathOf } from './path.ts';
import type { Site } from './sites.ts';

/** At no exit of the function does anything but its own locals hold what the site brings. */
export function staysInside({ scope, instr, tracked, after, afterRaise }: Site, engine: Engine): boolean {
  if (instr.op !== 'call') return false;
  const place = `${scope.fn.index}%${instr.result}`;
  if ([...after, ...afterRaise].some(({ holders }) => holders.length !== 1 || holders[0] !== place)) return false;
  const methods = methodsOn(instr, scope);
  if (!methods) return false;
  // What a stack of somebody else's is told to call later may keep it, whatever it names.
  if (callsIn(scope.fn.body).some((c) => engine.calls.mayRegister(c, scope))) return false;
  return methods.every((c) => !givesItself(c, tracked.kind.fluent, scope, engine));
}

/** The call may answer with the thing itself or a part of it: `path.resolve()`. */
function givesItself(call: CallInstr, fluent: readonly string[], scope: Scope, engine: Engine): boolean {
  const { indirection, models } = engine.calls.info(call, scope);
  const name = call.callee.op === 'attr' ? call.callee.name : '';
  if (name === '__enter__' || fluent.includes(name) || indirection !== undefined || models.some((m) => m.pattern.effect === 'wraps')) return true;
  // `volume.get("VolumeId")` is another name for a part of it, and that may be what is handed on.
  const { result, start, end } = call;
  return pathOf({ op: 'temp', id: result, start, end }, scope, engine.values) !== `${scope.fn.index}%${result}`;
}

const memo = new WeakMap<CallInstr, readonly CallInstr[] | null>();

/** The calls of methods on the result of a call; null where something else is done with it. */
function methodsOn(call: CallInstr, scope: Scope): readonly CallInstr[] | null {
  let known = memo.get(call);
  if (known === undefined) memo.set(call, (known = findMethods(call, scope)));
  return known;
}

function findMethods(call: CallInstr, { module, fn }: Scope): readonly CallInstr[] | null {
  // What is written inside may read the names, or have it for a parameter's default, and be run anywhere.
  if (functionsInside(module, fn.index).length > 0) return null;
  const temps = new Set([call.result]);
  const names = new Set<string>();
  const hasIt = (o: Operand): boolean => (o.op === 'temp' ? temps.has(o.id) : o.op === 'name' && names.has(o.name));
  /** Of the operands that are it: those that are accounted for. */
  let known = 0;
  for (const i of instrsIn(fn.body)) {
    const target = targetOfIt(i, hasIt);
    if (target === undefined) continue;
    known++;
    if (i.op === 'enter') temps.add(i.result);
    if (target === null) continue;
    // A parameter is the caller's, and a name that is given something else as well may be read for that.
    if (target.op !== 'name' || target.scope !== 'local' || factsOf(module, fn).names.get(target.name)?.length !== 1) return null;
    names.add(target.name);
    known++;
  }
  const methods = callsIn(fn.body).filter(({ callee }) => callee.op === 'attr' && hasIt(callee.of));
  let found = 0;
  forEachOperandIn(fn.body, (o) => {
    if (hasIt(o)) found++;
  });
  return found === known + methods.length ? methods : null;
}

/** What is bound to it where the instruction enters or assigns it, null for nothing; undefined for any other instruction. */
function targetOfIt(instr: Instr, hasIt: (o: Operand) => boolean): Extract<Instr, { op: 'enter' | 'assign' }>['target'] | undefined {
  if (instr.op === 'enter') return hasIt(instr.manager) ? instr.target : undefined;
  return instr.op === 'assign' && hasIt(instr.value) ? instr.target : undefined;
}
