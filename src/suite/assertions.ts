/**
 * What does an assertion assert: which value, compared how, with which other value?
 *
 * `assert a == b`, `self.assertEqual(a, b)`, `self.assertTrue(a == b)` and `assert not a != b` all say the same; here they look the same.
 * Read by name: unittest's methods and their old spellings, whatever the receiver, because the classes that have them inherit them. A method
 * that the project defines itself under such a name is not read: nobody knows its arguments. Left out: assertions that take callables.
 */
import type { Instr, Operand } from '../ir/ir.ts';
import { argumentOf } from '../program/call-site.ts';
import type { Scope } from '../program/scope.ts';
import type { Value } from '../program/values.ts';

export type Relation = 'truth' | 'equal' | 'identical' | 'contains' | 'order' | 'close';

export interface Assertion {
  readonly instr: Extract<Instr, { op: 'assert' | 'call' }>;
  readonly relation: Relation;
  readonly negated: boolean;
  /** The value asserted, or the left (first) of two. */
  readonly left: Operand;
  /** The second of two; undefined for truth. */
  readonly right: Operand | undefined;
  /** The method as written, or `assert`. */
  readonly by: string;
  /** The message, and how it is given; positional arguments beyond the values count as one. */
  readonly message: { readonly value: Operand; readonly positional: boolean } | undefined;
}

interface Shape {
  readonly relation: Relation;
  readonly negated: boolean;
  readonly names: readonly [string] | readonly [string, string];
  readonly message?: string;
}

const truth = (negated: boolean): Shape => ({ relation: 'truth', negated, names: ['expr'] });
const two = (relation: Relation, negated = false): Shape => ({ relation, negated, names: ['first', 'second'] });

/** Methods by name; the names are those of their parameters. */
const METHODS: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['assertTrue', truth(false)],
  ['assert_', truth(false)],
  ['failUnless', truth(false)],
  ['assertNotEmpty', truth(false)],
  ['assertFalse', truth(true)],
  ['failIf', truth(true)],
  ['assertIsNone', { relation: 'truth', negated: true, names: ['obj'] }],
  ['assertIsNotNone', { relation: 'truth', negated: false, names: ['obj'] }],
  ...[
    'assertEqual',
    'assertEquals',
    'failUnlessEqual',
    'assertListEqual',
    'assertDictEqual',
    'assertTupleEqual',
    'assertSetEqual',
    'assertSequenceEqual',
    'assertItemsEqual',
    'assertCountEqual',
    'assertMultiLineEqual',
  ].map((name): [string, Shape] => [name, two('equal')]),
  ...['assertNotEqual', 'assertNotEquals', 'failIfEqual'].map((name): [string, Shape] => [name, two('equal', true)]),
  ['assertIs', two('identical')],
  ['assertIsNot', two('identical', true)],
  ['assertIn', two('contains')],
  ['assertNotIn', two('contains', true)],
  ...['assertLess', 'assertLessEqual', 'assertGreater', 'assertGreaterEqual'].map((name): [string, Shape] => [name, two('order')]),
  ...['assertAlmostEqual', 'assertAlmostEquals', 'failUnlessAlmostEqual'].map((name): [string, Shape] => [name, two('close')]),
]);

const OPERATORS: Readonly<Record<string, readonly [Relation, boolean]>> = {
  '==': ['equal', false],
  '!=': ['equal', true],
  '<>': ['equal', true],
  is: ['identical', false],
  'is not': ['identical', true],
  in: ['contains', false],
  'not in': ['contains', true],
  '<': ['order', false],
  '<=': ['order', false],
  '>': ['order', false],
  '>=': ['order', false],
};

/** Who knows what a callee stands for. */
export interface Meanings {
  of(callee: Operand, scope: Scope): Value | undefined;
}

/** The assertion that an instruction is; undefined where it is none that is read here. */
export function assertionOf(instr: Instr, scope: Scope, meanings: Meanings): Assertion | undefined {
  if (instr.op === 'assert') {
    const message = instr.message === null ? undefined : { value: instr.message, positional: false };
    return settled({ instr, relation: 'truth', negated: false, left: instr.test, right: undefined, by: 'assert', message });
  }
  if (instr.op !== 'call' || instr.callee.op !== 'attr') return undefined;
  const by = instr.callee.name;
  const shape = METHODS.get(by);
  if (!shape || instr.args.some((a) => a.kind === 'star' || a.kind === 'double-star')) return undefined;
  const left = argumentOf(instr.args, 0, shape.names[0]);
  const right = shape.names.length === 1 ? undefined : argumentOf(instr.args, 1, shape.names[1] ?? null);
  if (!left || (shape.names.length === 2 && !right) || isDefinedByProject(instr, scope, meanings)) return undefined;
  const positional = shape.relation === 'close' ? undefined : argumentOf(instr.args, shape.names.length, null);
  const named = argumentOf(instr.args, null, 'msg');
  const message = positional ? { value: positional, positional: true } : named && { value: named, positional: false };
  const assertion: Assertion = { instr, relation: shape.relation, negated: shape.negated, left, right, by, message };
  return shape.names[0] === 'obj' ? assertion : settled(assertion);
}

/** True for names that `assertionOf` may know: a cheap test before anything is resolved. */
export function soundsLikeAssertion(instr: Instr): boolean {
  return instr.op === 'assert' || (instr.op === 'call' && instr.callee.op === 'attr' && METHODS.has(instr.callee.name));
}

/** `assert False`, `self.assertEqual(0, 1)`: written to fail wherever it is reached. */
export function neverHolds(instr: Instr, scope: Scope, meanings: Meanings): boolean {
  const by = instr.op === 'call' && instr.callee.op === 'attr' ? METHODS.get(instr.callee.name) : undefined;
  if (instr.op === 'assert' ? instr.test.op !== 'const' : instr.op !== 'call' || by === undefined || instr.args[0]?.value.op !== 'const')
    return false;
  const assertion = assertionOf(instr, scope, meanings);
  if (assertion?.left.op !== 'const' || !/^(none|bool|int|string)$/.test(assertion.left.kind)) return false;
  const { relation, negated, left, right } = assertion;
  if (relation === 'truth') return Boolean(left.value) === negated;
  if (relation !== 'equal' || right?.op !== 'const' || right.kind !== left.kind) return false;
  return (left.value === right.value) === negated;
}

function isDefinedByProject(instr: Extract<Instr, { op: 'call' }>, scope: Scope, meanings: Meanings): boolean {
  const value = meanings.of(instr.callee, scope);
  return value?.kind === 'method' || value?.kind === 'function' || value?.kind === 'nested' || value?.kind === 'class';
}

/** The truth of a comparison is the comparison; `not` turns it. */
function settled(assertion: Assertion): Assertion {
  let { relation, negated, left, right } = assertion;
  while (relation === 'truth') {
    if (left.op === 'unary' && left.operator === 'not') {
      left = left.of;
      negated = !negated;
    } else if (left.op === 'compare' && left.rest.length === 1) {
      const [only] = left.rest as [(typeof left.rest)[number]];
      const known = OPERATORS[only.operator];
      if (!known) break;
      relation = known[0];
      negated = known[1] !== negated;
      right = only.value;
      left = left.left;
    } else break;
  }
  return { ...assertion, relation, negated, left, right };
}

const ABOUT_COMPARING =
  /eq(ual|uiv|s|_|$|[A-Z])|__eq__|comp(ar|at)|cmp|hash|identi|reflexiv|ident|same|nan|order|richcmp|sort|operator|contain|stable|copy|singleton|cache|rel(ation)?s?_|immutab|constan/i;

/** True for names of tests of equality, order and identity themselves, which compare what is known on purpose. */
export function isAboutComparing(name: string): boolean {
  return ABOUT_COMPARING.test(name);
}
