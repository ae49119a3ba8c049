/**
 * What must a domain of abstract states offer so that a dataflow problem over it can be solved?
 *
 * A join-semilattice: an order in which `join` is the least upper bound, "more" meaning "more that may be", i.e. less that is certain.
 * test/laws.test.ts holds every lattice of lattices.ts to the laws stated here.
 */

export interface Lattice<T> {
  readonly name: string;
  /** No path reaches here. join(bottom, a) = a. */
  readonly bottom: T;
  /**
   * Commutative, associative and idempotent up to `equal`. Returns `a` itself if `b` adds nothing, which is how the solver sees that
   * nothing has changed without comparing.
   */
  join(a: T, b: T): T;
  /** An equivalence. */
  equal(a: T, b: T): boolean;
  /** Only for lattices of unbounded height: at least join(before, after), and every chain of widenings comes to an end. */
  widen?(before: T, after: T): T;
  show(value: T): string;
}

/** Whether `a` is below or equal to `b`: joining it in adds nothing. */
export function isBelow<T>(lattice: Lattice<T>, a: T, b: T): boolean {
  return lattice.equal(lattice.join(b, a), b);
}
