/** Is there a test in which nothing stands? */
import type { Scope } from '../../program/scope.ts';
import { decoratorText, isEmptyBody } from '../../suite/definitions.ts';
import { defineRule, py } from '../define.ts';

export const emptyTest = defineRule({
  id: 'empty-test',
  title: 'The test is empty, and passes',
  pillar: 'standards',
  cwe: ['CWE-1071'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'A test without a statement is counted as passed: it claims that something is tested.',
    fix: 'Write the test, remove it, or mark it: `@unittest.skip("not written yet")`.',
    bad: [
      py`
        import unittest

        class TestRows(unittest.TestCase):
            def test_rows(self):    # expect: empty-test
                pass
      `,
      py`
        def test_total():    # expect: empty-test
            """The total is the sum of the rows."""
      `,
      py`
        def test_total():    # expect: empty-test
            # total([1, 2]) should be 3
            ...

        async def test_later():    # expect: empty-test
            return
      `,
    ],
    good: [
      py`
        import unittest

        class TestRows(unittest.TestCase):
            @unittest.skip("not written yet")
            def test_rows(self):
                pass
      `,
      py`
        import unittest

        class Base(unittest.TestCase):
            def test_rows(self):
                self.assertEqual([], self.rows)

        class TestNoRows(Base):
            def test_rows(self):
                pass    # has no rows
      `,
      py`
        def test_fixture_can_be_made(server):
            pass

        def test_import():
            import project

        def test_documented():
            """
            >>> 1 + 1
            2
            """
      `,
      py`
        import unittest

        def test_runner_counts():
            class Inner(unittest.TestCase):
                def test_nothing(self):
                    pass
            result = unittest.TestResult()
            unittest.defaultTestLoader.loadTestsFromTestCase(Inner).run(result)
            assert result.testsRun == 1
      `,
      py`
        import unittest

        class Contract(unittest.TestCase):
            def test_open(self):
                pass

        class TestFile(Contract):
            def test_open(self):
                self.assertTrue(open(__file__).close is not None)
      `,
    ],
  },
  check(context, report) {
    let sites = 0;
    const seen = new Set<Scope['fn']>();
    const { module, engine } = context;
    for (const group of context.groups) {
      for (const { scope } of group.tests) {
        const { fn } = scope;
        if (scope.module !== module || seen.has(fn)) continue;
        seen.add(fn);
        sites++;
        if (
          !isEmptyBody(fn) ||
          fn.broken ||
          fn.params.length > (group.cls ? 1 : 0) ||
          fn.decorators.some((d) => !/(^|\.)(asyncio|anyio|trio|coroutine|patch|object)$/.test(decoratorText(d)))
        )
          continue;
        // A doctest is its documentation.
        if (/>>>/.test(module.text.slice(fn.start, fn.end)) || new RegExp(`\\b${fn.name}\\.(skip|todo) *=`).test(module.text)) continue;
        if (
          group.cls &&
          (group.cls.body.qualifiedName.includes('<locals>') || /noop|no_op|nothing|empty|dummy|placeholder|pass(es|ing)?$|smoke/i.test(fn.name))
        )
          continue;
        // An override that switches the base's test off, and a base's test that others write.
        if (
          scope.cls &&
          scope.definedIn &&
          (engine.values.classes.method(scope.cls, fn.name, scope.definedIn) || scope.cls.hasUnknownBase || isOverridden(scope, fn.name))
        )
          continue;
        report({ module, start: fn.nameStart, end: fn.nameEnd, test: fn.qualifiedName, message: `${fn.name} is empty: it passes and tests nothing` });
      }
    }
    return sites;

    function isOverridden(scope: Scope, name: string): boolean {
      return module.ir.functions.some(
        (c) =>
          c.kind === 'class' &&
          c !== scope.definedIn?.body &&
          module.members.get(c.index)?.has(name) === true &&
          engine.values.classes.get(module, c.index).mro.some((m) => m.body === scope.definedIn?.body),
      );
    }
  },
});
