/** Is there a test in which nothing stands? */
import type { Scope } from '../../program/scope.ts';
import { isEmptyBody } from '../../suite/definitions.ts';
import { decoratorText } from '../../suite/marks.ts';
import { defineRule, py } from '../define.ts';

/** Names of files that a runner collects; others hold what its own tests, or their base classes, are made of. */
const COLLECTED = /(^|\/)[Tt]est[^/]*\.py$|(_[Tt]|[a-z\d]T)ests?\.py$/;

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
        import unittest

        class TestServer(unittest.TestCase):
            def setUp(self):
                self.server = start()
                self.assertTrue(self.server.is_ready())

            def test_ready(self):
                pass    # just runs setUp

            def test_states(self):
                # tested with test_ready
                pass

            def test_refused(self):
                pass

            def _test_refused(self):
                self.assertRaises(OSError, connect)
      `,
      py`
        from project.testing import rows

        class TestLazyRows(rows.Contract):
            def test_slices(self):
                pass    # not for lazy rows
      `,
      py`
        def test_that_it_compiles():
            global one, two
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

        def test_session():
            """
            In [1]: 1 + 1
            Out[1]: 2
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

        class Kinds:
            class Nothing(unittest.TestCase):
                def test_nothing(self):
                    pass

        def test_nothing_counts():
            assert Kinds.Nothing("test_nothing").countTestCases() == 1
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
    misses: 'Files whose names no runner collects by default, such as helpers; tests with an argument, which may be there for a fixture.',
  },
  check(context, report) {
    let sites = 0;
    const seen = new Set<Scope['fn']>();
    const { module, engine } = context;
    if (!COLLECTED.test(module.path)) return 0;
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
        // A doctest is its documentation; a declaration is there to be compiled; some say that the setup is the test.
        if (
          />>>|^\s*In \[\d+\]:|^\s*(global|nonlocal)\s|\bno-?op\b|set_?up|#.*\b(tested|covered|checked|not (available|supported|applicable|relevant|needed|implemented)|n\/a|no longer|doesn't|does not|nothing to)\b/im.test(
            module.text.slice(fn.start, fn.end),
          ) ||
          new RegExp(`\\b${fn.name}\\.(skip|todo) *=`).test(module.text)
        )
          continue;
        if (
          group.cls &&
          (group.cls.body.qualifiedName.includes('.') || /noop|no_op|nothing|empty|trivial|dummy|placeholder|pass(es|ing)?$|smoke/i.test(fn.name))
        )
          continue;
        // The other half of the test stands in a method that its base runs beside it.
        if (fn.parent !== null && module.members.get(fn.parent)?.has(`_${fn.name}`)) continue;
        // An override that switches the base's test off (a base outside may have it; one called …TestCase has no tests of its own), and a
        // base's test that others write.
        if (
          scope.cls &&
          scope.definedIn &&
          (engine.values.classes.method(scope.cls, fn.name, scope.definedIn) ||
            scope.cls.hasUnknownBase ||
            scope.cls.externalBases.some((b) => !/TestCase$/.test(b) && !engine.options.isKnownBase(b)) ||
            isOverridden(scope, fn.name))
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
