/**
 * Which flags of the instance say in the teardown what the test has done?
 *
 * `self.is_set = True` beside the change that the teardown takes back `if self.is_set:`. Facts end with the function that made them, but such a
 * flag is settled: whatever else it is given comes from the class body or from a hook that ran before. So its outcome is carried like that of
 * a constant's test. Misses: the same attribute of another object (samples/07-setup-teardown).
 */
import type { Operand } from '../ir/ir.ts';
import type { ClassUnit } from '../program/classes.ts';
import { forEachInstr } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { methodScope } from '../program/values.ts';
import { CONSTANT } from './branch.ts';
import type { Engine } from './engine.ts';
import { pathOf } from './path.ts';
import { initialState, type State, withFact } from './state.ts';

type Constant = string | number | boolean | null;

const settlingCache = new WeakMap<ClassUnit, WeakMap<Scope['fn'], boolean>>();
const testedCache = new WeakMap<ClassUnit, ReadonlySet<string>>();

/** The state with what the assignment of a constant to `path` settles; the same state where it is no such flag. */
export function settle(state: State, path: string, value: Constant, scope: Scope, engine: Engine): State {
  const name = path.startsWith('@.') ? path.slice(2) : '';
  if (name === '' || !scope.cls || !testedInTeardown(scope.cls, engine).has(name)) return state;
  const { setupNames } = engine;
  if (setupNames.has(scope.fn.name)) return state;
  const isSettled = engine.values
    .assignedTo(scope.cls, name)
    .every((a) => a.scope.fn.kind === 'class' || setupNames.has(a.scope.fn.name) || a.scope.fn.name === '__init__' || isConstant(a.value, value));
  return isSettled ? withFact(state, CONSTANT + path, value) : state;
}

/** The function assigns such a flag. */
export function settlesFlags(scope: Scope, engine: Engine): boolean {
  if (!scope.cls || testedInTeardown(scope.cls, engine).size === 0) return false;
  let byFunction = settlingCache.get(scope.cls);
  if (!byFunction) settlingCache.set(scope.cls, (byFunction = new WeakMap()));
  const known = byFunction.get(scope.fn);
  if (known !== undefined) return known;
  let found = false;
  forEachInstr(scope.fn.body, (i) => {
    if (found || i.op !== 'assign' || i.value.op !== 'const' || i.target.op !== 'attr') return;
    const path = pathOf(i.target, scope, engine.values);
    found = path !== undefined && settle(NOTHING, path, i.value.value, scope, engine) !== NOTHING;
  });
  byFunction.set(scope.fn, found);
  return found;
}

const NOTHING: State = initialState([], false);

const isConstant = (o: Operand, value: Constant): boolean => o.op === 'const' && o.value === value;

/** Attributes of the instance that a teardown hook tests by themselves. */
function testedInTeardown(cls: ClassUnit, engine: Engine): ReadonlySet<string> {
  const known = testedCache.get(cls);
  if (known) return known;
  const out = new Set<string>();
  const visit = (o: Operand, receiver: string | undefined): void => {
    if (o.op === 'unary') visit(o.of, receiver);
    else if (o.op === 'boolean') for (const item of o.items) visit(item, receiver);
    else if (o.op === 'attr' && o.of.op === 'name' && o.of.name === receiver) out.add(o.name);
  };
  for (const hook of new Set(engine.options.frameworks.flatMap((f) => f.teardown))) {
    const ref = engine.values.classes.method(cls, hook);
    if (!ref) continue;
    const scope = methodScope(ref, cls);
    for (const test of engine.cfg(scope).tests.values()) visit(test, engine.facts(scope).receiver?.name);
  }
  testedCache.set(cls, out);
  return out;
}
