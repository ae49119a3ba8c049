/** Does the test wait for a fixed time and hope that something has happened by then? */
import type { Instr, Operand } from '../../ir/ir.ts';
import { constantOf } from '../../program/call-site.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { frameworkOf } from '../../suite/discover.ts';
import { soundsLikeAssertion } from '../../typestate/assertions.ts';
import { defineRule, py, type RuleContext } from '../define.ts';
import { loopAround } from './loops.ts';
import { outerScopes, testScopes } from './places.ts';
import { isSleep } from './sleeps.ts';
import { isAboutTime, isWanted, type Sleep } from './wanted-time.ts';

/** Shows that something did *not* happen: that takes a window of time, there is nothing to wait for. */
const NEGATIVE = /^(assertFalse|assertIsNone|assertNotIn|assertNotEqual|assert_not_called|assert_not_awaited|assertNoLogs|failIf)$|[nN]ot|_no_|^no_/;

export const sleepAsSync = defineRule({
  id: 'sleep-as-sync',
  title: 'Fixed sleep stands in for a wait',
  pillar: 'flow',
  cwe: ['CWE-362'],
  severity: 'note',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'On a slow machine the time is too short and the test fails for no reason; on all others it is wasted. What the test needs is the condition, not the time.',
    fix: 'Wait for the condition itself, with a limit: an event, a join, a poll with a deadline.',
    bad: [
      py`
        import time
        import unittest

        class TestMonitor(unittest.TestCase):
            def test_restart(self):
                self.monitor.stop()
                time.sleep(5)    # expect: sleep-as-sync
                self.monitor.start()
                self.assertTrue(self.monitor.running)
      `,
      py`
        import asyncio

        async def test_worker(worker):
            worker.submit("job")
            await asyncio.sleep(0.5)    # expect: sleep-as-sync
            assert worker.done == ["job"]
      `,
      py`
        import time
        import unittest

        class TestService(unittest.TestCase):
            def check_active(self):
                time.sleep(5)    # expect: sleep-as-sync
                return True

            def test_service(self):
                self.assertTrue(self.check_active())
      `,
    ],
    good: [
      py`
        import time
        import unittest

        class TestMonitor(unittest.TestCase):
            def test_restart(self):
                for _ in range(10):
                    if self.monitor.running:
                        break
                    time.sleep(1)
                self.assertTrue(self.monitor.running)
      `,
      py`
        import time
        import unittest

        class TestMonitor(unittest.TestCase):
            def test_nothing_comes(self):
                self.monitor.start()
                time.sleep(1)
                self.assertEqual([], self.monitor.events)

            def test_silence(self):
                self.monitor.start()
                time.sleep(1)
                self.assertFalse(self.monitor.events)
      `,
      py`
        import time
        import unittest

        class TestOrder(unittest.TestCase):
            def test_interleaving(self):
                def slow(*args):
                    time.sleep(1)
                    return True
                self.service.hook = slow
                self.assertTrue(self.service.run())
      `,
      py`
        import os
        import time

        def test_stamp(tmp_path):
            path = tmp_path / "a"
            path.write_text("a")
            before = os.stat(path).st_mtime
            time.sleep(1.1)
            path.write_text("b")
            assert os.stat(path).st_mtime > before
      `,
      py`
        import asyncio
        import time

        async def test_turn(server, delay):
            await asyncio.sleep(0)
            time.sleep(server.deadline - server.now)
            assert server.over
      `,
      py`
        import asyncio
        import time
        import unittest
        import pytest

        async def test_cut_short(service, scope):
            with service.fail_after(0.1):
                await asyncio.sleep(2)
            assert service.over

        async def test_a_turn_of_the_others(worker):
            worker.start()
            await asyncio.sleep(0.001)
            assert worker.started

        async def test_as_before(worker):
            worker.drop("a")
            while len(worker.copies) > 1:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.2)
            assert len(worker.copies) == 1

        def test_says_why(worker):
            worker.stop()
            time.sleep(0.1)  # make sure that it does not run again
            assert worker.stopped

        class TestSound(unittest.TestCase):
            def tearDown(self):
                time.sleep(0.5)

            def test_beep(self):
                self.assertTrue(self.speaker.beep())
      `,
    ],
    misses: 'Times that are computed.',
  },
  check(context, report) {
    if (!context.module.text.includes('sleep')) return 0;
    let sites = 0;
    const tests = new Set(testScopes(context).map((s) => s.fn));
    for (const scope of outerScopes(context)) {
      if (!tests.has(scope.fn) && !isHelperOfTests(scope, context)) continue;
      const text = scope.module.text.slice(scope.fn.start, scope.fn.end);
      if (!text.includes('sleep')) continue;
      const found: Sleep[] = [];
      forEachInstr(scope.fn.body, (i) => {
        if (isSleep(i, scope, context)) found.push(i);
      });
      sites += found.length;
      if (found.length === 0 || isAboutTime(scope)) continue;
      for (const call of found) {
        const seconds = call.args[0] && constantOf(call.args[0].value, scope);
        if (!isAwaitedHere(call, scope, context)) continue;
        if (typeof seconds !== 'number' || seconds <= 0 || loopAround(scope.fn, call.start)) continue;
        if (showsAbsence(call, scope) || isWanted(call, seconds, scope, context)) continue;
        report({
          module: scope.module,
          start: call.start,
          end: call.end,
          test: scope.fn.qualifiedName,
          message: `waits ${seconds} s and hopes that what is awaited has happened by then`,
        });
      }
    }
    return sites;
  },
});

/** A method of a test class that is not run on a thread of its own. */
function isHelperOfTests(scope: Scope, context: RuleContext): boolean {
  if (!scope.cls || !frameworkOf(scope.cls, context.engine.options.frameworks)) return false;
  return !new RegExp(`target\\s*=\\s*(self|cls)\\.${scope.fn.name}\\b`).test(scope.module.text);
}

/** A coroutine that is only made here sleeps elsewhere; one that is made to be cancelled is no wait. */
function isAwaitedHere(call: Sleep, scope: Scope, context: RuleContext): boolean {
  let awaited = false;
  forEachInstr(scope.fn.body, (i) => {
    if (i.op === 'await' && i.value.op === 'temp' && i.value.id === call.result) awaited = true;
  });
  const isCoroutine = awaited || context.engine.calls.info(call, scope).view.importPath?.startsWith('asyncio.') === true;
  return !isCoroutine || (awaited && !/cancel|timeout|wait_for/i.test(scope.module.text.slice(scope.fn.start, scope.fn.end)));
}

/** The next assertion after the sleep says that something is not there. */
function showsAbsence(call: Instr, scope: Scope): boolean {
  let next: Instr | undefined;
  forEachInstr(scope.fn.body, (i) => {
    if (next || i.start <= call.start) return;
    if (i.op === 'assert' || (i.op === 'call' && (i.callee.op === 'attr' || i.callee.op === 'name') && soundsLikeAssertion(i.callee.name))) next = i;
  });
  if (!next) return false;
  if (next.op === 'assert') return isNothing(next.test);
  if (next.op !== 'call' || (next.callee.op !== 'attr' && next.callee.op !== 'name')) return false;
  return NEGATIVE.test(next.callee.name) || next.args.slice(0, 2).some((a) => isEmptyValue(a.value));
}

function isNothing(test: Operand): boolean {
  if (test.op === 'unary') return test.operator === 'not';
  return test.op === 'compare' && test.rest.some((r) => /not|!=/.test(r.operator) || isEmptyValue(r.value));
}

function isEmptyValue(o: Operand): boolean {
  if (o.op === 'const') return o.value === 0 || o.value === null || o.value === '' || o.value === false;
  return o.op === 'list' || o.op === 'tuple' || o.op === 'set' ? o.items.length === 0 : o.op === 'dict' && o.entries.length === 0;
}
