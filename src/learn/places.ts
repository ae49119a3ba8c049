/**
 * Which other calls were given the same thing, or made on it? `declare_queue("orders")` and `drop_queue("orders")`, `pump.start()` and
 * `pump.stop()`.
 *
 * A place is how the code writes the thing: a local name, an attribute of the object, a module's name, a text. Names count within their
 * function, attributes and texts within the class; only calls with an opposite name are answered.
 */
import type { Operand } from '../ir/ir.ts';
import { forEachInstr } from '../program/module.ts';
import type { Scope } from '../program/scope.ts';
import { fitOf } from './names.ts';
import type { CallInstr, Origins } from './origins.ts';

export interface Placed {
  readonly scope: Scope;
  readonly instr: CallInstr;
  /** Where the thing stands in the call: -1 for its receiver, else the argument's position. */
  readonly at: number;
  /** The keyword it was passed by. */
  readonly keyword: string | null;
}

type Index = ReadonlyMap<string, readonly Placed[]>;

/** A thing that more calls than this deal with is a constant of the project, no thing that they share. */
const MAX_CALLS = 60;

export class Places {
  readonly #origins: Origins;
  readonly #functions = new WeakMap<Scope['fn'], Index>();
  readonly #classes = new WeakMap<Scope['fn'], Index>();

  constructor(origins: Origins) {
    this.#origins = origins;
  }

  /** Calls on the same place whose name is the opposite of `release`; `instr` itself is left out. */
  opposites(operand: Operand, release: string, how: 'receiver' | 'argument', scope: Scope, instr: { readonly start: number }): readonly Placed[] {
    const place = this.#placeOf(operand, scope);
    if (place === undefined) return [];
    const isLocal = place.startsWith('l:');
    const calls = isLocal || !scope.cls ? (this.#ofFunction(ownerOf(operand, scope)).get(place) ?? []) : this.#ofClasses(scope, place);
    if (calls.length > MAX_CALLS) return [];
    return calls.filter((c) => {
      if (c.at < 0 !== (how === 'receiver') || (c.instr.start === instr.start && c.scope.module === scope.module)) return false;
      const { callee } = c.instr;
      const fit = callee.op === 'attr' || callee.op === 'name' ? fitOf(callee.name, release) : 'none';
      return fit === 'named' || (fit === 'opposite' && how === 'receiver');
    });
  }

  #ofClasses(scope: Scope, place: string): readonly Placed[] {
    return this.#origins.basesOf(scope.cls as NonNullable<Scope['cls']>).flatMap((cls) => {
      let known = this.#classes.get(cls.body);
      if (!known) {
        const found = new Map<string, Placed[]>();
        for (const index of cls.module.members.get(cls.body.index)?.values() ?? []) {
          const fn = cls.module.ir.functions[index];
          if (fn?.kind === 'function') this.#collect({ module: cls.module, fn, cls, definedIn: cls }, found);
        }
        this.#classes.set(cls.body, (known = found));
      }
      return known.get(place) ?? [];
    });
  }

  #ofFunction(scope: Scope): Index {
    let known = this.#functions.get(scope.fn);
    if (!known) {
      const found = new Map<string, Placed[]>();
      this.#collect(scope, found);
      this.#functions.set(scope.fn, (known = found));
    }
    return known;
  }

  #collect(scope: Scope, into: Map<string, Placed[]>): void {
    const add = (operand: Operand, placed: Placed): void => {
      const place = this.#placeOf(operand, scope);
      if (place === undefined) return;
      const list = into.get(place);
      if (list) list.push(placed);
      else into.set(place, [placed]);
    };
    forEachInstr(scope.fn.body, (instr) => {
      if (instr.op !== 'call') return;
      if (instr.callee.op === 'attr') add(instr.callee.of, { scope, instr, at: -1, keyword: null });
      instr.args.forEach((a, at) => add(a.value, { scope, instr, at, keyword: a.kind === 'keyword' ? a.name : null }));
    });
  }

  #placeOf(operand: Operand, scope: Scope): string | undefined {
    if (operand.op === 'const') return operand.kind === 'string' && operand.value !== '' ? `t:${operand.value}` : undefined;
    if (operand.op === 'attr') {
      if (this.#origins.isReceiver(operand.of, scope)) return `@${operand.name}`;
      const base = this.#placeOf(operand.of, scope);
      return base === undefined || base.startsWith('t:') ? undefined : `${base}.${operand.name}`;
    }
    if (operand.op !== 'name' || this.#origins.isReceiver(operand, scope)) return undefined;
    return operand.scope === 'global' ? `g:${operand.name}` : `l:${operand.owner}:${operand.name}`;
  }
}

/** The function whose local the place begins with: a nested function sees the names of the one around it. */
function ownerOf(operand: Operand, scope: Scope): Scope {
  let base = operand;
  while (base.op === 'attr') base = base.of;
  const fn = base.op === 'name' && base.scope === 'closure' ? scope.module.ir.functions[base.owner] : undefined;
  return fn ? { ...scope, fn } : scope;
}
