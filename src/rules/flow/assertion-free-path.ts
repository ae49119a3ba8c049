/** Can the test pass without an assertion because of a value that it does not control? */

import { callBehind } from '../../program/call-site.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { textOf } from '../../typestate/naming.ts';
import { originOf } from '../../typestate/origin.ts';
import { reachingDefinitions } from '../../typestate/reaching.ts';
import { silentPath } from '../../typestate/silent-path.ts';
import { defineRule, py } from '../define.ts';
import { type Loop, loopsOf } from './loops.ts';
import { branchStep, saysEither, step, testScopes } from './places.ts';

export const assertionFreePath = defineRule({
  id: 'assertion-free-path',
  title: 'Test can pass without asserting anything',
  pillar: 'flow',
  cwe: ['CWE-670'],
  severity: 'note',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The only assertions of the test depend on what the code under test returned. Where that goes the other way, the test ends green without having checked anything.',
    fix: 'Assert the value that the branch asks for, or skip the test explicitly with `self.skipTest(reason)`.',
    bad: [
      py`
        import unittest

        class TestDetails(unittest.TestCase):
            def test_details(self):
                details = self.client.get_quota("demo")
                if details.limits:    # expect: assertion-free-path
                    self.assertIn("used", details.limits)
      `,
      py`
        from service import connect

        def test_answer():
            answer = connect().ask()
            if answer.status != 200:    # expect: assertion-free-path
                return
            assert answer.body == "ok"
      `,
      py`
        import unittest
        import service

        class TestLimits(unittest.TestCase):
            def test_limits(self):
                limits = service.limits("demo")
                for name in ("cores", "ram"):
                    value = limits[name]
                    if value:    # expect: assertion-free-path
                        self.assertGreater(value, 0)
      `,
    ],
    good: [
      py`
        import sys
        import unittest
        from service import run

        class TestRun(unittest.TestCase):
            def test_platform(self):
                if sys.platform == "win32":
                    self.assertEqual(1, run())

            def test_skip(self):
                answer = run()
                if answer.missing:
                    self.skipTest("not installed")
                self.assertTrue(answer.ok)
      `,
      py`
        import pytest
        from service import run

        @pytest.mark.parametrize("strict", [True, False])
        def test_parameter(strict):
            answer = run(strict)
            if strict:
                assert answer.ok
      `,
      py`
        import unittest
        from service import run

        class TestRun(unittest.TestCase):
            def test_fail(self):
                answer = run()
                if answer.status != 200:
                    self.fail("not ok")

            def test_raise(self):
                answer = run()
                if not answer.ok:
                    raise AssertionError(answer)
      `,
      py`
        import unittest
        from service import run

        class TestRun(unittest.TestCase):
            def test_both(self):
                answer = run()
                if answer.ok:
                    self.assertTrue(answer.body)
                else:
                    self.check_error(answer)

            def check_error(self, answer):
                self.assertEqual("gone", answer.error)
      `,
      py`
        from service import run

        def test_smoke():
            answer = run()
            if answer.ok:
                answer.close()
      `,
      py`
        import time
        from service import name_of, run

        def test_comes():
            end = time.time() + 10
            while not run().ok:
                time.sleep(0.1)
                assert time.time() < end

        def test_all_that_have_names():
            for code in range(1000):
                name = name_of(code)
                if name is not None:
                    assert name.isupper()
      `,
    ],
    misses: 'Paths that only a combination of several branches leaves without an assertion.',
  },
  check(context, report) {
    let sites = 0;
    for (const scope of testScopes(context)) {
      if (!/\b(if|and|or|while|match)\b/.test(scope.module.text.slice(scope.fn.start, scope.fn.end))) continue;
      sites++;
      const path = silentPath(scope, context.engine);
      if (path?.decides.kind !== 'branch') continue;
      const { test, outcome } = path.decides;
      if (originOf(test, scope, context.engine, reachingDefinitions(test, scope, context.engine)) !== 'state') continue;
      if (saysEither(test, scope)) continue;
      const round = loopsOf(scope.fn).findLast((l) => l.start <= test.start && test.end <= l.end);
      if (round && (isPoll(round, scope) || isOverRange(round, scope))) continue;
      report({
        module: scope.module,
        start: test.start,
        end: test.end,
        test: scope.fn.qualifiedName,
        message: `if ${textOf(scope.module, test)} is ${outcome ? 'true' : 'false'}${round?.kind === 'for' ? ' in every round' : ''}, the test passes without asserting anything`,
        witnesses: [
          {
            pathKind: 'normal',
            steps: [
              ...path.branches.map((b) => branchStep(context, scope, b.test, b.outcome)),
              step(context, scope, 'exit', Math.max(scope.fn.start, scope.fn.end - 1), `${scope.fn.name} ends without having asserted anything`),
            ],
          },
        ],
      });
    }
    return sites;
  },
});

/** `while not ready(): sleep(); assert time() < end`: that the loop ends is what is checked. */
function isPoll(loop: Loop, { module }: Scope): boolean {
  if (loop.kind !== 'while' || !loop.test || loop.test.op === 'const') return false;
  let asserts = 0;
  let ofTime = 0;
  forEachInstr(loop.body, (i) => {
    if (i.op !== 'assert') return;
    asserts++;
    if (/time|clock|deadline|monotonic|perf_counter|elapsed/i.test(module.text.slice(i.start, i.end))) ofTime++;
  });
  return asserts > 0 && asserts === ofTime;
}

/** The rounds are numbers: the test goes through all there are, and knows that some go the other way. */
function isOverRange(loop: Loop, scope: Scope): boolean {
  let found = false;
  forEachInstr(loop.head, (i) => {
    const call = i.op === 'next' ? callBehind(i.iterable, scope) : undefined;
    if (call?.callee.op === 'name' && call.callee.name === 'range') found = true;
  });
  return found;
}
