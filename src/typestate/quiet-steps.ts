/**
 * Which steps are no reason to worry about what is held: what the kind calls safe, making another thing, what has just worked?
 *
 * Asked of steps that nothing else is known of, and of those that raise only when the machine fails. Where something has to raise
 * (`with assertRaises(Error):`), nothing is safe.
 */
import type { Patterns } from '../config/call-view.ts';
import type { ResourceKind } from '../config/model.ts';
import type { Instr, Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Values } from '../program/values.ts';
import type { CallInfo, CallInstr } from './calls.ts';
import type { Engine } from './engine.ts';
import { isExpectedToRaise } from './must-raise.ts';
import { relationOf } from './relation.ts';
import { BEGAN, type State } from './state.ts';

const MAX_JOINS = 4; // Names for paths, paths below paths.

/** Making a thing that takes nothing before it is started does not depend on what the test is about. */
export function onlyMakes({ view }: CallInfo, patterns: Patterns): boolean {
  const made = patterns.acquisitions(view);
  return made.length > 0 && made.every((m) => m.pattern.startedBy.length > 0);
}

/** `sock.settimeout(5)`, `os.listdir(folder)`: what the kind says raises nothing on what is held, or on a part of it. */
export function isSafeOnHeld(instr: CallInstr, state: State, kind: ResourceKind, scope: Scope, engine: Engine): boolean {
  if (kind.safe.length === 0) return false;
  const operands = [...receiverOf(instr), ...instr.args.map((a) => placeOf(a.value, scope, engine.values))];
  const isOnHeld = operands.some((o) => {
    const rel = relation(o, state, kind, scope, engine);
    return rel !== undefined && rel !== 'owner';
  });
  if (!isOnHeld || isExpectedToRaise(instr, scope, engine)) return false;
  return engine.patternsFor(scope).matches(engine.calls.info(instr, scope).view, kind.safe);
}

/** The call is made on the held resource, or gets it: `file.write(answer)`. Or it is there to raise. */
export function isWorthSaying(instr: Instr, state: State, kind: ResourceKind, scope: Scope, engine: Engine): boolean {
  if (instr.op !== 'call' || isSafeOnHeld(instr, state, kind, scope, engine)) return false;
  const operands = [...receiverOf(instr), ...instr.args.map((a) => a.value)];
  return isExpectedToRaise(instr, scope, engine) || operands.some((o) => relation(o, state, kind, scope, engine) !== undefined);
}

/**
 * The same call has just worked: it made the thing that is held and makes another in the next turn of its loop, or it starts the next of several.
 * Or it runs the same program (`Popen([sys.executable, …])`), or takes over what was made along with the thing, `io.open(r)` of `r, w = os.pipe()`. Only a failing machine says no then.
 */
export function wentWellBefore(instr: CallInstr, site: Instr | undefined, state: State, scope: Scope, engine: Engine): boolean {
  if (instr === site || state.facts.get(BEGAN) === instr.start || (site?.op === 'call' && runsTheSame(instr, site, scope, engine))) return true;
  const patterns = engine.patternsFor(scope);
  const [first] = instr.args;
  const made = first?.value.op === 'name' ? madeWith(first.value, scope) : undefined;
  if (!made) return false;
  const { view } = engine.calls.info(instr, scope);
  return patterns.acquisitions(engine.calls.info(made, scope).view).some((m) => patterns.releases(view, m.kind, {}).length > 0);
}

/** Two calls of one function with command lines that begin alike. */
function runsTheSame(a: CallInstr, b: CallInstr, scope: Scope, { values }: Engine): boolean {
  const program = ({ args: [line] }: CallInstr): Operand | undefined =>
    line?.value.op === 'list' || line?.value.op === 'tuple' ? line.value.items[0] : undefined;
  const [one, other] = [program(a), program(b)];
  if (!one || !other || values.canonical(a.callee, scope) === undefined || values.canonical(a.callee, scope) !== values.canonical(b.callee, scope))
    return false;
  if (one.op === 'const' || other.op === 'const') return one.op === 'const' && other.op === 'const' && one.value === other.value;
  return values.canonical(one, scope) !== undefined && values.canonical(one, scope) === values.canonical(other, scope);
}

/** The call of which the name got a part: `os.pipe()` for `r` of `r, w = os.pipe()`. */
function madeWith(name: Extract<Operand, { op: 'name' }>, scope: Scope): CallInstr | undefined {
  const [def, ...others] = factsOf(scope.module, scope.fn).names.get(name.name) ?? [];
  return others.length === 0 && def && def.kind !== 'value' && def.instr?.op === 'assign' ? callBehind(def.instr.value, scope) : undefined;
}

const receiverOf = ({ callee }: CallInstr): readonly Operand[] => (callee.op === 'attr' ? [callee.of] : []);

function relation(operand: Operand, state: State, kind: ResourceKind, scope: Scope, engine: Engine): string | undefined {
  const path = engine.path(operand, scope);
  return path === undefined ? undefined : relationOf(path, state, kind)?.kind;
}

/** `os.path.join(folder, 'name')`, or what was called so a line before: the folder. Anything else is itself. */
function placeOf(operand: Operand, scope: Scope, values: Values): Operand {
  let at = operand;
  for (let i = 0; i < MAX_JOINS; i++) {
    const call = callBehind(at, scope);
    const [def, ...others] = at.op === 'name' && at.scope === 'local' ? (factsOf(scope.module, scope.fn).names.get(at.name) ?? []) : [];
    const inner: Operand | undefined =
      call && call.args[0] && values.canonical(call.callee, scope) === 'os.path.join'
        ? call.args[0].value
        : at.op === 'binary' && at.operator === '/'
          ? at.left
          : def?.kind === 'value' && others.length === 0 && isJoined(def.value, scope, values)
            ? def.value
            : undefined;
    if (!inner) return at;
    at = inner;
  }
  return at;
}

function isJoined(value: Operand, scope: Scope, values: Values): boolean {
  const call = callBehind(value, scope);
  return (value.op === 'binary' && value.operator === '/') || (call !== undefined && values.canonical(call.callee, scope) === 'os.path.join');
}
