/**
 * What does a stub or thread write down that somebody else can read: a list it appends to, a flag it sets, a counter, an event?
 *
 * A record is an instruction of the function whose effect outlives it: it changes something that is no local of its own. Who reads it is
 * looked up in the enclosing functions, the class's hooks and the registered cleanups, by the name or attribute.
 */
import type { Instr, Operand } from '../../ir/ir.ts';
import { forEachInside, operandsOf } from '../../ir/operands.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import type { RuleContext } from '../define.ts';
import { instrsOf } from './statements.ts';

export interface Record {
  readonly instr: Instr;
  readonly kind: 'list' | 'flag' | 'counter' | 'event';
  /** The place: `self.created`, `done`. */
  readonly place: Operand;
  /** Its last name: `created`. */
  readonly name: string;
}

const TAKES = /^(append|appendleft|add|put|put_nowait|extend|insert|update|setdefault|send|write)$/;
const WAKES = /^(set|notify|notify_all|release|set_result|callback|send|switch|wakeup|done)$/;

/** The records of a function, in source order. */
export function recordsOf(scope: Scope, _context: RuleContext): readonly Record[] {
  const out: Record[] = [];
  forEachInstr(scope.fn.body, (instr) => {
    if (instr.op === 'call' && instr.callee.op === 'attr') {
      const kind = TAKES.test(instr.callee.name) ? 'list' : WAKES.test(instr.callee.name) ? 'event' : undefined;
      if (kind) add(instr, kind, instr.callee.of);
    } else if (instr.op === 'augment') add(instr, 'counter', instr.target as Operand);
    else if (instr.op === 'assign') add(instr, 'flag', instr.target as Operand);
  });
  return out;

  function add(instr: Instr, kind: Record['kind'], place: Operand): void {
    const name = outerName(place, scope);
    if (name !== undefined) out.push({ instr, kind, place, name });
  }
}

/** The last name of a place that is not the function's own: `created` of `self.created`, `calls` of `calls[0]`. */
function outerName(place: Operand, scope: Scope): string | undefined {
  let base: Operand = place;
  let name: string | undefined;
  while (base.op === 'attr' || base.op === 'index') {
    if (base.op === 'attr') name ??= base.name;
    base = base.of;
  }
  if (base.op !== 'name') return undefined;
  if (base.scope === 'local' && base.owner === scope.fn.index && !(place.op !== 'name' && /^(self|cls|case|test)$/.test(base.name))) return undefined;
  return name ?? base.name;
}

/** True where a function around the stub, or another one of the class, reads the record's place. */
export function isReadOutside(record: Record, stub: Scope, around: Scope, context: RuleContext): boolean {
  for (const scope of readers(stub, around, context))
    if (instrsOf(scope.fn.body).some((i) => i !== record.instr && readsName(i, record.name))) return true;
  return false;
}

/** The functions in which a record can be looked at: the test, what it is nested in, its other nested functions, the hooks of its class. */
export function readers(stub: Scope, around: Scope, context: RuleContext): readonly Scope[] {
  const out: Scope[] = [around];
  const { functions } = stub.module.ir;
  for (const f of functions) {
    if (f === stub.fn || f === around.fn || (f.kind !== 'function' && f.kind !== 'lambda')) continue;
    const inTest = f.start >= around.fn.start && f.end <= around.fn.end;
    if (inTest && !(f.start >= stub.fn.start && f.end <= stub.fn.end)) out.push({ ...around, fn: f });
  }
  const group = context.groups.find((g) => g.cls !== undefined && g.cls.body === around.cls?.body);
  if (group)
    out.push(
      ...group.tests.filter((t) => t.scope.fn !== around.fn && !around.fn.name.startsWith('test')).map((t) => t.scope),
      ...group.teardown,
      ...group.classTeardown,
    );
  return out;
}

export function readsName(instr: Instr, name: string): boolean {
  if (instr.op === 'assign' && instr.value.op === 'list' && instr.value.items.length === 0) return false; // Its beginning: seen = [].
  if (instr.op === 'assign' && instr.value.op === 'const') return false;
  return operandsOf(instr).some((o) => mentions(o as Operand, name, instr.op === 'assign'));
}

function mentions(operand: Operand, name: string, inAssign: boolean): boolean {
  if ((operand.op === 'name' || operand.op === 'attr') && operand.name === name) return true;
  let found = false;
  forEachInside(operand, (o) => {
    found ||= mentions(o as Operand, name, inAssign);
  });
  return found;
}
