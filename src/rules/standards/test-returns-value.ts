/** Does a test return something, which no runner looks at? */
import type { Operand } from '../../ir/ir.ts';
import { callBehind } from '../../program/call-site.ts';
import { forEachInstr, Kind, kindsIn } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { decoratorText } from '../../suite/marks.ts';
import { textOf } from '../../typestate/naming.ts';
import { defineRule, py, type RuleContext } from '../define.ts';

/** Decorators after which the test still returns to the runner. */
const TRANSPARENT =
  /(^|\.)(patch|patch\.(object|dict|multiple)|skip\w*|expectedFailure|mark\.\w+|override_settings|data|unpack|parametrize|attr|idempotent_id|expand|setenv|requires_\w+)$/;

export const testReturnsValue = defineRule({
  id: 'test-returns-value',
  title: 'The test returns a value that nobody looks at',
  pillar: 'standards',
  cwe: ['CWE-573'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'Runners throw away what a test returns: `return a == b` checks nothing. unittest and pytest warn of it, later versions refuse it.',
    fix: 'Assert it: `assert a == b`. What other tests need belongs into a helper or a fixture.',
    bad: [
      py`
        def test_total(invoice):
            return invoice.total() == 3    # expect: test-returns-value
      `,
      py`
        import unittest

        class TestServer(unittest.TestCase):
            def test_create(self):
                server = self.client.create()
                self.assertTrue(server)
                return server    # expect: test-returns-value
      `,
      py`
        from unittest import mock

        @mock.patch("os.getcwd")
        def test_folder(getcwd):
            if getcwd.called:
                return True    # expect: test-returns-value
      `,
    ],
    good: [
      py`
        import unittest

        class TestServer(unittest.TestCase):
            def test_create(self):
                if self.client is None:
                    return
                if self.client.is_old():
                    return self.skipTest("old")
                return self.assertTrue(self.client.create())
      `,
      py`
        from twisted.trial import unittest

        class TestServer(unittest.TestCase):
            def test_create(self):
                deferred = self.client.create()
                deferred.addCallback(self.check)
                return deferred
      `,
      py`
        from tornado.testing import AsyncTestCase, gen_test
        from project import loops

        class TestServer(AsyncTestCase):
            @gen_test
            def test_create(self):
                yield self.client.create()
                return 1

        @loops
        def test_row():
            return 3
      `,
      py`
        import unittest

        class TestRows(unittest.TestCase):
            def check(self, rows):
                self.assertEqual([], rows)

            def test_none(self):
                return self.check([])

            def test_inner(self):
                def rows():
                    return [1]
                return None

        def test_suite():
            return unittest.TestSuite() == None

        def testing_pair():
            return 1, 2

        FIRST, SECOND = testing_pair()
      `,
    ],
    misses: 'Calls of functions that are not in the project: they may return nothing.',
  },
  check(context, report) {
    let sites = 0;
    const seen = new Set<Scope['fn']>();
    for (const group of context.groups) {
      if (
        /trial|tornado/.test(group.framework?.framework ?? '') ||
        (group.cls && (isUnread(group.cls.externalBases, context) || group.cls.hasUnknownBase))
      )
        continue;
      for (const { scope } of group.tests) {
        if (scope.module !== context.module || seen.has(scope.fn)) continue;
        seen.add(scope.fn);
        if (isNoTest(scope)) continue;
        sites++;
        if ((kindsIn(scope.fn.body) & Kind.return) === 0) continue;
        if (scope.fn.isGenerator || !scope.fn.decorators.every((d) => TRANSPARENT.test(decoratorText(d)))) continue;
        forEachInstr(scope.fn.body, (instr) => {
          if (instr.op !== 'return' || !instr.value || !isValue(instr.value, scope, context) || isCalled(scope)) return;
          report({
            module: scope.module,
            start: instr.start,
            end: instr.end,
            test: scope.fn.qualifiedName,
            message: `the runner throws ${textOf(scope.module, instr.value)} away; ${isQuestion(instr.value) ? 'was an assertion meant?' : 'what other tests need belongs into a helper'}`,
          });
        });
      }
    }
    return sites;
  },
});

/** What a runner calls for a suite, a test class inside a test. */
function isNoTest({ fn, cls }: Scope): boolean {
  return /^test_?suite$/i.test(fn.name) || (cls?.body.qualifiedName.includes('<locals>') ?? false);
}

/** A helper that the file calls. Reads the whole file, so it is asked last. */
function isCalled({ fn, module, cls }: Scope): boolean {
  return !cls && (module.text.match(new RegExp(`\\b${fn.name}\\b`, 'g'))?.length ?? 0) > 1;
}

/** A base outside the project that no pack knows may do something with what a test returns. */
function isUnread(bases: readonly string[], context: RuleContext): boolean {
  return bases.some((b) => !context.engine.options.isKnownBase(b));
}

/** An answer of yes or no, which somebody may have wanted to assert. */
const isQuestion = (operand: Operand): boolean => operand.op === 'compare' || (operand.op === 'unary' && operand.operator === 'not');

/** Certainly something else than None. */
function isValue(operand: Operand, scope: Scope, context: RuleContext): boolean {
  switch (operand.op) {
    case 'const':
      return operand.kind !== 'none';
    case 'compare':
    case 'tuple':
    case 'list':
    case 'dict':
    case 'set':
    case 'format':
    case 'binary':
      return true;
    case 'unary':
      return operand.operator === 'not';
    case 'name': {
      const call = callBehind(operand, scope);
      return call !== undefined && operand.scope === 'local' && context.engine.calls.info(call, scope).callee?.kind !== 'function';
    }
    default:
      return false;
  }
}
