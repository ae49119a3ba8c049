/**
 * Does a path lie in a folder that the test itself has made?
 *
 * `open(os.path.join(folder, "data"), "w")` with `folder = tempfile.mkdtemp()` raises where the disk is full, and for no reason of the test's.
 * Followed are names and attributes through what they are given, what helpers return, joins and `/`, and pytest's folders, which come as parameters.
 */
import type { Argument, Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import { callsIn, instrsIn } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { operandAt } from './call-transfer.ts';
import type { CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';

/** Names for names, joins of joins. */
const MAX_STEPS = 16;

/** `below`: names that are being followed; `folder = os.path.join(folder, part)` in a loop goes deeper into what it was before. */
export function isInOwnFolder(operand: Operand, scope: Scope, engine: Engine, depth = 0, below: readonly string[] = []): boolean {
  if (depth > MAX_STEPS) return false;
  const goOn = (o: Operand, at: Scope = scope): boolean => isInOwnFolder(o, at, engine, depth + 1, below);
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
  const name = followed(operand);
  if (below.includes(name)) return true;
  if (fn.params.some((p) => p.name === operand.name)) return engine.patternsFor(scope).typesOfFixture(operand.name).length > 0;
  const defs = factsOf(scope.module, fn).names.get(operand.name) ?? [];
  const known = [...below, name];
  return defs.length > 0 && defs.every((d) => d.kind === 'value' && isInOwnFolder(d.value, { ...scope, fn }, engine, depth + 1, known));
}

const followed = ({ owner, name }: Pick<Extract<Operand, { op: 'name' }>, 'owner' | 'name'>): string => `${owner} ${name}`;

const makers = new WeakMap<Scope['fn'], ReadonlySet<CallInstr>>();

/** The calls of the function that make a path where one of its parameters says. */
function makersIn(scope: Scope, engine: Engine): ReadonlySet<CallInstr> {
  let known = makers.get(scope.fn);
  if (!known) {
    const made = callsIn(scope.fn.body).filter((c) => engine.calls.info(c, scope).models.some((m) => m.pattern.effect === 'creates-path'));
    makers.set(scope.fn, (known = new Set(made)));
  }
  return known;
}

/**
 * The calls in a helper that make something in a folder of the test's own when the helper is called like this: `write(tmp / "a", text)` with
 * `open(path, "w")` in it. Misses: helpers of helpers (samples/04-exceptions).
 */
export function madeInOwnFolder(target: Scope, args: readonly Argument[], from: Scope, engine: Engine): ReadonlySet<CallInstr> {
  const made = makersIn(target, engine);
  if (made.size === 0 || args.some((a) => a.kind === 'star' || a.kind === 'double-star')) return NONE;
  const { receiver } = factsOf(target.module, target.fn);
  const positional = args.filter((a) => a.kind === 'positional');
  const own = target.fn.params.slice(receiver ? 1 : 0).flatMap((p, at) => {
    const given = args.find((a) => a.kind === 'keyword' && a.name === p.name) ?? positional[at];
    return given && isInOwnFolder(given.value, from, engine) ? [followed({ owner: target.fn.index, name: p.name })] : [];
  });
  if (own.length === 0) return NONE;
  return new Set(
    [...made].filter((c) =>
      engine.calls.info(c, target).models.every(({ pattern }) => {
        const path =
          pattern.effect === 'creates-path' && pattern.of
            ? operandAt(pattern.of, c.args, c.callee.op === 'attr' ? c.callee.of : undefined)
            : undefined;
        return pattern.effect !== 'creates-path' || (path !== undefined && isInOwnFolder(path, target, engine, 0, own));
      }),
    ),
  );
}

const NONE: ReadonlySet<CallInstr> = new Set();
