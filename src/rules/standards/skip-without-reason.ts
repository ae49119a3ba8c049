/** Is a test skipped without saying why? */
import type { Argument, Operand } from '../../ir/ir.ts';
import { callBehind } from '../../program/call-site.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { isSkipMark } from '../../suite/marks.ts';
import { defineRule, py } from '../define.ts';
import { functionScopes } from '../scopes.ts';
import { isBetween, matchesOf } from '../written.ts';

/** What is raised to skip. */
const RAISED = /^pytest\.skip$|^(unittest\.(case\.)?|unittest2\.|nose\.)SkipTest$/;

export const skipWithoutReason = defineRule({
  id: 'skip-without-reason',
  title: 'A test is skipped and does not say why',
  pillar: 'standards',
  cwe: ['CWE-1076'],
  severity: 'note',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'Nobody knows when a test that is skipped without a reason may run again, so it never does.',
    fix: 'Say why: `@pytest.mark.skip(reason="needs the new driver")`, `self.skipTest("no network")`.',
    bad: [
      py`
        import pytest

        @pytest.mark.skip    # expect: skip-without-reason
        def test_total():
            assert total([1]) == 1
      `,
      py`
        import unittest

        class TestRows(unittest.TestCase):
            @unittest.skip    # expect: skip-without-reason
            def test_rows(self):
                self.assertEqual([], self.rows)

            def test_other(self):
                self.skipTest("")    # expect: skip-without-reason
      `,
      py`
        import unittest
        import pytest

        def test_one():
            pytest.skip()    # expect: skip-without-reason

        def test_two():
            raise unittest.SkipTest    # expect: skip-without-reason

        @pytest.mark.skip()    # expect: skip-without-reason
        class TestThree:
            def test_three(self):
                assert True
      `,
    ],
    good: [
      py`
        import pytest

        @pytest.mark.skip(reason="needs the new driver")
        def test_total():
            assert total([1]) == 1

        @pytest.mark.skip("needs the new driver")
        def test_other():
            assert total([1]) == 1
      `,
      py`
        import sys
        import pytest
        import unittest

        @pytest.mark.skipif(sys.platform == "win32", reason="no fork")
        def test_fork():
            assert fork()

        class TestRows(unittest.TestCase):
            def test_rows(self):
                raise unittest.SkipTest("no rows")
      `,
      py`
        import unittest

        REASON = "no network"

        class TestRows(unittest.TestCase):
            def test_rows(self):
                self.skipTest(REASON)

            @unittest.skip(REASON)
            def test_more(self):
                self.assertTrue(self.rows)
      `,
      py`
        import unittest

        class TestRows(unittest.TestCase):
            def test_skip_is_an_exception(self):
                with self.assertRaises(unittest.SkipTest):
                    self.rows.skip()
                self.rows.skip(3)
                handler = unittest.SkipTest
                self.assertTrue(issubclass(handler, Exception))
      `,
    ],
  },
  check(context, report) {
    const { module, engine } = context;
    const written = matchesOf(/skip/gi, module.text);
    if (written.length === 0) return 0;
    let sites = 0;
    const top: Scope = { module, fn: module.ir.functions[0] as Scope['fn'], cls: undefined, definedIn: undefined };
    const say = (at: { start: number; end: number }, test: string): void =>
      report({ module, start: at.start, end: at.end, test, message: 'skipped without a reason' });
    for (const fn of module.ir.functions) {
      for (const d of fn.decorators) {
        if (!isSkipMark(d, top, engine.values)) continue;
        sites++;
        if (d.op !== 'described-call' || isSilent(d.args)) say(d, fn.qualifiedName);
      }
    }
    for (const scope of functionScopes(context)) {
      if (!isBetween(written, scope.fn.start, scope.fn.end)) continue;
      forEachInstr(scope.fn.body, (instr) => {
        if (instr.op === 'raise' && instr.value) {
          const call = callBehind(instr.value, scope);
          const path = engine.values.canonical(call ? call.callee : instr.value, scope);
          if (path === undefined || !RAISED.test(path)) return;
          sites++;
          if (!call || isSilent(call.args)) say(instr, scope.fn.qualifiedName);
        } else if (instr.op === 'call') {
          const { callee } = instr;
          const skips =
            callee.op === 'attr' && callee.name === 'skipTest' && callee.of.op === 'name' && engine.facts(scope).receiver?.name === callee.of.name;
          if (!skips && engine.values.canonical(callee, scope) !== 'pytest.skip') return;
          sites++;
          if (isSilent(instr.args)) say(instr, scope.fn.qualifiedName);
        }
      });
    }
    return sites;
  },
});

const isBlank = (o: Operand): boolean =>
  o.op === 'const' && (o.value === '' || o.value === null || (typeof o.value === 'string' && o.value.trim() === ''));

function isSilent(args: readonly Argument[]): boolean {
  return args.every((a) => (a.kind === 'positional' || a.name === 'reason' || a.name === 'msg' ? isBlank(a.value) : a.kind === 'keyword'));
}
