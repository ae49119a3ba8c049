/**
 * Does every lattice keep the laws of dataflow/lattice.ts?
 *
 * Elements are made of random atoms of all sizes, bottoms inside included, so that every height and every way to write an element occurs.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isBelow, type Lattice } from '../src/dataflow/lattice.ts';
import { disjuncts, disjunctsOf, flat, mapOf, mustMap, mustSet, pair, powerset } from '../src/dataflow/lattices.ts';

interface Case<T> {
  readonly lattice: Lattice<T>;
  readonly element: fc.Arbitrary<T>;
}

const states = powerset(['open', 'closed', 'escaped']);
const anyStates = fc.integer({ min: 0, max: 7 });
const full = powerset(Array.from({ length: 32 }, (_, i) => `s${i}`));
const numbers = flat<number>();
const anyNumber = fc.oneof(
  fc.constant({ kind: 'none' } as const),
  fc.integer({ min: 0, max: 3 }).map((value) => ({ kind: 'one', value }) as const),
  fc.constant({ kind: 'any' } as const),
);
const names = fc.constantFrom('a', 'b', 'c');
const byName = mapOf<string, number>(states);
const anyByName = fc.array(fc.tuple(names, anyStates)).map((entries) => new Map(entries) as ReadonlyMap<string, number>);
const flags = mustMap<string, boolean>();
const anyFlags = fc.option(fc.array(fc.tuple(names, fc.boolean())).map((entries) => new Map(entries) as ReadonlyMap<string, boolean>));
const certain = mustSet<string>();
const anyCertain = fc.option(fc.array(names).map((elements) => new Set(elements) as ReadonlySet<string>));
const few = disjuncts(states, 2);
const anyFew = fc.array(anyStates, { maxLength: 5 }).map((each) => disjunctsOf(states, 2, each));

function caseOf<T>(lattice: Lattice<T>, element: fc.Arbitrary<T>): Case<unknown> {
  return { lattice, element } as unknown as Case<unknown>;
}

const CASES: readonly Case<unknown>[] = [
  caseOf(states, anyStates),
  caseOf(full, fc.integer()),
  caseOf(numbers, anyNumber),
  caseOf(byName, anyByName),
  caseOf(
    mapOf<string, ReadonlyMap<string, number>>(byName),
    fc.array(fc.tuple(names, anyByName)).map((entries) => new Map(entries)),
  ),
  caseOf(flags, anyFlags),
  caseOf(certain, anyCertain),
  caseOf(pair(flags, certain), fc.tuple(anyFlags, anyCertain)),
  caseOf(few, anyFew),
  caseOf(
    disjuncts(pair(flags, states), 3),
    fc.array(fc.tuple(anyFlags, anyStates), { maxLength: 6 }).map((each) => disjunctsOf(pair(flags, states), 3, each)),
  ),
];

describe.each(CASES)('$lattice.name', ({ lattice, element }) => {
  const { join, equal, bottom } = lattice;
  test('join is commutative', () => {
    fc.assert(fc.property(element, element, (a, b) => equal(join(a, b), join(b, a))));
  });
  test('join is associative', () => {
    fc.assert(fc.property(element, element, element, (a, b, c) => equal(join(join(a, b), c), join(a, join(b, c)))));
  });
  test('join is idempotent and returns its first argument itself', () => {
    fc.assert(fc.property(element, (a) => Object.is(join(a, a), a)));
  });
  test('bottom is its identity', () => {
    fc.assert(fc.property(element, (a) => Object.is(join(a, bottom), a) && equal(join(bottom, a), a)));
  });
  test('what has been joined in adds nothing any more', () => {
    fc.assert(
      fc.property(element, element, (a, b) => {
        const joined = join(a, b);
        return Object.is(join(joined, b), joined) && Object.is(join(joined, a), joined) && isBelow(lattice, a, joined) && isBelow(lattice, b, joined);
      }),
    );
  });
  test('equal is an equivalence, and equal values look the same', () => {
    fc.assert(
      fc.property(element, element, element, (a, b, c) => {
        expect(equal(a, a)).toBe(true);
        expect(equal(a, b)).toBe(equal(b, a));
        if (equal(a, b) && equal(b, c)) expect(equal(a, c)).toBe(true);
        // Joining twice in another order gives an equal value in another representation.
        expect(lattice.show(join(a, join(b, c)))).toBe(lattice.show(join(join(c, b), a)));
      }),
    );
  });
});

test('a powerset does not take more states than an int has bits', () => {
  expect(() => powerset(Array.from({ length: 33 }, (_, i) => `s${i}`))).toThrow(RangeError);
});

test('disjuncts above their limit collapse and stay so', () => {
  const two = disjunctsOf(states, 2, [1, 2]);
  const three = few.join(two, disjunctsOf(states, 2, [4]));
  expect(few.show(two)).toBe('[closed or open]');
  expect(few.show(three)).toBe('joined [open|closed|escaped]');
  expect(few.join(two, disjunctsOf(states, 2, [1]))).toBe(two);
});
