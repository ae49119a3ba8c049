/** Is `self.fail` called like a logger, with a format and its arguments? It takes one message: the call is a TypeError. */
import type { Instr } from '../../ir/ir.ts';
import type { Scope } from '../../program/scope.ts';
import type { RuleContext } from '../define.ts';
import { defineRule, py } from '../define.ts';
import { callsThat } from '../placed.ts';
import { isFunction } from '../scopes.ts';

/** Methods of a test case that take the message and nothing else. */
const ONE_MESSAGE = new Set(['fail', 'skipTest']);

export const wrongArityFail = defineRule({
  id: 'wrong-arity-fail',
  title: 'fail() is called with more than its message',
  pillar: 'exceptions',
  cwe: ['CWE-755', 'CWE-392'],
  severity: 'error',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: '`self.fail(msg)` takes one message and formats nothing. Called like a logger, `self.fail("no %s", name)`, it raises TypeError: the test still fails, but the message that was to explain the failure is lost.',
    fix: 'Format the message first: `self.fail("no %s" % name)`.',
    bad: [
      py`
        import unittest

        class TestFlavors(unittest.TestCase):
            def test_flavor(self):
                for flavor in list_flavors():
                    if flavor == "m1":
                        break
                else:
                    self.fail("no flavor %s in %s", "m1", list_flavors())    # expect: wrong-arity-fail "2 arguments too many"
      `,
      py`
        import unittest

        class TestPlatform(unittest.TestCase):
            def test_platform(self):
                if platform() != "linux":
                    self.skipTest("not on %s", platform())    # expect: wrong-arity-fail
                self.assertTrue(fork())
      `,
      py`
        import unittest

        class Mixin:
            def check(self, value):
                if value is None:
                    self.fail("nothing for %r", self)    # expect: wrong-arity-fail

        class TestValue(Mixin, unittest.TestCase):
            def test_value(self):
                self.check(read())
      `,
    ],
    good: [
      py`
        import unittest

        class TestFlavors(unittest.TestCase):
            def test_flavor(self):
                if not list_flavors():
                    self.fail("no flavor %s in %s" % ("m1", list_flavors()))
      `,
      py`
        import unittest

        class TestFlavors(unittest.TestCase):
            def fail(self, message, *args):
                super().fail(message % args)

            def test_flavor(self):
                if not list_flavors():
                    self.fail("no flavor %s", "m1")
      `,
      py`
        import unittest

        class TestJob(unittest.TestCase):
            def test_job(self):
                job = start()
                job.fail("because of %s", "x")
                self.assertEqual("failed", job.state)
      `,
      py`
        import unittest

        class TestFlavors(unittest.TestCase):
            def test_flavor(self):
                if not list_flavors():
                    self.fail(msg="no flavor")
      `,
    ],
  },
  check(context, report) {
    const calls = callsThat(context, ({ callee }) => callee.op === 'attr' && ONE_MESSAGE.has(callee.name));
    let sites = 0;
    for (const { instr, scope } of calls) {
      if (instr.callee.op !== 'attr' || !isFunction(scope)) continue;
      if (!isOwn(instr.callee.of, scope, context)) continue;
      sites++;
      const extra =
        instr.args.filter((a) => a.kind === 'positional').length -
        1 +
        instr.args.filter((a) => a.kind === 'keyword' && a.name !== 'msg' && a.name !== 'reason').length;
      if (extra < 1 || instr.args.some((a) => a.kind === 'star' || a.kind === 'double-star')) continue;
      if (context.engine.calls.info(instr, scope).callee) continue; // Overridden in the project: it takes what it says.
      report({
        module: scope.module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        message: `${instr.callee.name}() takes one message, here are ${extra} argument${extra === 1 ? '' : 's'} too many: this raises TypeError instead of telling why the test fails`,
      });
    }
    return sites;
  },
});

/** `self` of a class that is a test class or may be one: its bases are unknown, or it is a mixin without bases of its own. */
function isOwn(receiver: Extract<Instr, { op: 'call' }>['callee'], scope: Scope, context: RuleContext): boolean {
  if (receiver.op !== 'name' || receiver.name !== 'self') return false;
  const value = context.engine.values.of(receiver, scope);
  if (value?.kind !== 'instance') return false;
  return context.engine.options.isKnownBase(value.cls.externalBases[0] ?? 'object') || value.cls.externalBases.some((b) => /Test|Case/.test(b));
}
