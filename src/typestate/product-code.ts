/**
 * Which code of the product does a call run, where a step between an acquisition and its release calls it?
 *
 * Product modules are not read for their own sake (program.ts). But `Event()` of the product between two lines of a test is a step that may
 * raise as long as nobody has looked, and most such constructors only store what they get. So the module is read when a raise edge is about to
 * be followed, and only for that question: what the product acquires, releases or keeps stays unknown. Misses: functions made at run time,
 * packages without `__init__.py` (samples/09-helpers); they may raise.
 */
import type { Operand } from '../ir/ir.ts';
import type { ClassUnit } from '../program/classes.ts';
import { callsIn } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import type { Value, Values } from '../program/values.ts';
import type { CallInfo, CallInstr } from './calls.ts';

type Callee = NonNullable<CallInfo['callee']>;

/** Bases of bases in files of their own; deeper hierarchies are not looked through. */
const MAX_BASES = 8;
/** What decides how an object is made, besides `__init__`. */
const MAKERS = ['__new__', '__post_init__', '__attrs_post_init__'];

/**
 * The function, method or class of product code that the call runs, or the name of what it stands for outside of the root
 * (`Future = asyncio.Future`); undefined where it cannot be told.
 */
export function productCallee(instr: CallInstr, value: Value | undefined, scope: Scope, values: Values): Callee | string | undefined {
  if (value?.kind === 'external' && !value.called) return named(value.path, scope, values);
  if (value !== undefined || instr.callee.op !== 'attr') return undefined;
  const of = values.of(instr.callee.of, scope);
  if (of?.kind === 'instance' || of?.kind === 'class') return inheritedMethod(of.cls, instr.callee.name, values, 0);
  return of?.kind === 'super' ? inheritedMethod(of.after, instr.callee.name, values, 0) : undefined;
}

/** The class of product code with that dotted name. */
export function productClass(path: string, from: Scope, values: Values): ClassUnit | undefined {
  const callee = path.includes('()') ? undefined : named(path, from, values);
  return typeof callee === 'object' && callee.kind === 'class' ? callee.cls : undefined;
}

/** True where making an instance runs more than `__init__`, or a metaclass of the project's own has a say. */
export function isMadeSpecially(cls: ClassUnit, values: Values): boolean {
  return (
    MAKERS.some((name) => values.classes.method(cls, name) !== undefined) ||
    cls.mro.some((c) => c.body.bases.some((b) => b.kind === 'keyword' && b.name === 'metaclass' && !isAbstractMeta(b.value)))
  );
}

/** The class changes a method that the base's `name` runs on `self`: what that does is not the base's to say. */
export function changesWhatRuns(cls: ClassUnit, base: ClassUnit, name: string, values: Values): boolean {
  const changed = new Set(cls.mro.flatMap((c) => [...c.members.keys()]));
  const reached = new Set([name]);
  for (const at of reached) {
    const ref = values.classes.method(base, at);
    const fn = ref?.module.ir.functions[ref.index];
    const receiver = ref && fn && factsOf(ref.module, fn).receiver?.name;
    if (!fn || receiver === undefined) continue;
    for (const { callee } of callsIn(fn.body)) {
      if (callee.op !== 'attr' || callee.of.op !== 'name' || callee.of.name !== receiver) continue;
      if (changed.has(callee.name)) return true;
      reached.add(callee.name);
    }
  }
  return false;
}

const isAbstractMeta = (o: Operand): boolean => (o.op === 'name' || o.op === 'attr') && o.name === 'ABCMeta';

/** `product.locks.Event`, `product.locks.Event.make`, `product.locks.Event().set`. */
function named(path: string, from: Scope, values: Values): Callee | string | undefined {
  const [head, member, ...deeper] = path.split('().');
  if (head === undefined || deeper.length > 0 || member?.includes('.') || head.includes('(')) return undefined;
  const found = values.program.product(head, from.module);
  if (!found) return undefined;
  const { symbol } = found;
  const rest = member === undefined ? found.rest : [...found.rest, member];
  if (symbol.kind === 'variable') {
    const name: Operand = { op: 'name', name: symbol.name, scope: 'global', owner: 0, start: 0, end: 0 };
    const module = symbol.module.ir.functions[0] as Scope['fn'];
    const value = values.of(name, { module: symbol.module, fn: module, cls: undefined, definedIn: undefined });
    return value?.kind === 'external' && !value.called && rest.length === 0 ? value.path : undefined;
  }
  if (symbol.kind === 'function') return rest.length === 0 ? { kind: 'function', module: symbol.module, index: symbol.index } : undefined;
  const cls = values.classes.get(symbol.module, symbol.index);
  const [name, ...more] = rest;
  if (name === undefined) return { kind: 'class', cls };
  return more.length === 0 ? methodOf(cls, name, values, 0) : undefined;
}

function methodOf(cls: ClassUnit, name: string, values: Values, depth: number): Callee | undefined {
  const ref = values.classes.method(cls, name);
  if (ref) return { kind: 'method', ref, cls, isBound: false };
  return name === '__init__' ? { kind: 'class', cls } : inheritedMethod(cls, name, values, depth);
}

/** The method as the first base outside of the read program has it. */
function inheritedMethod(cls: ClassUnit, name: string, values: Values, depth: number): Callee | undefined {
  const [nearest] = cls.externalBases;
  if (nearest === undefined || cls.hasUnknownBase || depth > MAX_BASES) return undefined;
  const at: Scope = { module: cls.module, fn: cls.body, cls, definedIn: cls };
  const base = productClass(nearest, at, values);
  return base && !changesWhatRuns(cls, base, name, values) ? methodOf(base, name, values, depth + 1) : undefined;
}
