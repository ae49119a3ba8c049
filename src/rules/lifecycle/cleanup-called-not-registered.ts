/** Is a cleanup called where it should be registered: `addCleanup(x.close())`? */

import { callBehind } from '../../program/call-site.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { mayBeOneOf } from '../../typestate/call-names.ts';
import { operandAt } from '../../typestate/call-transfer.ts';
import { textOf } from '../../typestate/naming.ts';
import { defineRule, py } from '../define.ts';
import { callsThat } from '../placed.ts';
import { isFunction, patternsOf } from '../scopes.ts';

/** Calls that make a callable: their result may well be registered. */
const MAKES_CALLABLE = /partial|lambda|callback|closure|make|factory|wrap|bind|getattr|methodcaller|get_|func/i;
const RELEASES =
  /^(close|stop|cleanup|clean_up|shutdown|terminate|kill|join|unlink|remove|rmtree|rmdir|delete\w*|stopall|quit|disconnect|release|server_close|tear_?down\w*)$/i;

const mayRegister = mayBeOneOf((pack) => pack.registrations);

export const cleanupCalledNotRegistered = defineRule({
  id: 'cleanup-called-not-registered',
  title: 'The cleanup runs now, and its result is registered',
  pillar: 'lifecycle',
  cwe: ['CWE-672', 'CWE-772'],
  severity: 'error',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: '`addCleanup(x.close())` closes x at once and registers what `close()` returned, which is None and fails when it is called at the end.',
    fix: 'Pass the callable, not its result: `addCleanup(x.close)`; arguments follow it: `addCleanup(os.unlink, path)`.',
    bad: [
      py`
        import unittest

        class TestHeader(unittest.TestCase):
            def test_header(self):
                file = open("a.csv")
                self.addCleanup(file.close())    # expect: cleanup-called-not-registered
      `,
      py`
        import os
        import unittest

        class TestPath(unittest.TestCase):
            def test_path(self):
                self.addCleanup(os.unlink("a.csv"))    # expect: cleanup-called-not-registered
      `,
      py`
        from unittest import mock
        import unittest

        class TestPatch(unittest.TestCase):
            def setUp(self):
                patcher = mock.patch("os.getcwd")
                patcher.start()
                self.addCleanup(patcher.stop())    # expect: cleanup-called-not-registered

            def test_nothing(self):
                self.assertTrue(True)
      `,
    ],
    good: [
      py`
        import unittest

        class TestHeader(unittest.TestCase):
            def test_header(self):
                file = open("a.csv")
                self.addCleanup(file.close)
      `,
      py`
        import functools
        import unittest

        class TestHeader(unittest.TestCase):
            def test_header(self):
                file = open("a.csv")
                self.addCleanup(functools.partial(file.close))
      `,
      py`
        import unittest

        class TestHeader(unittest.TestCase):
            def stopper(self):
                return lambda: None

            def test_header(self):
                self.addCleanup(self.stopper())
      `,
      py`
        import os
        import unittest

        class TestPath(unittest.TestCase):
            def test_path(self):
                self.addCleanup(os.unlink, "a.csv")
      `,
    ],
  },
  check(context, report) {
    let sites = 0;
    const patterns = patternsOf(context);
    for (const { instr, scope } of callsThat(context, ({ callee }) => mayRegister(callee, context.module, patterns))) {
      if (instr.args.length === 0 || !isFunction(scope)) continue;
      const registration = context.engine.calls.info(instr, scope).registration?.pattern;
      if (!registration?.callable) continue;
      sites++;
      const operand = operandAt(registration.callable, instr.args, undefined);
      const call = operand?.op === 'temp' ? callBehind(operand, scope) : undefined;
      if (!operand || !call || call.start < instr.start || !runsNow(call, scope)) continue;
      const text = textOf(scope.module, call);
      report({
        module: scope.module,
        start: call.start,
        end: call.end,
        test: scope.fn.qualifiedName,
        message: `${text} runs now and its result is registered; pass the callable`,
      });
    }
    return sites;

    function runsNow(call: NonNullable<ReturnType<typeof callBehind>>, scope: Scope): boolean {
      const info = context.engine.calls.info(call, scope);
      if (info.indirection?.pattern.deferred || MAKES_CALLABLE.test(info.view.method)) return false;
      if (info.callee) {
        if (info.callee.kind === 'class') return false;
        let returns = false;
        forEachInstr(context.engine.values.scopeOf(info.callee).fn.body, (i) => {
          if (i.op === 'return' && i.value !== null && !(i.value.op === 'const' && i.value.kind === 'none')) returns = true;
        });
        return !returns;
      }
      return RELEASES.test(info.view.method);
    }
  },
});
