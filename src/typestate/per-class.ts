/**
 * Where are answers kept that depend on an instruction, a function or a module, and on the concrete class that it is seen from?
 *
 * By class first: questions come class by class, and a base class's helper is asked about for each of hundreds of subclasses. The answers live as
 * long as their owner, an engine; weak references would cost the collector more than they could save.
 */
import type { Instr } from '../ir/ir.ts';
import type { ClassUnit } from '../program/classes.ts';

export class PerClass<T extends object, K extends object = Instr> {
  readonly #byClass = new Map<ClassUnit | undefined, Map<K, T>>();
  #class: ClassUnit | undefined;
  /** The answers for `#class`. */
  #answers = new Map<K, T>();

  constructor() {
    this.#byClass.set(undefined, this.#answers);
  }

  get(key: K, cls: ClassUnit | undefined): T | undefined {
    return (cls === this.#class ? this.#answers : this.#of(cls)).get(key);
  }

  /** Keeps an answer that is not there yet, and returns it. */
  set(key: K, cls: ClassUnit | undefined, value: T): T {
    (cls === this.#class ? this.#answers : this.#of(cls)).set(key, value);
    return value;
  }

  /** The answers for another class, which are asked next, too. */
  #of(cls: ClassUnit | undefined): Map<K, T> {
    this.#class = cls;
    let answers = this.#byClass.get(cls);
    if (!answers) this.#byClass.set(cls, (answers = new Map()));
    this.#answers = answers;
    return answers;
  }
}
