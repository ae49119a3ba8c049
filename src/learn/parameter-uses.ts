/**
 * What does a project helper do to end what it is given? `def remove(server): client.delete_server(server['id'])` deletes its parameter.
 *
 * Only the helper's own body is read, and a helper that it hands the parameter to, to a small depth.
 */
import type { Argument, Operand } from '../ir/ir.ts';
import { forEachInstr } from '../program/module.ts';
import { factsOf, type Scope } from '../program/scope.ts';
import { isReleaseName } from './names.ts';
import type { Origins } from './origins.ts';

export interface ParameterUse {
  readonly callee: Operand;
  readonly handle: 'receiver' | 'argument';
  /** Nothing else is handed over. */
  readonly isAlone: boolean;
  /** From the parameter to what is released: `['id']`. */
  readonly members: string;
  readonly scope: Scope;
}

/** Helpers of helpers that are looked into. */
const MAX_DEPTH = 2;
/** Names that a name is followed through inside the helper. */
const MAX_NAMES = 4;

export class ParameterUses {
  readonly #origins: Origins;
  readonly #known = new WeakMap<Scope['fn'], ReadonlyMap<string, readonly ParameterUse[]>>();

  constructor(origins: Origins) {
    this.#origins = origins;
  }

  /** The calls in the helper that may release the parameter. */
  of(helper: Scope, param: string, depth = 0): readonly ParameterUse[] {
    let known = this.#known.get(helper.fn);
    if (!known) {
      this.#known.set(helper.fn, new Map());
      known = this.#collect(helper, depth);
      this.#known.set(helper.fn, known);
    }
    return known.get(param) ?? [];
  }

  #collect(helper: Scope, depth: number): ReadonlyMap<string, readonly ParameterUse[]> {
    const found = new Map<string, ParameterUse[]>();
    const add = (operand: Operand, callee: Operand, handle: ParameterUse['handle'], isAlone: boolean): void => {
      const root = this.#root(operand, helper, 0);
      if (!root) return;
      const list = found.get(root.name);
      const use: ParameterUse = { callee, handle, isAlone, members: root.members, scope: helper };
      if (list) list.push(use);
      else found.set(root.name, [use]);
    };
    const call = (callee: Operand, args: readonly Argument[]): void => {
      const name = callee.op === 'attr' || callee.op === 'name' ? callee.name : '';
      if (isReleaseName(name)) {
        if (callee.op === 'attr' && args.length === 0) add(callee.of, callee, 'receiver', true);
        for (const a of args) add(a.value, callee, 'argument', args.length === 1);
      }
      // A callable that is handed over with its arguments.
      args.forEach((a, i) => {
        if (a.kind === 'positional' && (a.value.op === 'attr' || a.value.op === 'name') && isReleaseName(a.value.name) && i + 1 < args.length)
          for (const b of args.slice(i + 1)) add(b.value, a.value, 'argument', args.length === i + 2);
      });
      const inner = depth < MAX_DEPTH && args.length > 0 ? this.#origins.helperOf(callee, helper) : undefined;
      if (!inner || inner.fn === helper.fn) return;
      let at = factsOf(inner.module, inner.fn).receiver ? 1 : 0;
      for (const a of args) {
        const param = a.kind === 'keyword' ? a.name : a.kind === 'positional' ? inner.fn.params[at++]?.name : undefined;
        const root = param === undefined ? undefined : this.#root(a.value, helper, 0);
        if (param === undefined || !root) continue;
        const list = found.get(root.name) ?? [];
        list.push(...this.of(inner, param, depth + 1).map((u) => ({ ...u, members: root.members + u.members })));
        found.set(root.name, list);
      }
    };
    forEachInstr(helper.fn.body, (i) => {
      if (i.op === 'call') call(i.callee, i.args);
    });
    return found;
  }

  /** The parameter that an operand is part of. */
  #root(operand: Operand, helper: Scope, steps: number): { readonly name: string; readonly members: string } | undefined {
    if (steps > MAX_NAMES) return undefined;
    if (operand.op === 'attr' || operand.op === 'index') {
      const root = this.#root(operand.of, helper, steps + 1);
      const key = operand.op === 'index' && operand.key.op === 'const' ? `['${operand.key.value}']` : '[*]';
      return root && { name: root.name, members: root.members + (operand.op === 'attr' ? `.${operand.name}` : key) };
    }
    if (operand.op !== 'name' || operand.owner !== helper.fn.index) return undefined;
    const { receiver, names } = factsOf(helper.module, helper.fn);
    if (helper.fn.params.some((p) => p.name === operand.name && p.name !== receiver?.name)) return { name: operand.name, members: '' };
    for (const def of names.get(operand.name) ?? []) {
      if (def.kind === 'value') return this.#root(def.value, helper, steps + 1);
      if (def.kind === 'other' && def.instr?.op === 'next') return this.#root(def.instr.iterable, helper, steps + 1);
    }
    return undefined;
  }
}
