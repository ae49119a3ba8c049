/** Does a loop wait for something outside the test, with nothing that ends the wait? */
import type { Instr, Operand } from '../../ir/ir.ts';
import { forEachInstr, Kind } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { calleeScope } from '../../typestate/assertions.ts';
import { exitTests } from '../../typestate/loop-exits.ts';
import { textOf } from '../../typestate/naming.ts';
import { defineRule, py, type RuleContext } from '../define.ts';
import { scopesHolding } from '../scopes.ts';
import { type Loop, loopsOf } from './loops.ts';
import { isHandedOn, isOuter, isTestModule, step, testScopes } from './places.ts';
import { isSleep } from './sleeps.ts';
import { hasTimeLimit } from './time-limits.ts';

/** Names and keywords by which people bound a wait. */
const BOUND = /time_?out|deadline|retr(y|ies)|attempt|tries|elapsed|remaining|budget|max_|limit|expire|until|count|sleeptime|duration|^end$|^start$/i;
const CLOCK = /^(time\.|datetime\.|timeit\.|asyncio\..*time)|\b(monotonic|perf_counter|time|now|utcnow|clock|seconds|getTime)$/i;

/** Methods that take the next piece of a stream, and nothing when it is over. */
const READS = /^(read\w*|recv\w*|receive\w*|accept)$/;

/** Methods that ask for a state and take nothing. */
const ASKS = /^_*(is_|is[A-Z]|has_|done|ready|poll$|alive|empty|locked|exists|running|finished|called)/;

export const unboundedPoll = defineRule({
  id: 'unbounded-poll',
  title: 'Loop waits without a limit',
  pillar: 'flow',
  cwe: ['CWE-835'],
  severity: 'warning',
  precision: 'very-high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'If what the loop waits for never happens, the test does not fail: it hangs until somebody kills the whole run, and nobody learns which test it was.',
    fix: 'Give the loop a deadline or a number of attempts, and fail when it is over.',
    bad: [
      py`
        import time
        import unittest

        class TestServer(unittest.TestCase):
            def test_active(self):
                server = self.client.create()
                while server.status != "ACTIVE":    # expect: unbounded-poll
                    time.sleep(1)
                    server = self.client.get(server.id)
                self.assertTrue(server.addresses)
      `,
      py`
        import time

        def wait_for_file(path):
            while True:    # expect: unbounded-poll
                if path.exists():
                    break
                time.sleep(0.1)

        def test_file(tmp_path):
            wait_for_file(tmp_path / "a")
      `,
      py`
        import unittest
        from worker import Worker

        class TestWorker(unittest.TestCase):
            def test_worker(self):
                worker = Worker()
                while not worker.ready():    # expect: unbounded-poll
                    pass
                self.assertTrue(worker.result)
      `,
    ],
    good: [
      py`
        import time
        import unittest

        class TestServer(unittest.TestCase):
            def test_active(self):
                server = self.client.create()
                start = time.time()
                while server.status != "ACTIVE":
                    if time.time() - start > 60:
                        self.fail("not active after a minute")
                    time.sleep(1)
                    server = self.client.get(server.id)
      `,
      py`
        import time

        def wait_for_file(path):
            tries = 0
            while not path.exists() and tries < 10:
                time.sleep(0.1)
                tries += 1
            assert path.exists()

        def test_file(tmp_path):
            wait_for_file(tmp_path / "a")
      `,
      py`
        import time

        def test_file(tmp_path):
            for _ in range(10):
                if (tmp_path / "a").exists():
                    break
                time.sleep(0.1)
            else:
                raise AssertionError("no file")
      `,
      py`
        import time
        import threading

        def test_worker(queue):
            def work():
                while not queue.closed:
                    time.sleep(0.1)
            thread = threading.Thread(target=work)
            thread.start()
            queue.close()
            thread.join()

        def serve_forever():
            while True:
                time.sleep(10)
      `,
      py`
        import time
        import unittest

        class TestServer(unittest.TestCase):
            def test_active(self):
                waiting = True
                while waiting:
                    time.sleep(1)
                    waiting = self.check_active()
                    self.deadline.check()

            def check_active(self):
                if self.clock.elapsed > 10:
                    self.fail("too late")
                return self.client.waiting()
      `,
      py`
        import asyncio
        import functools
        import time
        import unittest

        def run_for(seconds=None, timeout=30):
            def decorate(test):
                @functools.wraps(test)
                def run(*args, **kwargs):
                    return asyncio.run(asyncio.wait_for(test(*args, **kwargs), timeout))
                return run
            return decorate

        async def wait_for(worker):
            while not worker.ready:
                await asyncio.sleep(0.1)

        @run_for()
        async def test_worker(worker):
            await wait_for(worker)
            while not worker.done:
                await asyncio.sleep(0.1)

        class Limited(unittest.TestCase):
            __timeout__ = 30

        class TestWorker(Limited):
            def test_worker(self):
                while not self.worker.ready:
                    time.sleep(0.1)
      `,
      py`
        import asyncio
        import unittest

        class Relay:
            async def pipe(self, reader, writer):
                while True:
                    data = await reader.read(1000)
                    if not data:
                        break
                    await asyncio.sleep(0.1)
                    writer.write(data)

        class TestRelay(unittest.TestCase):
            def test_relay(self):
                self.assertTrue(Relay())
      `,
    ],
    misses: 'Waits without a sleep that do other work in the loop.',
  },
  check(context, report) {
    let sites = 0;
    if (!isTestModule(context)) return 0;
    for (const scope of scopesHolding(context, Kind.loop)) {
      if (!isOuter(scope)) continue;
      const loops = loopsOf(scope.fn).filter((loop) => loop.kind === 'while');
      // The last question searches the whole text: it is asked only of the few functions with such a loop.
      if (loops.length === 0 || isWorker(scope) || isHandedOn(scope)) continue;
      let limited: boolean | undefined;
      for (const loop of loops) {
        if (!isWait(loop, scope, context)) continue;
        sites++;
        if ((limited ??= hasTimeLimit(scope, context) || isOfLimited(scope, context))) break;
        const exits = unboundedExits(loop, scope, context);
        if (exits === undefined) continue;
        const at = loop.test ?? loop;
        report({
          module: scope.module,
          start: loop.start,
          end: at.end,
          test: scope.fn.qualifiedName,
          message: 'this loop ends only when something outside of the test happens; it has no deadline and no number of attempts',
          witnesses: [
            {
              pathKind: 'normal',
              steps: exits.map((test) => step(context, scope, 'branch', test.start, `${textOf(scope.module, test)} is all that ends the loop`)),
            },
          ],
        });
      }
    }
    return sites;
  },
});

/** A helper that only tests with a time limit call. */
function isOfLimited(scope: Scope, context: RuleContext): boolean {
  const tests = testScopes(context);
  if (scope.cls || tests.some((t) => t.fn === scope.fn)) return false;
  const callers = tests.filter((t) => new RegExp(`\\b${scope.fn.name}\\(`).test(t.module.text.slice(t.fn.start, t.fn.end)));
  return callers.length > 0 && callers.every((t) => hasTimeLimit(t, context));
}

/** What runs on a thread or in a process of its own. */
function isWorker(scope: Scope): boolean {
  if (/^_*(run|serve|main|worker|loop|child)/i.test(scope.fn.name)) return true;
  return scope.cls?.externalBases.some((b) => /Thread|Process|Server|Handler/.test(b)) ?? false;
}

/** `data = read(); if not data: break`: it empties a stream, which ends when the other side closes it. */
function empties(test: Operand, loop: Loop): boolean {
  const of = test.op === 'unary' ? test.of : test;
  if (of.op !== 'name') return false;
  let reads = false;
  const temps = new Set<number>();
  forEachInstr(loop.body, (i) => {
    if (i.op === 'call' && i.callee.op === 'attr' && READS.test(i.callee.name)) temps.add(i.result);
    else if (i.op === 'await' && i.value.op === 'temp' && temps.has(i.value.id)) temps.add(i.result);
    else if (i.op === 'assign' && i.target.op === 'name' && i.target.name === of.name && i.value.op === 'temp' && temps.has(i.value.id)) reads = true;
  });
  return reads;
}

/** A loop that sleeps, or does nothing but ask. */
function isWait(loop: Loop, scope: Scope, context: RuleContext): boolean {
  let sleeps = false;
  let works = false;
  forEachInstr(loop.body, (i) => {
    if (i.op === 'call') {
      if (isSleep(i, scope, context)) sleeps = true;
      else works = true;
    } else if (i.op !== 'evaluate' && i.op !== 'await') works = true;
  });
  if (sleeps) return true;
  if (works) return false;
  // Without a sleep, only a question about a state is a wait: `while f.read(10): pass` empties something.
  let asks = loop.test?.op === 'attr' || (loop.test?.op === 'unary' && loop.test.of.op === 'attr');
  forEachInstr(loop.head, (i) => {
    if (i.op === 'call') asks = i.callee.op === 'attr' && ASKS.test(i.callee.name);
  });
  return asks;
}

/** The tests that end the loop, where none of them has a bound; undefined where there is one, or where nothing ends it (then it is no wait). */
function unboundedExits(loop: Loop, scope: Scope, context: RuleContext): readonly Operand[] | undefined {
  const { engine } = context;
  let bounded = false;
  const counted = new Set<string>();
  const note = (i: Instr): void => {
    if (i.op === 'augment' && i.target.op === 'name') counted.add(i.target.name);
    else if (
      i.op === 'assign' &&
      i.target.op === 'name' &&
      mentions(i.value, (n) => n === (i.target as { name: string }).name) &&
      i.value.op === 'binary'
    )
      counted.add(i.target.name);
    else if (i.op === 'assert' || i.op === 'next') bounded ||= i.op === 'assert';
    else if (i.op === 'call') {
      const info = engine.calls.info(i, scope);
      const name = info.view.importPath ?? info.view.method;
      if (CLOCK.test(name) && !isSleep(i, scope, context)) bounded = true;
      if (i.args.some((a) => (a.kind === 'keyword' && BOUND.test(a.name)) || mentions(a.value, (n) => BOUND.test(n)))) bounded = true;
      if (info.models.some((m) => /asserts|raises|waits/.test(m.pattern.effect))) bounded = true;
      const target = calleeScope(info, engine);
      // A helper that can raise by itself may well be what ends the wait.
      if (target && raisesItself(target)) bounded = true;
      if (!target && i.callee.op === 'attr' && /check|fail|timeout|deadline|next/i.test(i.callee.name)) bounded = true;
    } else if (i.op === 'raise') bounded = true;
  };
  forEachInstr(loop.head, note);
  forEachInstr(loop.body, note);
  if (bounded) return undefined;
  const exits = exitTests(loop, scope, engine);
  if (exits.length === 0 || exits.some((t) => empties(t, loop) || mentions(t, (n) => BOUND.test(n) || counted.has(n)))) return undefined;
  return exits;
}

function raisesItself(scope: Scope): boolean {
  let found = false;
  forEachInstr(scope.fn.body, (i) => {
    if (i.op === 'raise' || i.op === 'assert' || (i.op === 'call' && i.callee.op === 'attr' && /^(fail|assert)/.test(i.callee.name))) found = true;
  });
  return found;
}

/** True where a name or member of the operand is accepted. */
function mentions(operand: Operand, accept: (name: string) => boolean): boolean {
  if (operand.op === 'name') return accept(operand.name);
  if (operand.op === 'attr') return accept(operand.name) || mentions(operand.of, accept);
  let found = false;
  for (const v of Object.values(operand)) {
    if (found || v === null || typeof v !== 'object') continue;
    if (Array.isArray(v)) found = v.some((x: unknown) => x !== null && typeof x === 'object' && 'op' in x && mentions(x as Operand, accept));
    else if ('op' in v) found = mentions(v as Operand, accept);
  }
  return found;
}
