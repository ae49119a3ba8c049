/** Are all assertions of a test inside a loop over something that may be empty? */

import type { Instr, Operand } from '../../ir/ir.ts';
import { forEachInside, operandsOf } from '../../ir/operands.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { assertionGrade } from '../../typestate/judgement.ts';
import { textOf } from '../../typestate/naming.ts';
import { mayBeEmpty } from '../../typestate/origin.ts';
import { silentPath } from '../../typestate/silent-path.ts';
import { defineRule, py, type RuleContext } from '../define.ts';
import { type Loop, loopOfNext, loopsOf } from './loops.ts';
import { step, testScopes } from './places.ts';

export const vacuousLoop = defineRule({
  id: 'vacuous-loop',
  title: 'Test asserts only inside a loop that may not run',
  pillar: 'flow',
  cwe: ['CWE-670'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'If the collection is empty, the loop body never runs and the test passes without having checked anything. A regression that returns nothing at all goes unseen.',
    fix: 'Assert first that there is something to look at: `self.assertTrue(items)`, or the expected number of elements.',
    bad: [
      py`
        import unittest

        class TestQuota(unittest.TestCase):
            def test_list(self):
                for quota in self.client.quotas():    # expect: vacuous-loop
                    self.assertIsNotNone(quota.project_id)
      `,
      py`
        from service import fetch_all

        def test_rows():
            rows = fetch_all("users")
            for row in rows:    # expect: vacuous-loop
                assert row.name
      `,
      py`
        import unittest
        import catalog

        class TestCatalog(unittest.TestCase):
            def test_details(self):
                found = catalog.load("shop")
                for name, item in sorted(found.items.items()):    # expect: vacuous-loop
                    with self.subTest(name):
                        self.assertGreater(item.price, 0)
      `,
    ],
    good: [
      py`
        import unittest

        class TestQuota(unittest.TestCase):
            def test_list(self):
                quotas = list(self.client.quotas())
                self.assertNotEqual([], quotas)
                for quota in quotas:
                    self.assertIsNotNone(quota.project_id)
      `,
      py`
        import pytest
        from parser import parse

        CASES = {"1": 1, "2": 2}

        def test_cases():
            for text, value in CASES.items():
                assert parse(text) == value

        def test_literal():
            for text in ("1", "2"):
                assert parse(text)

        @pytest.mark.parametrize("texts", [["1"], ["2", "3"]])
        def test_parameters(texts):
            for text in texts:
                assert parse(text)
      `,
      py`
        import unittest
        from service import make

        class TestMade(unittest.TestCase):
            def test_made(self):
                made = [make(n) for n in range(3)]
                for one in made:
                    self.assertTrue(one.ready)
      `,
      py`
        import unittest
        from service import fetch_all

        class TestRows(unittest.TestCase):
            def setUp(self):
                self.names = ["a", "b"]

            def test_names(self):
                for name in self.names:
                    self.assertIn(name, fetch_all())

            def test_status(self):
                answer = fetch_all()
                self.assertEqual(200, answer.status)
                for row in answer.rows:
                    self.assertTrue(row)
      `,
      py`
        import unittest
        from service import fetch_all

        class TestFound(unittest.TestCase):
            def test_found(self):
                for row in fetch_all():
                    if row.name == "a":
                        break
                else:
                    self.fail("a is not there")
      `,
      py`
        from service import fetch_all

        def test_same():
            rows = fetch_all("users")
            first = rows[0]
            for row in rows:
                assert row.kind == first.kind
      `,
      py`
        from table import Frame

        def test_columns():
            frame = Frame({"a": [1, 2]}, names=["a"])
            for value in frame.a:
                assert frame.scale(value) == value
            for row in Frame([[1, 2]]):
                assert len(row) == 2
      `,
      py`
        import unittest
        from service import fetch_all, kind_of

        class TestKinds(unittest.TestCase):
            def test_kinds(self):
                for form in ["json", "xml"]:
                    for row in fetch_all(form):
                        self.assertTrue(row.name)
                    if form == "json":
                        self.assertEqual("json", kind_of(form))
                    elif form == "xml":
                        self.assertEqual("xml", kind_of(form))
      `,
    ],
    misses: 'Loops in helpers, collections that the analysis cannot trace to a call, and what the test has made itself from a class: `Frame(rows)`.',
  },
  check(context, report) {
    let sites = 0;
    for (const scope of testScopes(context)) {
      if (!/\bfor\b/.test(scope.module.text.slice(scope.fn.start, scope.fn.end))) continue;
      sites++;
      const path = silentPath(scope, context.engine);
      if (path?.decides.kind !== 'loop') continue;
      const { next } = path.decides;
      if (mayBeEmpty(next.iterable, scope, context.engine) !== 'maybe' || isIndexedBefore(next, scope)) continue;
      // Another assertion stands elsewhere, in an arm of a branch that the silent path passes by: there is more to say than this.
      const loop = loopOfNext(scope.fn, next);
      if (assertsOutside(loop, scope, context)) continue;
      const isNested = loop !== undefined && loopsOf(scope.fn).some((l) => l.start < loop.start && loop.end <= l.end);
      const text = textOf(scope.module, next.iterable);
      report({
        module: scope.module,
        start: next.start,
        end: next.end,
        test: scope.fn.qualifiedName,
        message: `all assertions stand in this loop; if ${text} is empty${isNested ? ' in every round' : ''}, the test passes without any`,
        witnesses: [
          {
            pathKind: 'normal',
            steps: [
              step(context, scope, 'branch', next.start, `${text} has no elements: the loop is not entered`),
              step(context, scope, 'exit', Math.max(scope.fn.start, scope.fn.end - 1), `${scope.fn.name} ends without having asserted anything`),
            ],
          },
        ],
      });
    }
    return sites;
  },
});

/** True where some assertion of the function stands outside of the loop. */
function assertsOutside(loop: Loop | undefined, scope: Scope, context: RuleContext): boolean {
  let found = false;
  if (!loop) return found;
  forEachInstr(scope.fn.body, (i) => {
    if (found || (loop.start <= i.start && i.end <= loop.end) || (i.op !== 'assert' && i.op !== 'call' && i.op !== 'raise')) return;
    found = assertionGrade(i, scope, context.engine) === 'direct';
  });
  return found;
}

/** `first = rows[0]` before the loop over `rows`: an empty collection raises there, and the test fails. */
function isIndexedBefore(next: Extract<Instr, { op: 'next' }>, scope: Scope): boolean {
  const { iterable } = next;
  if (iterable.op !== 'name') return false;
  let found = false;
  const visit = (operand: Operand): void => {
    found ||=
      operand.op === 'index' &&
      operand.of.op === 'name' &&
      operand.of.name === iterable.name &&
      operand.key.op === 'const' &&
      typeof operand.key.value === 'number';
    if (!found) forEachInside(operand, (inner) => visit(inner as Operand));
  };
  forEachInstr(scope.fn.body, (i) => {
    if (!found && i.end <= next.start) for (const operand of operandsOf(i)) visit(operand as Operand);
  });
  return found;
}
