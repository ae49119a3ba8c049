/**
 * Does a path lie in a folder that the test itself has made?
 *
 * `open(os.path.join(folder, "data"), "w")` with `folder = tempfile.mkdtemp()` raises where the disk is full, and for no reason of the test's.
 * Followed are names and attributes through what they are given, what helpers return, joins and `/`, and pytest's folders, which come as parameters.
 */
import type { Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import { instrsIn } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Engine } from './engine.ts';

/** Names for names, joins of joins. */
const MAX_STEPS = 8;

export function isInOwnFolder(operand: Operand, scope: Scope, engine: Engine, depth = 0): boolean {
  if (depth > MAX_STEPS) return false;
  const goOn = (o: Operand, at: Scope = scope): boolean => isInOwnFolder(o, at, engine, depth + 1);
  if (operand.op === 'binary') return /^[/+%]$/.test(operand.operator) && goOn(operand.left);
  if (operand.op === 'format') return operand.parts[0] !== undefined && typeof operand.parts[0] !== 'string' && goOn(operand.parts[0]);
  const call = operand.op === 'temp' ? callBehind(operand, scope) : undefined;
  if (call) {
    const { models, view, callee } = engine.calls.info(call, scope);
    if (callee && callee.kind !== 'class') {
      const inside = engine.values.scopeOf(callee);
      const returned = instrsIn(inside.fn.body).filter((i) => i.op === 'return');
      return returned.length > 0 && returned.every((i) => i.value !== null && goOn(i.value, inside));
    }
    if (models.some((m) => m.pattern.effect === 'makes-folder')) return true;
    const first = call.args[0];
    const isPart = view.importPath === 'os.path.join' || models.some((m) => m.pattern.effect === 'wraps');
    if (isPart) return first?.kind === 'positional' && goOn(first.value);
    return call.callee.op === 'attr' && /^(joinpath|join|resolve|absolute|with_suffix|with_name)$/.test(call.callee.name) && goOn(call.callee.of);
  }
  // `TemporaryDirectory().name`
  if (operand.op === 'attr' && operand.name === 'name') return goOn(operand.of);
  if (operand.op === 'attr' && scope.cls && engine.values.of(operand.of, scope)?.kind === 'instance') {
    const given = engine.values.assignedTo(scope.cls, operand.name).filter((a) => a.value.op !== 'const');
    return given.length > 0 && given.every((a) => goOn(a.value, a.scope));
  }
  if (operand.op !== 'name' || operand.scope === 'global') return false;
  const fn = scope.module.ir.functions[operand.owner];
  if (!fn) return false;
  if (fn.params.some((p) => p.name === operand.name)) return engine.patternsFor(scope).typesOfFixture(operand.name).length > 0;
  const defs = factsOf(scope.module, fn).names.get(operand.name) ?? [];
  return defs.length > 0 && defs.every((d) => d.kind === 'value' && goOn(d.value, { ...scope, fn }));
}
