/**
 * Where are answers kept that depend on an instruction and on the concrete class whose method it stands in?
 *
 * Nearly all instructions are looked at for one class, so the answers of one are a short chain and not a map of their own.
 */
import type { Instr } from '../ir/ir.ts';
import type { ClassUnit } from '../program/classes.ts';

interface Link<T> {
  readonly cls: ClassUnit | undefined;
  readonly value: T;
  readonly next: Link<T> | undefined;
}

export class PerClass<T extends object> {
  readonly #links = new WeakMap<Instr, Link<T>>();

  get(instr: Instr, cls: ClassUnit | undefined): T | undefined {
    for (let link = this.#links.get(instr); link; link = link.next) if (link.cls === cls) return link.value;
    return undefined;
  }

  /** Keeps an answer that is not there yet, and returns it. */
  set(instr: Instr, cls: ClassUnit | undefined, value: T): T {
    this.#links.set(instr, { cls, value, next: this.#links.get(instr) });
    return value;
  }
}
