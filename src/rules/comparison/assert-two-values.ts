/** Is a value given where assertTrue takes its message: `assertTrue(a, b)`? */
import type { Instr, Operand } from '../../ir/ir.ts';
import { callBehind } from '../../program/call-site.ts';
import { factsOf, type Scope } from '../../program/scope.ts';
import type { Assertion } from '../../suite/assertions.ts';
import { isLiteral, isMessage, mentions } from '../../suite/operands.ts';
import { textOf } from '../../typestate/naming.ts';
import { assertionsOf } from '../assertions.ts';
import { defineRule, py } from '../define.ts';

const ONE_VALUE = /^(assertTrue|assertFalse|assert_|failUnless|failIf|assertIsNone|assertIsNotNone)$/;
/** Calls that answer yes or no: what follows them may well be shown when the answer is wrong. */
const ASKS =
  /^_*(any|is|has|can|contains|exists|startswith|endswith|match|search|fullmatch|issubset|issuperset|all|callable|hasattr|isinstance|issubclass|bool|equals?|allclose|array_equal|check|should|supports|includes|within|are|was|did)([A-Z_].*|[a-z]*)$/;

export const assertTwoValues = defineRule({
  id: 'assert-two-values',
  title: 'The second value is only a message',
  pillar: 'comparison',
  cwe: ['CWE-1023'],
  severity: 'error',
  precision: 'very-high',
  default: true,
  since: '0.1.0',
  docs: {
    why: '`assertTrue(a, b)` checks that a is true and shows b if it is not. The two are never compared, so the test passes whatever b is.',
    fix: 'Compare: `assertEqual(a, b)`. Where b is meant as a message, give it by name: `msg=b`.',
    bad: [
      py`
        import unittest

        class TestTokens(unittest.TestCase):
            def test_one_token(self):
                tokens = self.manager.tokens()
                self.assertTrue(len(tokens), 1)    # expect: assert-two-values "assertEqual"
      `,
      py`
        import unittest

        class TestReport(unittest.TestCase):
            def test_report(self):
                expected = {"id": 1}
                result = self.client.report()
                self.assertTrue(expected, result)    # expect: assert-two-values
      `,
      py`
        import unittest
        from project import Status

        class TestDevice(unittest.TestCase):
            def test_status(self):
                self.assertTrue(Status.UNAVAILABLE, self.device.status)    # expect: assert-two-values
                self.assertIsNotNone(self.device.parent, self.parent)    # expect: assert-two-values
                self.assertFalse(self.device.is_free(), True)    # expect: assert-two-values
      `,
    ],
    good: [
      py`
        import unittest

        class TestTokens(unittest.TestCase):
            def test_messages(self):
                tokens = self.manager.tokens()
                reason = self.manager.explain()
                self.assertTrue(tokens, "no tokens")
                self.assertTrue(tokens, f"no tokens in {self.manager}")
                self.assertTrue(tokens, "no tokens in %s" % self.manager)
                self.assertTrue(tokens, "no tokens in {}".format(self.manager))
                self.assertTrue(tokens, reason)
                self.assertTrue(tokens, msg=self.manager)
                self.assertTrue(tokens, self.manager.last_error)
      `,
      py`
        import unittest

        class TestPath(unittest.TestCase):
            def test_what_was_wrong_is_shown(self):
                path = self.make()
                self.assertTrue(path.startswith("/"), path)
                self.assertTrue(isinstance(path, str), type(path))
                self.assertTrue(self.low <= self.value <= self.high, (self.low, self.value, self.high))
                self.assertTrue("token" in self.reply.cookie, self.reply.cookie)

            def check(self, holds, case="first"):
                self.assertTrue(holds, case)
      `,
      py`
        import unittest

        class Base(unittest.TestCase):
            def assertTrue(self, left, right):
                self.assertEqual(bool(left), bool(right))

        class TestOwn(Base):
            def test_own_method(self):
                self.assertTrue(self.one, self.other)
      `,
      py`
        import unittest

        class TestRows(unittest.TestCase):
            def test_rows(self):
                for row, what in self.rows():
                    self.assertTrue(row.ok, what.message)
                    self.assertIsNone(row.fault, repr(row))
                    self.assertTrue(row.ok, row)
      `,
      py`
        import unittest

        class TestRows(unittest.TestCase):
            def test_message_is_made_above(self):
                text = "rows: "
                text += str(len(self.rows))
                self.assertTrue(self.rows, text)
      `,
      py`
        import unittest

        class TestRounds(unittest.TestCase):
            def test_rounds(self):
                for size in (1, 10):
                    self.assertTrue(self.server.rows, size)
                    self.assertIsNone(self.server.fault, size)
                broken = [r for r in self.server.rows if r.fault]
                self.assertFalse(self.server.failed, broken)
      `,
    ],
    misses: 'A string that is meant as the expected value, `assertTrue(name, "eth0")`, cannot be told from a message.',
  },
  check(context, report) {
    let sites = 0;
    for (const { scope, assertion } of assertionsOf(context)) {
      if (!ONE_VALUE.test(assertion.by)) continue;
      sites++;
      if (!assertion.message?.positional || !isSecondValue(assertion, assertion.message.value, scope)) continue;
      const { instr, message } = assertion;
      const [first] = instr.op === 'call' ? instr.args : [];
      if (!first) continue;
      // `assertFalse(x, False)` checks what it says; the second value is a slip, and a comparison is not what is missing.
      const isAnswer = message.value.op === 'const' && message.value.kind === 'bool' && first.value.op !== 'const';
      report({
        module: scope.module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        ...(isAnswer ? { severity: 'note' as const } : {}),
        message: isAnswer
          ? `${textOf(scope.module, message.value)} is only the message of ${assertion.by}, shown when it fails: it decides nothing`
          : `${textOf(scope.module, message.value)} is only the message of ${assertion.by}: it is not compared with ${textOf(scope.module, first.value)}; assertEqual compares`,
      });
    }
    return sites;
  },
});

function isSecondValue(assertion: Assertion, second: Operand, scope: Scope): boolean {
  const { instr } = assertion;
  if (isMessage(second, scope) || isHandedOn(second, scope)) return false;
  const first = assertion.left;
  if (isLiteral(second) && second.op === 'const') return second.kind !== 'none';
  if (assertion.relation !== 'truth' || assertion.right !== undefined) return false; // A comparison: what follows is shown for help.
  if (first.op === 'const') return true;
  // Shown when something is there that should not be: what was found, or the round of the loop in which it was.
  if (/^(assertFalse|failIf)$/.test(assertion.by) || isOfRound(second, instr, scope)) return false;
  if (first.op === 'compare' || first.op === 'boolean' || mentions(first, second, scope) || mentions(second, first, scope)) return false;
  return !asks(first, scope) && !sharesPart(first, second, scope);
}

/** The variable of a loop above. */
function isOfRound(second: Operand, at: Instr, scope: Scope): boolean {
  if (second.op !== 'name') return false;
  return (factsOf(scope.module, scope.fn).names.get(second.name) ?? []).some((d) => d.instr?.op === 'next' && d.instr.start < at.start);
}

/** A parameter of a helper, whose caller knows what it is. */
function isHandedOn(second: Operand, scope: Scope): boolean {
  return second.op === 'name' && !/^test/i.test(scope.fn.name) && scope.fn.params.some((p) => p.name === second.name);
}

/** The value shown is what the question was about: the receiver or an argument, or something made of them. */
function sharesPart(first: Operand, second: Operand, scope: Scope): boolean {
  const call = callBehind(first, scope);
  const parts = call
    ? [...(call.callee.op === 'attr' ? [call.callee.of] : []), ...call.args.map((a) => a.value)]
    : first.op === 'attr' || first.op === 'index'
      ? [first.of]
      : [];
  return parts.some(
    (p) =>
      p.op !== 'const' && !(p.op === 'name' && /^(self|cls|mock|os|sys)$/.test(p.name)) && (mentions(second, p, scope) || mentions(p, second, scope)),
  );
}

function asks(operand: Operand, scope: Scope): boolean {
  const call = callBehind(operand, scope);
  if (call) return (call.callee.op === 'attr' || call.callee.op === 'name') && ASKS.test(call.callee.name);
  if (operand.op === 'attr' || operand.op === 'name') return /^_*(any|is|has|can|was|did|should)_/.test(operand.name);
  return operand.op === 'temp'; // The result of `and`, `or` or a conditional expression.
}
