/**
 * Which values do a class and its bases assign to an attribute?
 *
 * In the class body (`name = value`) and in its methods (`self.name = value`, `cls.name = value`), in the order of the bases. Leaves out: `setattr`, and what is
 * assigned from outside of the class.
 */
import type { IrFunction, Operand } from '../ir/ir.ts';
import type { Assigned, ClassUnit, OwnAssignment } from './classes.ts';
import { storesIn } from './module.ts';
import { factsOf } from './scope.ts';

const nothing: readonly Assigned[] = [];

/** All of them, over the whole order of the class. */
export function assignmentsIn(cls: ClassUnit, name: string): readonly Assigned[] {
  let out: Assigned[] | undefined;
  for (const c of cls.mro) {
    const own = (c.ownAssigned ?? ownAssignments(c)).get(name);
    if (!own) continue;
    out ??= [];
    for (const { fn, value } of own) out.push({ scope: { module: c.module, fn, cls, definedIn: c }, value });
  }
  return out ?? nothing;
}

/** What the class itself assigns: in its body, then in its methods. Hundreds of subclasses ask for it. */
function ownAssignments(cls: ClassUnit): ReadonlyMap<string, readonly OwnAssignment[]> {
  const { module, body, members } = cls;
  const out = new Map<string, OwnAssignment[]>();
  const add = (name: string, fn: IrFunction, value: Operand): void => {
    const list = out.get(name);
    if (list) list.push({ fn, value });
    else out.set(name, [{ fn, value }]);
  };
  for (const [name, defs] of factsOf(module, body).names) {
    for (const d of defs) if (d.kind === 'value' && d.instr.op === 'assign') add(name, body, d.value);
  }
  for (const index of members.values()) {
    const fn = module.ir.functions[index];
    const receiver = fn?.kind === 'function' ? factsOf(module, fn).receiver?.name : undefined;
    if (!fn || receiver === undefined) continue;
    for (const i of storesIn(fn.body)) {
      if (i.op === 'assign' && i.target.op === 'attr' && i.target.of.op === 'name' && i.target.of.name === receiver) add(i.target.name, fn, i.value);
    }
  }
  cls.ownAssigned = out;
  return out;
}
