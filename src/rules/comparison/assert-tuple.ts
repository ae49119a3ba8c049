/** Is a tuple asserted, which is always true: `assert (a, b)`? */
import { isLiteral } from '../../suite/operands.ts';
import { textOf } from '../../typestate/naming.ts';
import { assertionsOf } from '../assertions.ts';
import { defineRule, py } from '../define.ts';

export const assertTuple = defineRule({
  id: 'assert-tuple',
  title: 'A tuple that is not empty is always true',
  pillar: 'comparison',
  cwe: ['CWE-1023'],
  severity: 'error',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: '`assert (a == b, "message")` asserts a tuple of two, and a tuple with elements is true. The comparison runs and its answer is thrown away.',
    fix: 'Take the parentheses away, `assert a == b, "message"`, or compare the tuple with something.',
    bad: [
      py`
        def test_total():
            total = 1 + 1
            assert (total == 2, "wrong total")    # expect: assert-tuple
      `,
      py`
        def test_total(rows):
            assert (    # expect: assert-tuple
                len(rows) == 2,
                "wrong number of rows",
            )
      `,
      py`
        import unittest

        class TestTotal(unittest.TestCase):
            def test_total(self):
                self.assertTrue((self.total == 2, self.rows == 1))    # expect: assert-tuple
      `,
    ],
    good: [
      py`
        def test_total():
            total = 1 + 1
            assert (total == 2), "wrong total"
      `,
      py`
        def test_pair():
            first, second = 1, 2
            assert (first, second) == (1, 2)
      `,
      py`
        def test_nothing_is_left(rows):
            assert not ()
            assert (*rows,)
      `,
      py`
        import unittest

        class TestTuple(unittest.TestCase):
            def test_truth(self):
                self.assertTrue((42,))
                self.assertFalse(())
      `,
      py`
        def test_long(rows):
            assert (
                len(rows) == 2
                and rows[0] == "id"
            ), "wrong rows"
      `,
    ],
  },
  check(context, report) {
    let sites = 0;
    for (const { scope, assertion } of assertionsOf(context)) {
      if (assertion.relation !== 'truth') continue;
      sites++;
      const { left, instr } = assertion;
      if (assertion.negated || left.op !== 'tuple' || !left.items.some((i) => i.op !== 'star') || (assertion.by !== 'assert' && isLiteral(left)))
        continue;
      report({
        module: scope.module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        message: `${textOf(scope.module, left)} is a tuple and always true: nothing is asserted`,
      });
    }
    return sites;
  },
});
