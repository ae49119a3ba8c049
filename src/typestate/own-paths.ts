/**
 * Has the test itself made the path that a call removes?
 *
 * `os.unlink(PATH)` raises where there is no such file. Where a setup hook of the class, or the function before the call, has written to
 * the same place, there is one, and only a failing machine raises. A whole tree goes wherever it lies in a folder of the test's own.
 */
import type { ModelPattern } from '../config/model.ts';
import type { Operand } from '../ir/ir.ts';
import { forEachInstr } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { methodScope } from '../program/values.ts';
import { operandAt } from './call-transfer.ts';
import type { CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';
import { isInOwnFolder } from './own-folders.ts';
import type { Path } from './path.ts';

interface PathEvent {
  readonly path: Path;
  readonly at: number;
  readonly made: boolean;
}

const eventCache = new WeakMap<Engine, Map<Scope['fn'], readonly PathEvent[]>>();

/** True where the path that `removal` takes away was made before by the same function or by a setup hook of its class, or a new one has a folder. */
export function isOwnPath(instr: CallInstr, removal: ModelPattern, scope: Scope, engine: Engine): boolean {
  const operand = removal.of ? operandAt(removal.of, instr.args, instr.callee.op === 'attr' ? instr.callee.of : undefined) : undefined;
  if (
    operand &&
    (removal.effect === 'creates-path' || engine.calls.info(instr, scope).view.method === 'rmtree') &&
    isInOwnFolder(operand, scope, engine)
  )
    return true;
  if (removal.effect === 'creates-path') return false;
  const path = operand && engine.path(operand, scope);
  if (path === undefined) return false;
  const isOf = (e: PathEvent): boolean => e.path === path;
  const here = pathEvents(scope, engine).filter((e) => isOf(e) && e.at < instr.start);
  if (here.length > 0) return here[here.length - 1]?.made === true;
  if (!path.startsWith('@') && !path.startsWith('g:')) return false;
  return setupsOf(scope, engine).some((s) => s.fn !== scope.fn && pathEvents(s, engine).filter(isOf).at(-1)?.made === true);
}

/** The calls of the function that make, write or remove a path, in source order. */
function pathEvents(scope: Scope, engine: Engine): readonly PathEvent[] {
  let memo = eventCache.get(engine);
  if (!memo) eventCache.set(engine, (memo = new Map()));
  const known = memo.get(scope.fn);
  if (known) return known;
  const out: PathEvent[] = [];
  memo.set(scope.fn, out);
  const patterns = engine.patternsFor(scope);
  const put = (operand: Operand | undefined, at: number, made: boolean): void => {
    const path = operand && engine.path(operand, scope);
    if (path !== undefined) out.push({ path, at, made });
  };
  forEachInstr(scope.fn.body, (i) => {
    if (i.op !== 'call' || !(i.callee.op === 'attr' || i.callee.op === 'name') || !patterns.roleNames.has(i.callee.name)) return;
    const info = engine.calls.info(i, scope);
    const receiver = i.callee.op === 'attr' ? i.callee.of : undefined;
    const made = !info.models.some((m) => m.pattern.effect === 'removes-path');
    for (const r of patterns.roles(info.view)) if (r.pattern.role === 'changes-path') put(operandAt(r.pattern.of, i.args, receiver), i.start, made);
  });
  return out;
}

/** The setup hooks of the class that the function belongs to, whatever its framework. */
function setupsOf(scope: Scope, engine: Engine): readonly Scope[] {
  const { cls } = scope;
  if (!cls) return [];
  return [...engine.setupNames].flatMap((name) => {
    const ref = engine.values.classes.method(cls, name);
    return ref ? [methodScope(ref, cls)] : [];
  });
}
