/**
 * Does a flag of an object say that it still has what it made?
 *
 * `self.started = True` beside `self.child = Popen(…)`, and `if self.started: self.child.kill()` in another method: as long as the child is held, the
 * flag is set. So it is where the flag is only ever given constants, and each function that fills the attribute sets it afterwards.
 * Misses: what raises between the two leaves the flag as it was (samples/09-helpers).
 */
import type { Operand } from '../ir/ir.ts';
import type { ClassUnit } from '../program/classes.ts';
import type { Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';
import type { State } from './state.ts';

/** The outcome of the test while the state's things are held; undefined where it asks for no such flag. */
export function agreedOutcome(test: Operand, state: State, scope: Scope, engine: Engine): boolean | undefined {
  if (test.op === 'unary' && test.operator === 'not') {
    const inner = agreedOutcome(test.of, state, scope, engine);
    return inner === undefined ? undefined : !inner;
  }
  const { cls } = scope;
  if (!cls || test.op !== 'attr' || test.of.op !== 'name' || test.of.name !== engine.facts(scope).receiver?.name) return undefined;
  const held = state.holders.map((h) => /^@\.(\w+)/.exec(h)?.[1]);
  return held.some((attribute) => attribute !== undefined && attribute !== test.name && agrees(cls, test.name, attribute, engine)) ? true : undefined;
}

const cache = new WeakMap<ClassUnit, Map<string, boolean>>();

/** Whoever fills the attribute sets the flag after it, and nobody else sets it. */
function agrees(cls: ClassUnit, flag: string, attribute: string, engine: Engine): boolean {
  let known = cache.get(cls);
  if (!known) cache.set(cls, (known = new Map()));
  const key = `${flag} ${attribute}`;
  let answer = known.get(key);
  if (answer === undefined) known.set(key, (answer = compare(cls, flag, attribute, engine)));
  return answer;
}

function compare(cls: ClassUnit, flag: string, attribute: string, { values }: Engine): boolean {
  const given = values.assignedTo(cls, flag);
  if (given.length === 0 || !given.every((a) => a.value.op === 'const')) return false;
  const set = given.filter((a) => a.value.op === 'const' && a.value.value === true);
  const filled = values.assignedTo(cls, attribute).filter((a) => a.value.op !== 'const');
  const isBeside = (a: (typeof given)[number], b: (typeof given)[number]): boolean => a.scope.fn === b.scope.fn && a.value.start < b.value.start;
  return (
    set.length > 0 &&
    filled.length > 0 &&
    filled.every((a) => set.some((b) => isBeside(a, b))) &&
    set.every((b) => filled.some((a) => isBeside(a, b)))
  );
}
