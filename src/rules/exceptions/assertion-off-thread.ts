/** Does an assertion stand where its failure never reaches the test: in a thread, or in a stub that nobody checks to have run? */
import type { Instr, Operand } from '../../ir/ir.ts';
import { argumentOf } from '../../program/call-site.ts';
import type { Scope } from '../../program/scope.ts';
import { assertionGrade } from '../../typestate/judgement.ts';
import { textOf } from '../../typestate/naming.ts';
import { pathOf } from '../../typestate/path.ts';
import { replacementOf, stubsOf } from '../../typestate/stubs.ts';
import { walk } from '../../typestate/walk.ts';
import type { RuleContext } from '../define.ts';
import { defineRule, py } from '../define.ts';
import { byScope, callsThat } from '../placed.ts';
import { functionScopes } from '../scopes.ts';
import { isReadOutside, recordsOf } from './records.ts';
import { instrsOf } from './statements.ts';
import { endOf, lineOf, stepAt, told, witness } from './told.ts';

export const assertionOffThread = defineRule({
  id: 'assertion-off-thread',
  title: 'A failed assertion does not reach the test',
  pillar: 'exceptions',
  cwe: ['CWE-755', 'CWE-392'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'An exception in a thread ends that thread and nothing else: an assertion that fails there prints a traceback, and the test passes. An assertion in a stub fails inside the code under test, which may catch it; and if the stub is never called, nothing has been asserted.',
    fix: 'Collect what the thread or stub saw, and assert it in the test: `seen.append(x)` there, `assert seen == [...]` here; with an executor, ask for `future.result()`.',
    bad: [
      py`
        import threading

        def test_worker():
            def work():
                assert compute() == 1    # expect: assertion-off-thread "thread"
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
      `,
      py`
        import threading
        import unittest

        class TestWorker(unittest.TestCase):
            def work(self):
                value = compute()
                self.assertEqual(1, value)    # expect: assertion-off-thread

            def test_worker(self):
                thread = threading.Thread(target=self.work, daemon=True)
                thread.start()
                thread.join()
      `,
      py`
        import threading
        import unittest

        class TestAlarm(unittest.TestCase):
            def rings(self):
                self.assertEqual(1, alarms())    # expect: assertion-off-thread

            def test_alarm(self):
                threading.Timer(0.1, self.rings).start()
      `,
      py`
        import asyncio
        import unittest

        class TestLoop(unittest.TestCase):
            def test_soon(self):
                loop = asyncio.new_event_loop()
                self.addCleanup(loop.close)

                def check():
                    self.assertTrue(loop.is_running())    # expect: assertion-off-thread "callback"
                    loop.stop()

                loop.call_soon(check)
                loop.run_forever()
      `,
      py`
        from unittest import mock
        import unittest

        class TestMigrate(unittest.TestCase):
            def test_migrate(self):
                def fake_drop(host):
                    self.assertEqual("host1", host)    # expect: assertion-off-thread "stub"
                    self.assertIn(host, self.hosts())
                with mock.patch("app.tracker.drop", fake_drop):
                    self.server.migrate()
                self.assertEqual("host2", self.server.host)
      `,
    ],
    good: [
      py`
        import threading

        def test_worker():
            seen = []
            def work():
                value = compute()
                assert value == 1
                seen.append(value)
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
            assert seen == [1]
      `,
      py`
        import threading

        def test_worker():
            errors = []
            def work():
                try:
                    assert compute() == 1
                except BaseException as error:
                    errors.append(error)
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
            assert errors == []
      `,
      py`
        from concurrent.futures import ThreadPoolExecutor

        def test_worker():
            def work():
                assert compute() == 1
            with ThreadPoolExecutor() as pool:
                pool.submit(work).result()
      `,
      py`
        from unittest import mock
        import unittest

        class TestMigrate(unittest.TestCase):
            def test_migrate(self):
                def fake_drop(host):
                    self.assertEqual("host1", host)
                with mock.patch("app.tracker.drop", side_effect=fake_drop) as drop:
                    self.server.migrate()
                drop.assert_called_once()
      `,
      py`
        from unittest import mock
        import unittest

        class TestFetch(unittest.TestCase):
            def test_fetch(self):
                def fake_fetch(url, file):
                    self.assertEqual("http://host/a", url)
                    file.write("a")
                def fake_kill(process):
                    self.fail("must not be killed")
                with mock.patch("app.fetch", fake_fetch), mock.patch("app.kill", fake_kill):
                    self.client.load()
                self.assertEqual("a", self.client.text)
      `,
      py`
        import multiprocessing
        import sys

        def work(queue):
            assert queue.get() == 1
            sys.exit(0)

        def test_worker():
            queue = multiprocessing.Queue()
            process = multiprocessing.Process(target=work, args=(queue,))
            process.start()
            queue.put(1)
            process.join()
            assert process.exitcode == 0
      `,
      py`
        import threading
        import unittest

        class TestWorker(unittest.TestCase):
            def test_worker(self):
                done = threading.Event()
                def work():
                    self.assertEqual(1, compute())
                    done.set()
                threading.Thread(target=work, daemon=True).start()
                self.assertTrue(done.wait(5))
      `,
    ],
    misses: 'Callbacks of frameworks other than asyncio; threads of a class of the project.',
  },
  check(context, report) {
    let sites = 0;
    const starts = callsThat(context, ({ callee }) => (callee.op === 'attr' || callee.op === 'name') && STARTS.has(callee.name));
    const threads = byScope(starts);
    const reported = new Set<Scope['fn']>();
    for (const scope of functionScopes(context)) {
      for (const { instr } of threads.get(scope) ?? []) {
        const target = threadTarget(instr, scope, context);
        if (!target || reported.has(target.fn) || target.module !== context.module) continue;
        sites++;
        reported.add(target.fn);
        inThread(target, instr, scope);
      }
      if (!scope.fn.name.startsWith('test') || (scope.cls === undefined && scope.fn.parent !== 0)) continue;
      if (!hasNested(scope)) continue;
      for (const stub of stubsOf(scope, context.engine)) {
        const { replacement } = stub;
        if (!replacement || reported.has(replacement.fn) || replacement.module !== context.module || replacement.fn.kind !== 'function') continue;
        if (replacement.fn.parent !== scope.fn.index) continue;
        sites++;
        reported.add(replacement.fn);
        inStub(replacement, stub.start, scope);
      }
    }
    return sites;

    function inThread(target: Scope, start: Instr, scope: Scope): void {
      if (/exitcode|excepthook|catch_threading_exception|exception_handler/.test(scope.module.text.slice(scope.fn.start, scope.fn.end))) return; // The test asks how it ended.
      const records = recordsOf(target, context);
      for (const assertion of judgements(target, context)) {
        if (isForTheTypes(assertion)) continue;
        const path = walk(
          target,
          context.engine,
          { at: 'raise', instr: assertion, mark: '' },
          { after: (_, mark) => mark, raised: () => null, isGoal: (at) => at === 'raised-exit' },
        );
        if (!path) continue;
        // What is recorded after the assertion, and read by the test, shows that it held.
        if (records.some((r) => isReadOutside(r, target, scope, context) && comesAfter(assertion, r.instr, target))) return;
        const line = lineOf(context, scope, start.start);
        report({
          module: target.module,
          start: assertion.start,
          end: assertion.end,
          test: target.fn.qualifiedName,
          message: isScheduled(start)
            ? `fails in the callback that line ${line} schedules, not in the test: the event loop logs it, and the test passes all the same`
            : `fails in the thread that line ${line} starts, not in the test: the test passes all the same`,
          pathKind: 'normal',
          witnesses: [
            witness(
              'normal',
              [
                stepAt(
                  context,
                  'call',
                  scope,
                  start.start,
                  `${target.fn.name} ${isScheduled(start) ? 'is run by the event loop' : 'runs in a thread of its own'}`,
                ),
                stepAt(context, 'raise', target, assertion.start, `${textOf(target.module, assertion)} fails`),
              ],
              told(context, target, path),
              [stepAt(context, 'exit', target, endOf(target), `${target.fn.name} ends with the exception, and nobody receives it`)],
            ),
          ],
        });
        return;
      }
    }

    function comesAfter(assertion: Instr, record: Instr, target: Scope): boolean {
      return (
        walk(
          target,
          context.engine,
          { at: 'after', instr: assertion, mark: '' },
          { after: (i, mark) => (i === record ? 'met' : mark), raised: () => null, isGoal: (_, mark) => mark === 'met' },
        ) !== null || record.start > assertion.start
      );
    }

    function inStub(stub: Scope, installed: number, scope: Scope): void {
      const found = judgements(stub, context);
      const first = found[0];
      if (!first || isChecked(stub, scope, context) || found.every((i) => saysNever(i, stub)) || worksFor(stub)) return;
      report({
        module: stub.module,
        start: first.start,
        end: first.end,
        test: stub.fn.qualifiedName,
        severity: 'note',
        message: `in the stub ${stub.fn.name} this fails inside the code under test, which may catch it, and nothing checks that the stub ran at all`,
        pathKind: 'normal',
        witnesses: [
          witness('normal', [
            stepAt(context, 'call', scope, installed, `${stub.fn.name} is installed as a stub`),
            stepAt(context, 'raise', stub, first.start, 'raises into the code under test when the assertion fails'),
            stepAt(context, 'exit', scope, endOf(scope), `${scope.fn.name} does not look at anything that ${stub.fn.name} leaves behind`),
          ]),
        ],
      });
    }
  },
});

function hasNested(scope: Scope): boolean {
  return scope.module.members.has(scope.fn.index);
}

function judgements(scope: Scope, context: RuleContext): readonly Instr[] {
  const { engine } = context;
  return instrsOf(scope.fn.body).filter((i) => {
    if (i.op !== 'assert' && i.op !== 'call') return false;
    const grade = assertionGrade(i, scope, engine);
    if (grade === 'direct') return engine.calls.raising(i, scope).type === 'AssertionError';
    // A helper of the project that asserts counts if it is called so.
    return (
      grade === 'custom' &&
      i.op === 'call' &&
      (i.callee.op === 'attr' || i.callee.op === 'name') &&
      /^_*(assert|check|verify)/.test(i.callee.name) &&
      engine.calls.raising(i, scope).type === 'AssertionError'
    );
  });
}

/** `self.fail("must not be called")`, `assertNotEqual`: where the stub does not run, all is well. */
function saysNever(i: Instr, stub: Scope): boolean {
  if (i.op === 'assert') return i.test.op === 'unary' && i.test.operator === 'not';
  if (i.op !== 'call' || (i.callee.op !== 'attr' && i.callee.op !== 'name')) return false;
  return /^(assertNot\w*|assertFalse|assertIsNot)$/.test(i.callee.name) || (i.callee.name === 'fail' && isUnconditional(i, stub));
}

/** Nothing but the failure stands in the function. */
const isUnconditional = (i: Instr, stub: Scope): boolean => instrsOf(stub.fn.body).every((o) => o.start >= i.start || o.op === 'evaluate');

/** `assert process.stdout is not None`, which a checker of types wants to read. */
const isForTheTypes = (i: Instr): boolean =>
  i.op === 'assert' && i.test.op === 'compare' && i.test.rest.length === 1 && i.test.rest[0]?.operator === 'is not' && i.message === null;

/** The stub does a part of the work on what it is given, which would be missing if it did not run: `image_file.write(data)`, `open(path, "w")`. */
function worksFor(stub: Scope): boolean {
  const given = new Set(
    stub.fn.params.flatMap((p) => (p.kind === 'star' || p.kind === 'double-star' || /^_*(self|cls)$/.test(p.name) ? [] : [p.name])),
  );
  const root = (o: Operand): string => (o.op === 'name' ? o.name : o.op === 'attr' || o.op === 'index' ? root(o.of) : '');
  return instrsOf(stub.fn.body).some((i) => {
    if (i.op === 'assign') {
      if (i.target.op !== 'attr' && i.target.op !== 'index') return false;
      const of = root(i.target.of);
      // `command[0] = normcase(command[0])` only makes it fit for the comparison.
      return given.has(of) && !new RegExp(`\\b${of}\\b`).test(stub.module.text.slice(i.value.start, i.value.end));
    }
    if (i.op !== 'call') return false;
    if (i.callee.op === 'name') return i.callee.name === 'open' && i.args[0] !== undefined && given.has(root(i.args[0].value));
    return i.callee.op === 'attr' && WORKS.test(i.callee.name) && given.has(root(i.callee.of));
  });
}

const WORKS = /^(write\w*|append|extend|update|save|send\w*|put|add|push|set_\w+)$/;

/** Which argument of an event loop's method is the callback; what it raises goes to the loop's handler, which logs it. */
const SCHEDULES: Readonly<Record<string, number>> = { call_soon: 0, call_soon_threadsafe: 0, add_done_callback: 0, call_later: 1, call_at: 1 };

/** What the calls are called that run a function elsewhere, and which argument that is: by position, null for none, and by keyword. */
const STARTS: ReadonlyMap<string, readonly [number | null, string | null]> = new Map<string, readonly [number | null, string | null]>([
  ['Thread', [null, 'target']],
  ['Process', [null, 'target']],
  ['Timer', [1, 'function']],
  ['start_new_thread', [0, null]],
  ['start_new', [0, null]],
  ...Object.entries(SCHEDULES).map(([name, at]): [string, [number, string]] => [name, [at, 'callback']]),
]);

function isScheduled(instr: Instr): boolean {
  return instr.op === 'call' && instr.callee.op === 'attr' && Object.hasOwn(SCHEDULES, instr.callee.name);
}

/** The function that a thread, a process or an event loop runs. */
function threadTarget(instr: Extract<Instr, { op: 'call' }>, scope: Scope, context: RuleContext): Scope | undefined {
  const name = instr.callee.op === 'attr' || instr.callee.op === 'name' ? instr.callee.name : '';
  const given = STARTS.get(name);
  if (!given || (Object.hasOwn(SCHEDULES, name) && !isScheduled(instr))) return undefined;
  const operand = argumentOf(instr.args, ...given);
  if (!operand || context.engine.calls.info(instr, scope).callee) return undefined;
  return replacementOf(operand, scope, context.engine);
}

/** The test sees whether the stub ran: something the stub changes is read by the test, the mock that stands for it is asserted, or its result is needed. */
function isChecked(stub: Scope, scope: Scope, context: RuleContext): boolean {
  if (recordsOf(stub, context).some((r) => isReadOutside(r, stub, scope, context))) return true;
  const text = scope.module.text.slice(scope.fn.start, scope.fn.end);
  if (/\.called\b|\.call_count|call_args|assert_(called|has_calls|any_call|awaited)|mock_calls|\.await_count/.test(text)) return true;
  return /raise\b|return \S|yield/.test(scope.module.text.slice(stub.fn.start, stub.fn.end)) && !callsOriginal(stub, scope, context);
}

/** The stub hands on to what it replaced: then its result says nothing about whether it ran. */
function callsOriginal(stub: Scope, scope: Scope, context: RuleContext): boolean {
  return instrsOf(stub.fn.body).some((i) => {
    if (i.op !== 'return' || i.value === null) return false;
    const at = scope.module.text.slice(i.value.start, i.value.end);
    return /^(self\.)?_*(orig|real|old|true)/i.test(at) || (i.value.op === 'name' && pathOf(i.value, scope, context.engine.values) === undefined);
  });
}
