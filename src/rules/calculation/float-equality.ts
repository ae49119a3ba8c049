/** Is the result of floating point arithmetic compared for equality? */
import type { Instr, Operand } from '../../ir/ir.ts';
import { callBehind } from '../../program/call-site.ts';
import { forEachInstr } from '../../program/module.ts';
import { factsOf, type Scope } from '../../program/scope.ts';
import { textOf } from '../../typestate/naming.ts';
import { assertionsOf } from '../assertions.ts';
import { defineRule, py } from '../define.ts';

/** Halves down to 1/1024: sums and products of such numbers are exact as long as they are small. */
const EXACT_PARTS = 1024;

export const floatEquality = defineRule({
  id: 'float-equality',
  title: 'The result of floating point arithmetic is compared exactly',
  pillar: 'calculation',
  cwe: ['CWE-1339'],
  severity: 'note',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'Numbers like 0.1 have no exact binary form, and each operation rounds: `0.1 + 0.2 == 0.3` is false. Whether such a comparison holds depends on the order of operations.',
    fix: 'Compare with a tolerance: `assertAlmostEqual(a, b)`, `pytest.approx`, `math.isclose`.',
    bad: [
      py`
        def test_sum(price):
            assert price + 0.1 == 0.3    # expect: float-equality
      `,
      py`
        import unittest

        class TestRate(unittest.TestCase):
            def test_rate(self):
                expected = self.price * 1.19 + 0.7
                self.assertEqual(expected, self.invoice.total())    # expect: float-equality
      `,
      py`
        def test_mean(rows):
            mean = (rows[0] + rows[1] + rows[2]) / 3
            assert mean == 0.7    # expect: float-equality
            assert sum([0.1, 0.2, 0.3]) == 0.6    # expect: float-equality
      `,
    ],
    good: [
      py`
        import pytest

        def test_sum(price):
            assert price + 0.1 == pytest.approx(0.3)
            assert abs(price + 0.1 - 0.3) < 1e-9
      `,
      py`
        def test_exact(price):
            assert price + 0.5 == 2.25
            assert price * 2.0 == 3.0
            assert price.rate == 0.1
            assert price * 2.2 == "mul"

        def test_kept(client):
            deadline = client.now + 0.1
            client.wait(deadline)
            assert client.deadline == deadline
      `,
      py`
        import unittest
        from decimal import Decimal

        class TestRate(unittest.TestCase):
            def test_rate(self):
                self.assertEqual(Decimal("0.1") + Decimal("0.2"), Decimal("0.3"))
                self.assertAlmostEqual(0.1 + 0.2, 0.3)
                self.assertEqual(0.1, self.config.interval)
      `,
      py`
        import datetime
        import pandas

        def test_mean(times):
            expected = times[0] + 0.4 * pandas.Timedelta(days=1)
            assert times.mean() == expected
            day = datetime.timedelta(days=1)
            assert times[-1] == times[0] + 2 * 0.7 * day
      `,
      py`
        def test_counts(rows):
            assert len(rows) / 2 == 3
            assert len(rows) + 1 == 7
            assert 0.1 + rows.offset > 0.2
      `,
    ],
    misses: 'Arithmetic in the code under test: the test shows only its result.',
  },
  check(context, report) {
    let sites = 0;
    if (!/\d\.\d/.test(context.module.text)) return 0;
    for (const { scope, assertion } of assertionsOf(context)) {
      const { left, right, instr } = assertion;
      if (assertion.relation !== 'equal' || assertion.negated || !right) continue;
      sites++;
      if (isNoNumber(left) || isNoNumber(right)) continue;
      const both = [arithmetic(left, scope, 0), arithmetic(right, scope, 0)];
      // Few assertions calculate anything: what is dear to find is asked of those only.
      if (!both.some((b) => b?.operations) || !both.some((b) => b?.inexact)) continue;
      if (isTolerant(left, scope) || isTolerant(right, scope) || isHandedOn(left, instr, scope) || isHandedOn(right, instr, scope)) continue;
      // One rounding of exact numbers gives the very number that the literal is read as.
      if (both.every((b) => !b || b.operations === 0 || (b.operations === 1 && !b.operandInexact))) continue;
      report({
        module: scope.module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        message: `${textOf(scope.module, both[0]?.operations ? left : right)} is rounded, and compared exactly`,
      });
    }
    return sites;
  },
});

interface Arithmetic {
  readonly operations: number;
  /** A number without exact binary form is in it, or is it. */
  readonly inexact: boolean;
  /** Such a number is an operand of an operation. */
  readonly operandInexact: boolean;
}

/** What is calculated in an operand, through names assigned once; undefined where it is no number. */
function arithmetic(operand: Operand, scope: Scope, depth: number): Arithmetic | undefined {
  if (depth > 8) return undefined; // Deeper sums are generated data.
  switch (operand.op) {
    case 'const': {
      if (operand.kind !== 'float' && operand.kind !== 'int') return undefined;
      const inexact = operand.kind === 'float' && typeof operand.value === 'number' && !Number.isInteger(operand.value * EXACT_PARTS);
      return { operations: 0, inexact, operandInexact: false };
    }
    case 'binary': {
      if (!/^(\+|-|\*|\/|\*\*)$/.test(operand.operator)) return undefined;
      const parts = [operand.left, operand.right].map(
        (o) => arithmetic(o, scope, depth + 1) ?? (isNumberLike(o, scope) ? { operations: 0, inexact: false, operandInexact: false } : undefined),
      );
      const [a, b] = parts;
      if (!a || !b) return undefined;
      const inexact = a.inexact || b.inexact;
      return { operations: a.operations + b.operations + 1, inexact, operandInexact: inexact };
    }
    case 'unary':
      return operand.operator === '-' ? arithmetic(operand.of, scope, depth + 1) : undefined;
    case 'name': {
      const owner = operand.scope === 'local' ? scope.module.ir.functions[operand.owner] : undefined;
      const defs = owner && factsOf(scope.module, owner).names.get(operand.name);
      const [only] = defs ?? [];
      return defs?.length === 1 && only?.kind === 'value' ? arithmetic(only.value, scope, depth + 1) : undefined;
    }
    case 'temp': {
      const call = callBehind(operand, scope);
      const [only] = call?.args ?? [];
      if (!call || call.callee.op !== 'name' || call.callee.name !== 'sum' || only?.value.op !== 'list') return undefined;
      const items = only.value.items.map((i) => arithmetic(i, scope, depth + 1));
      const inexact = items.some((i) => i?.inexact);
      return { operations: items.length, inexact, operandInexact: inexact };
    }
    default:
      return undefined;
  }
}

/** A place that may hold a number; text, lists and sets do not, nor does what a class or a span of time makes: they round as they like. */
function isNumberLike(o: Operand, scope: Scope): boolean {
  if (o.op === 'attr' || o.op === 'index') return true;
  if (o.op !== 'name' && o.op !== 'temp') return false;
  const made = callBehind(o, scope)?.callee;
  return !made || (made.op !== 'name' && made.op !== 'attr') || !/^[A-Z]|delta|^date/.test(made.name);
}

const isNoNumber = (o: Operand): boolean =>
  (o.op === 'const' && o.kind !== 'int' && o.kind !== 'float') || o.op === 'format' || o.op === 'list' || o.op === 'dict' || o.op === 'tuple';

/** The number was given to the code under test, which hands it back as it is. */
function isHandedOn(operand: Operand, at: Instr, scope: Scope): boolean {
  if (operand.op !== 'name') return false;
  let handed = false;
  forEachInstr(scope.fn.body, (i) => {
    if (i.op === 'call' && i !== at && i.end <= at.start && i.args.some((a) => a.value.op === 'name' && a.value.name === operand.name)) handed = true;
    if (i.op === 'assign' && i.target.op === 'attr' && i.value.op === 'name' && i.value.name === operand.name) handed = true;
  });
  return handed;
}

/** Something that compares with a tolerance of its own. */
function isTolerant(operand: Operand, scope: Scope): boolean {
  const call = callBehind(operand, scope);
  return (
    call !== undefined &&
    (call.callee.op === 'attr' || call.callee.op === 'name') &&
    /approx|close|almost|round|Decimal|Fraction|quantize|tolera/i.test(call.callee.name)
  );
}
