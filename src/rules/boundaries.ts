/**
 * Which calls of a module stand at a boundary (configuration: `roles`), and what lies behind an argument?
 *
 * One walk of the module finds all of them, whatever rule asks first; a call whose name no role knows costs one look-up. Module and class
 * bodies are looked at too. Invariant: `behind` follows only names and attributes with a single definition, so its answer is the value.
 */
import type { Matched } from '../config/call-view.ts';
import type { HandlePath, Role, RolePattern } from '../config/model.ts';
import type { IrFunction, Operand } from '../ir/ir.ts';
import { argumentOf } from '../program/call-site.ts';
import { forEachInstr, type ModuleUnit } from '../program/module.ts';
import { type Definition, factsOf, type Scope } from '../program/scope.ts';
import type { CallInstr } from '../typestate/calls.ts';
import type { Engine } from '../typestate/engine.ts';
import type { RuleContext } from './define.ts';
import { callsThat } from './placed.ts';
import { patternsOf } from './scopes.ts';

export interface BoundaryCall {
  readonly instr: CallInstr;
  readonly scope: Scope;
  readonly pattern: RolePattern;
  /** What the role is about; undefined where the call does not give it. */
  readonly argument: Operand | undefined;
}

const MAX_STEPS = 6; // Names for names for names: longer chains are not written by people.

const callsOf = new WeakMap<ModuleUnit, ReadonlyMap<Role, readonly BoundaryCall[]>>();

/** The calls of the module with this role, in source order; not for roles of sources (`reads-…`, `neutralizes`), which `rolesOf` knows. */
export function boundaryCalls(context: RuleContext, role: Role): readonly BoundaryCall[] {
  const { module } = context;
  let known = callsOf.get(module);
  if (!known) callsOf.set(module, (known = collect(context)));
  return known.get(role) ?? [];
}

function collect(context: RuleContext): ReadonlyMap<Role, readonly BoundaryCall[]> {
  const out = new Map<Role, BoundaryCall[]>();
  const { module, engine } = context;
  const { roleNames } = patternsOf(context);
  const mayHave = ({ callee }: CallInstr): boolean => {
    if (callee.op !== 'name' && callee.op !== 'attr') return false;
    return roleNames.has(callee.name) || (callee.op === 'name' && roleNames.has(module.imports.get(callee.name)?.name ?? ''));
  };
  for (const { instr, scope } of callsThat(context, mayHave)) {
    for (const match of rolesOf(instr, scope, engine)) {
      const list = out.get(match.pattern.role);
      const found: BoundaryCall = { instr, scope, pattern: match.pattern, argument: argumentAt(match.pattern.of, instr) };
      // Several patterns of a role may fit; the most exact comes first and is the one that counts.
      if (list === undefined) out.set(match.pattern.role, [found]);
      else if (list[list.length - 1]?.instr !== instr) list.push(found);
    }
  }
  return out;
}

/** The roles of one call. */
export function rolesOf(instr: CallInstr, scope: Scope, engine: Engine): readonly Matched<RolePattern>[] {
  return engine.patternsFor(scope).roles(engine.calls.info(instr, scope).view);
}

function argumentAt(path: HandlePath, instr: CallInstr): Operand | undefined {
  const { position } = path;
  if (position.at === 'argument') return argumentOf(instr.args, position.index, position.name);
  return position.at === 'receiver' && instr.callee.op === 'attr' ? instr.callee.of : undefined;
}

const enteredOf = new WeakMap<IrFunction, ReadonlyMap<string, readonly Definition[]>>();

/** All definitions of a name in a function: those that the facts know, and the names bound by `with … as`. */
export function definitionsOf(name: string, module: ModuleUnit, fn: IrFunction): readonly Definition[] {
  const known = factsOf(module, fn).names.get(name) ?? [];
  let entered = enteredOf.get(fn);
  if (!entered) {
    const found = new Map<string, Definition[]>();
    forEachInstr(fn.body, (instr) => {
      if (instr.op !== 'enter' || instr.target?.op !== 'name') return;
      const definition: Definition = { kind: 'result', instr };
      const list = found.get(instr.target.name);
      if (list) list.push(definition);
      else found.set(instr.target.name, [definition]);
    });
    enteredOf.set(fn, (entered = found));
  }
  const more = entered.get(name) ?? [];
  return more.length === 0 ? known : [...known.filter((d) => d.instr?.op !== 'enter'), ...more];
}

export interface Located {
  readonly operand: Operand;
  readonly scope: Scope;
}

/** The operand that a name, attribute of the instance or module constant stands for, where it is assigned once; itself otherwise. */
export function behind(operand: Operand, scope: Scope, engine: Engine): Located {
  let at: Located = { operand, scope };
  for (let i = 0; i < MAX_STEPS; i++) {
    const next = oneStep(at, engine);
    if (!next) return at;
    at = next;
  }
  return at;
}

function oneStep({ operand, scope }: Located, engine: Engine): Located | undefined {
  const { values } = engine;
  if (operand.op === 'temp') {
    const def = factsOf(scope.module, scope.fn).temps[operand.id];
    return def?.kind === 'value' ? { operand: def.value, scope } : undefined;
  }
  if (operand.op === 'attr') {
    const receiver = scope.cls && values.of(operand.of, scope);
    if (!scope.cls || (receiver?.kind !== 'instance' && receiver?.kind !== 'class')) return undefined;
    const assigned = values.assignedTo(receiver.cls, operand.name);
    const [only] = assigned;
    return assigned.length === 1 && only ? { operand: only.value, scope: only.scope } : undefined;
  }
  if (operand.op !== 'name') return undefined;
  if (operand.scope !== 'global') {
    const fn = scope.module.ir.functions[operand.owner];
    const defs = fn && factsOf(scope.module, fn).names.get(operand.name);
    const def = defs?.length === 1 ? defs[0] : undefined;
    return fn && def?.kind === 'value' ? { operand: def.value, scope: { ...scope, fn } } : undefined;
  }
  const symbol = values.program.global(scope.module, operand.name);
  if (symbol?.kind !== 'variable') return undefined;
  const fn = symbol.module.ir.functions[0] as IrFunction;
  const defs = factsOf(symbol.module, fn).names.get(symbol.name);
  const def = defs?.length === 1 ? defs[0] : undefined;
  return def?.kind === 'value' ? { operand: def.value, scope: { module: symbol.module, fn, cls: undefined, definedIn: undefined } } : undefined;
}

/** The literal behind an operand; undefined where it is computed. */
export function literalBehind(operand: Operand | undefined, scope: Scope, engine: Engine): string | number | boolean | null | undefined {
  if (!operand) return undefined;
  const at = behind(operand, scope, engine).operand;
  if (at.op === 'unary' && at.operator === '-' && at.of.op === 'const' && typeof at.of.value === 'number') return -at.of.value;
  return at.op === 'const' && at.kind !== 'ellipsis' ? at.value : undefined;
}

const DOUBLE = /(^|_|\.)(mock|fake|stub|dummy|patched)/i;

/** The call goes to a stand-in, or is expected to fail: it opens and changes nothing. */
export function isPretended(instr: CallInstr, scope: Scope, engine: Engine): boolean {
  const { view } = engine.calls.info(instr, scope);
  if (DOUBLE.test(view.expression())) return true;
  if (view.enclosingManagers().some((m) => /assertRaises|raises$|patch(\.object)?$|assertWarns/.test(m))) return true;
  const decorators = [...scope.fn.decorators, ...(scope.cls?.body.decorators ?? [])];
  if (instr.callee.op !== 'attr') return false;
  const receiver = behind(instr.callee.of, scope, engine);
  const made = receiver.operand.op === 'temp' ? factsOf(receiver.scope.module, receiver.scope.fn).temps[receiver.operand.id] : undefined;
  if (made?.kind === 'result' && made.instr.op === 'call') {
    if (rolesOf(made.instr, receiver.scope, engine).some((r) => r.pattern.role === 'makes-double')) return true;
    const value = engine.values.of(made.instr.callee, receiver.scope);
    if (value?.kind === 'class') return true; // A class of the project: its bind() or listen() may do anything.
  }
  return decorators.some(
    (d) => d.op === 'described-call' && d.args[0]?.value.op === 'const' && String(d.args[0].value.value).endsWith(`.${view.method}`),
  );
}
