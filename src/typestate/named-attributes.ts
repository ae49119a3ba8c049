/**
 * Which attributes does a loop over names ask for?
 *
 * `for name in ("first", "second"): getattr(self, name).close()` and `for name in "first second".split()` come to each of the names that are written out: the
 * turn for the name under which the obligation is held is taken, and what the loop's variable is called there is a fact of that turn.
 * Leaves out: names that are computed, and names from another module. Whether an earlier turn leaves the loop is not asked.
 */
import type { Instr, Operand } from '../ir/ir.ts';
import { callBehind } from '../program/call-site.ts';
import { callsIn } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Values } from '../program/values.ts';
import { below, type Path, pathOf } from './path.ts';
import type { State } from './state.ts';

/** A name of one name of a tuple: more would be a ring. */
const MAX_NAMES = 3;

/** The place of the loop's variable, and the name that it has in the turn for the obligation; undefined where no turn is for it. */
export function namedTurn(
  instr: Extract<Instr, { op: 'next' }>,
  state: State,
  scope: Scope,
  values: Values,
): { readonly variable: Path; readonly name: string } | undefined {
  const { target } = instr;
  if (target.op !== 'name' || !asksFor(target.name, scope)) return undefined;
  const name = namesIn(instr.iterable, scope, values).find((n) => state.holders.some((h) => `${h}.`.includes(`.${n}.`) || h.includes(`.${n}[`)));
  const variable = name === undefined ? undefined : pathOf(target, scope, values);
  return name === undefined || variable === undefined ? undefined : { variable, name };
}

/** The text that the operand is: written out, or known of the loop's variable in this turn. */
export function textKnown(operand: Operand | undefined, state: State, scope: Scope, values: Values): string | undefined {
  if (operand?.op === 'const') return operand.kind === 'string' ? String(operand.value) : undefined;
  if (operand?.op !== 'name' || operand.scope === 'global') return undefined;
  const path = pathOf(operand, scope, values);
  const fact = path === undefined ? undefined : state.facts.get(path);
  return typeof fact === 'string' ? fact : undefined;
}

/** What of the obligation `getattr(self, name)` answers with, as members of its answer; undefined where nothing of it has that name. */
export function attributeGot(
  call: Pick<Extract<Instr, { op: 'call' }>, 'callee' | 'args'>,
  state: State,
  scope: Scope,
  values: Values,
): readonly string[] | undefined {
  const [of, named] = call.args;
  if (call.callee.op !== 'name' || call.callee.name !== 'getattr' || !of) return undefined;
  const name = textKnown(named?.value, state, scope, values);
  const base = name === undefined ? undefined : pathOf(of.value, scope, values);
  const held = base === undefined ? [] : state.holders.flatMap((h) => below(`${base}.${name}`, h) ?? []);
  return held.length > 0 ? held : undefined;
}

const asked = new WeakMap<Scope['fn'], ReadonlySet<string>>();

/** The function asks for an attribute by the name that the variable stands for. */
function asksFor(variable: string, { fn }: Scope): boolean {
  let known = asked.get(fn);
  if (!known) {
    const found = callsIn(fn.body).flatMap(({ callee, args }) => {
      const named = callee.op === 'name' && callee.name === 'getattr' ? args[1]?.value : undefined;
      return named?.op === 'name' ? [named.name] : [];
    });
    asked.set(fn, (known = new Set(found)));
  }
  return known.has(variable);
}

/** The texts that are written out in what the loop walks. */
function namesIn(iterable: Operand, scope: Scope, values: Values, depth = 0): readonly string[] {
  if (depth > MAX_NAMES) return [];
  switch (iterable.op) {
    case 'list':
    case 'tuple':
    case 'set':
      return iterable.items.flatMap((i) => (i.op === 'const' && typeof i.value === 'string' ? [i.value] : []));
    case 'temp': {
      const call = callBehind(iterable, scope);
      const text = call?.callee.op === 'attr' && call.callee.name === 'split' && call.args.length === 0 ? call.callee.of : undefined;
      return text?.op === 'const' && typeof text.value === 'string' ? text.value.split(/\s+/).filter((n) => n !== '') : [];
    }
    case 'name': {
      const fn = scope.module.ir.functions[iterable.scope === 'global' ? 0 : iterable.owner];
      const [only, ...others] = (fn && factsOf(scope.module, fn).names.get(iterable.name)) ?? [];
      return fn && only?.kind === 'value' && others.length === 0 ? namesIn(only.value, { ...scope, fn }, values, depth + 1) : [];
    }
    case 'attr': {
      const of = values.of(iterable.of, scope);
      const given = of?.kind === 'instance' || of?.kind === 'class' ? values.assignedTo(of.cls, iterable.name) : [];
      return given.length === 1 && given[0] ? namesIn(given[0].value, given[0].scope, values, depth + 1) : [];
    }
    default:
      return [];
  }
}
