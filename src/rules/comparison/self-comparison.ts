/** Is a value compared with itself? */
import type { Operand } from '../../ir/ir.ts';
import { callBehind } from '../../program/call-site.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { isAboutComparing } from '../../suite/assertions.ts';
import { isSameText, squeezed } from '../../suite/operands.ts';
import { textOf } from '../../typestate/naming.ts';
import { assertionsOf, type PlacedAssertion } from '../assertions.ts';
import { defineRule, py } from '../define.ts';

export const selfComparison = defineRule({
  id: 'self-comparison',
  title: 'A value is compared with itself',
  pillar: 'comparison',
  cwe: ['CWE-1025'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'Both sides are the same expression: the assertion holds whatever the code under test did. Mostly one side was meant to be another variable.',
    fix: 'Compare with the value that is expected. A test of `__eq__` itself should say so in its name, or compare two equal objects.',
    bad: [
      py`
        import unittest

        class TestRename(unittest.TestCase):
            def test_rename(self):
                before, after = self.load(), self.rename()
                self.assertEqual(after.name, after.name)    # expect: self-comparison
      `,
      py`
        def test_total(invoice):
            expected = 3
            total = invoice.total()
            assert total == total    # expect: self-comparison
      `,
      py`
        import unittest

        class TestRows(unittest.TestCase):
            def test_rows(self):
                rows = self.client.rows()
                self.assertEqual(len(rows), len(rows))    # expect: self-comparison
                self.assertTrue(rows[0]["id"] == rows[0]["id"])    # expect: self-comparison
      `,
    ],
    good: [
      py`
        import unittest

        class TestPoint(unittest.TestCase):
            def test_eq(self):
                a = self.point()
                self.assertEqual(a, a)
      `,
      py`
        import unittest

        class TestPoint(unittest.TestCase):
            def test_point(self):
                a, b = self.point(), self.other()
                self.assertTrue(a == a)
                self.assertFalse(a == b)
      `,
      py`
        import math

        def test_missing_value():
            value = float("nan")
            assert value != value
            assert not (value == value)
      `,
      py`
        def test_iterator(rows):
            assert next(rows) == next(rows)
            assert rows.pop() == rows.pop()
      `,
      py`
        def test_property_is_made_once(client):
            assert client.session is client.session
      `,
    ],
    misses: 'Two names of one object.',
  },
  check(context, report) {
    let sites = 0;
    const all = assertionsOf(context);
    for (const placed of all) {
      const { scope, assertion } = placed;
      const { left, right, instr } = assertion;
      if (assertion.relation !== 'equal' || !right) continue;
      sites++;
      if (assertion.negated || left.op === 'const' || !isSameText(left, right, scope) || !isPlace(left) || isOperatorTest(left, placed)) continue;
      if (isAboutComparing(scope.fn.qualifiedName) || /eq|compar|identity|hash/i.test(scope.module.path) || comparesElsewhere(placed, all)) continue;
      report({
        module: scope.module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        message: `${textOf(scope.module, left)} is compared with itself`,
      });
    }
    return sites;
  },
});

/** Displays of literals are the business of constant-assertion. */
function isPlace(operand: Operand): boolean {
  if (operand.op === 'index') return isPlace(operand.of) && !(operand.of.op === 'name' && /^[A-Z]/.test(operand.of.name));
  return operand.op === 'attr' || operand.op === 'temp' || (operand.op === 'name' && !/^[A-Z]/.test(operand.name));
}

/** `e != e` is asked of the operator, and an object just made, of its class. */
function isOperatorTest(operand: Operand, { scope, assertion }: PlacedAssertion): boolean {
  if (scope.module.text.slice(assertion.instr.start, assertion.instr.end).includes('!=')) return true;
  const call = callBehind(operand, scope);
  if (!call) return false;
  const made = call.callee.op === 'name' || call.callee.op === 'attr' ? call.callee.name : '';
  return /^[A-Z]|^type$/.test(made) || (operand.op === 'temp' && !call.args.some((a) => a.value.op !== 'const' && a.value.op !== 'binary'));
}

/** The function looks at the same value's inequality, order or hash too: it is about comparing. */
function comparesElsewhere(placed: PlacedAssertion, all: readonly PlacedAssertion[]): boolean {
  const { scope, assertion } = placed;
  const subject = squeezed(assertion.left, scope);
  const others = all.filter((p) => p.scope.fn === scope.fn && p.assertion !== assertion);
  if (
    others.some((p) => {
      const { left, right, relation, negated } = p.assertion;
      if (relation !== 'order' && !(negated && (relation === 'equal' || relation === 'identical'))) return false;
      return [left, right].some((o) => o !== undefined && squeezed(o, scope) === subject);
    })
  )
    return true;
  return asksHash(scope, subject);
}

function asksHash(scope: Scope, subject: string): boolean {
  let found = false;
  forEachInstr(scope.fn.body, (i) => {
    if (i.op === 'call' && i.callee.op === 'name' && i.callee.name === 'hash' && i.args.some((a) => squeezed(a.value, scope) === subject))
      found = true;
  });
  return found;
}
