/** Is a test a coroutine or generator that its runner only makes and never runs? */
import type { ClassUnit } from '../../program/classes.ts';
import type { Scope } from '../../program/scope.ts';
import { defineRule, py, type RuleContext } from '../define.ts';

/** Methods and hooks with which a base class runs tests in its own way. */
const OWN_RUNNER = [
  'run',
  '_callTestMethod',
  '__init__',
  '__init_subclass__',
  '__getattribute__',
  '__call__',
  '_run_test_method',
  'debug',
  '_runTest',
  '_run_once',
  '__new__',
];

export const unrunCoroutineTest = defineRule({
  id: 'unrun-coroutine-test',
  title: 'The test is a coroutine that nobody runs',
  pillar: 'standards',
  cwe: ['CWE-573'],
  severity: 'error',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'A plain `unittest.TestCase` calls its tests and awaits nothing: an `async def` test, or one with `yield`, returns at once and passes without having run.',
    fix: 'Derive from `unittest.IsolatedAsyncioTestCase`, or run the coroutine in the test.',
    bad: [
      py`
        import unittest

        class TestClient(unittest.TestCase):
            async def test_rows(self):    # expect: unrun-coroutine-test
                self.assertEqual([], await self.client.rows())
      `,
      py`
        import unittest

        class TestClient(unittest.TestCase):
            def test_each_row(self):    # expect: unrun-coroutine-test "generator"
                for row in self.rows:
                    yield self.assertTrue, row
      `,
      py`
        import testtools

        class Base(testtools.TestCase):
            pass

        class TestClient(Base):
            async def test_rows(self):    # expect: unrun-coroutine-test
                self.assertEqual([], await self.client.rows())
      `,
    ],
    good: [
      py`
        import unittest

        class TestClient(unittest.IsolatedAsyncioTestCase):
            async def test_rows(self):
                self.assertEqual([], await self.client.rows())
      `,
      py`
        from django.test import TestCase

        class TestClient(TestCase):
            async def test_rows(self):
                self.assertEqual([], await self.client.rows())
      `,
      py`
        from tornado.testing import AsyncTestCase, gen_test
        from twisted.internet import defer
        from twisted.trial import unittest

        class TestClient(AsyncTestCase):
            @gen_test
            async def test_rows(self):
                self.assertEqual([], await self.client.rows())

        class TestProtocol(unittest.TestCase):
            @defer.inlineCallbacks
            def test_rows(self):
                rows = yield self.client.rows()
                self.assertEqual([], rows)

            async def test_more(self):
                self.assertEqual([], await self.client.rows())
      `,
      py`
        import pytest

        @pytest.mark.asyncio
        async def test_rows(client):
            assert await client.rows() == []

        @pytest.mark.anyio
        class TestClient:
            async def test_rows(self, client):
                assert await client.rows() == []

        async def test_with_auto_mode(aiohttp_client):
            assert await aiohttp_client.get("/")
      `,
      py`
        import asyncio
        import functools
        import unittest

        def runs(function):
            @functools.wraps(function)
            def wrapper(*args):
                return asyncio.run(function(*args))
            return wrapper

        class TestClient(unittest.TestCase):
            @runs
            async def test_rows(self):
                self.assertEqual([], await self.client.rows())
      `,
    ],
    misses: 'Functions and plain classes under pytest: whether a plug-in runs them is in its settings, and pytest itself complains.',
  },
  check(context, report) {
    let sites = 0;
    const seen = new Set<Scope['fn']>();
    for (const group of context.groups) {
      if (!group.cls || !/^(unittest|testtools)$/.test(group.framework?.framework ?? '')) continue;
      for (const { scope } of group.tests) {
        const { fn } = scope;
        if (scope.module !== context.module || seen.has(fn)) continue;
        seen.add(fn);
        if (!fn.isAsync && !fn.isGenerator) continue;
        sites++;
        if (fn.decorators.length > 0 || isRunOtherwise(group.cls, context)) continue;
        report({
          module: scope.module,
          start: fn.nameStart,
          end: fn.nameEnd,
          test: fn.qualifiedName,
          message: `${fn.name} is a ${fn.isAsync ? 'coroutine' : 'generator'} and its class runs plain functions only: nothing in it happens`,
        });
      }
    }
    return sites;
  },
});

/** A base, decorator, metaclass or method that may run coroutines. */
function isRunOtherwise(cls: ClassUnit, context: RuleContext): boolean {
  const { engine } = context;
  if (cls.hasUnknownBase || cls.externalBases.some((b) => !engine.options.isKnownBase(b) || /async/i.test(b))) return true;
  return cls.mro.some(
    (c) => c.body.decorators.length > 0 || c.body.bases.some((b) => b.kind !== 'positional') || OWN_RUNNER.some((m) => c.members.has(m)),
  );
}
