/** Is what is asserted true whatever the code under test does? */
import type { Operand } from '../../ir/ir.ts';
import type { Scope } from '../../program/scope.ts';
import { type Assertion, isAboutComparing } from '../../suite/assertions.ts';
import { isLiteral, squeezed } from '../../suite/operands.ts';
import { textOf } from '../../typestate/naming.ts';
import { assertionsOf } from '../assertions.ts';
import { defineRule, py, type RuleContext } from '../define.ts';

export const constantAssertion = defineRule({
  id: 'constant-assertion',
  title: 'The assertion cannot fail',
  pillar: 'comparison',
  cwe: ['CWE-697'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'What is asserted is a constant, or a method that is named and not called: it is true whatever the code under test did.',
    fix: 'Assert something that the code under test makes: call the method, compare the result. That nothing raises needs no assertion.',
    bad: [
      py`
        import unittest

        class TestServer(unittest.TestCase):
            def is_up(self):
                return self.server.state == "up"

            def test_up(self):
                self.assertTrue(self.is_up)    # expect: constant-assertion "is not called"
      `,
      py`
        def test_text():
            assert "the text is right"    # expect: constant-assertion
      `,
      py`
        import unittest

        class TestNumbers(unittest.TestCase):
            def test_numbers(self):
                self.assertEqual(1, 1)    # expect: constant-assertion
                self.assertTrue("yes")    # expect: constant-assertion
                self.assertIsNotNone([])    # expect: constant-assertion
      `,
    ],
    good: [
      py`
        def test_not_reached(rows):
            for row in rows:
                if row == 3:
                    break
            else:
                assert False, "no row is 3"
            assert 0 < 1 < len(rows)
      `,
      py`
        import unittest

        class TestServer(unittest.TestCase):
            @property
            def is_up(self):
                return self.server.state == "up"

            def test_up(self):
                self.assertTrue(self.is_up)
      `,
      py`
        import sys

        DEBUG = "debug" in sys.argv

        def test_flags():
            assert DEBUG
            expected = 3
            assert expected
      `,
      py`
        import unittest

        class TestPair(unittest.TestCase):
            def test_pair(self):
                self.assertEqual([self.first], [self.second])
                self.assertTrue(self.client.ready())
                self.assertIs(True, self.ready)
      `,
      py`
        import unittest

        class TestHook(unittest.TestCase):
            hook = None

            def test_hook(self):
                def hook():
                    return 1
                self.hook = hook
                self.assertIsNotNone(self.hook)

            def test_dict_eq(self):
                self.assertEqual({1: 2}, {1: 2})
      `,
    ],
    misses: 'Names that hold a constant, unless the method is named itself.',
  },
  check(context, report) {
    let sites = 0;
    for (const { scope, assertion } of assertionsOf(context)) {
      sites++;
      const why = whyConstant(assertion, scope, context);
      // A test of comparing or of asserting itself.
      if (why === undefined || isAboutComparing(scope.fn.name) || /assert/i.test(scope.fn.name)) continue;
      const { instr } = assertion;
      report({
        module: scope.module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        message: why.message,
        ...(why.isMarker ? { severity: 'note' as const } : {}),
      });
    }
    return sites;
  },
});

function whyConstant(
  assertion: Assertion,
  scope: Scope,
  context: RuleContext,
): { readonly message: string; readonly isMarker?: boolean } | undefined {
  const { left, right, relation, negated, by } = assertion;
  const shown = (): string => textOf(scope.module, assertion.instr);
  const never = (): { readonly message: string } => ({ message: `${shown()} cannot fail` });
  if (assertion.message?.positional && left.op === 'const' && assertion.message.value.op !== 'const') return undefined; // Two values: assert-two-values.
  if (relation === 'truth') {
    if (by === 'assertIsNotNone') return isLiteral(left) && !(left.op === 'const' && left.kind === 'none') ? never() : undefined;
    if (negated)
      return left.op === 'const' && by !== 'assertIsNone' && (left.value === false || left.value === 0) ? { ...never(), isMarker: true } : undefined;
    // A bare True says "here we are": worth knowing, no mistake.
    if (left.op === 'const')
      return left.value === true || left.value === 1
        ? { ...never(), isMarker: true }
        : left.value === null || left.value === false || left.value === 0 || left.value === ''
          ? undefined
          : never();
    if (left.op === 'function') return { message: `${shown()} asserts a function, which is always true` };
    return methodNotCalled(left, scope, context) ? { message: `${textOf(scope.module, left)} is not called: a method is always true` } : undefined;
  }
  if (relation === 'equal' && !negated && right && isConstant(left) && isConstant(right))
    return squeezed(left, scope) === squeezed(right, scope) ? never() : undefined;
  return undefined;
}

function isConstant(operand: Operand): boolean {
  return (
    isLiteral(operand) &&
    !(operand.op === 'list' || operand.op === 'set'
      ? operand.items.some((i) => !isConstant(i))
      : operand.op === 'dict' && operand.entries.some((e) => e.key === null || !isConstant(e.key) || !isConstant(e.value)))
  );
}

/** A method of the project, undecorated, that is named without parentheses, and never assigned over. */
function methodNotCalled(operand: Operand, scope: Scope, context: RuleContext): boolean {
  if (operand.op !== 'attr') return false;
  const { values } = context.engine;
  const value = values.of(operand, scope);
  if (value?.kind !== 'method') return false;
  const fn = value.ref.module.ir.functions[value.ref.index];
  if (!fn || fn.decorators.length > 0 || fn.kind !== 'function') return false;
  return values.assignedTo(value.cls, operand.name).length === 0 && !scope.module.text.includes(`.${operand.name} =`);
}
