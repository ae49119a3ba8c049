/** Does a wait run out of time without anybody noticing? */
import type { Instr, Stmt } from '../../ir/ir.ts';
import { forEachStmt } from '../../ir/statements.ts';
import type { Scope } from '../../program/scope.ts';
import { assertionGrade } from '../../typestate/judgement.ts';
import { textOf } from '../../typestate/naming.ts';
import { walk } from '../../typestate/walk.ts';
import { defineRule, py } from '../define.ts';
import { byScope, callsThat } from '../placed.ts';
import { functionScopes } from '../scopes.ts';
import { instrsOf, isResultRead } from './statements.ts';
import { endOf, lineOf, stepAt, told, witness } from './told.ts';

/** What a helper that waits is called. */
const WAITS = /wait|poll|until|eventually|block_for/i;

export const silentTimeout = defineRule({
  id: 'silent-timeout',
  title: 'A timeout passes unnoticed',
  pillar: 'exceptions',
  cwe: ['CWE-754', 'CWE-252'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'A wait that says by its result that the time is up, or says nothing at all, lets the test go on in a state that it did not wait for: it passes by chance, or fails somewhere else.',
    fix: 'Assert the result, `assert done.wait(5)`, or let the helper raise when its time is up: `self.fail("not ready after 30 s")` after the loop, in its `else`.',
    bad: [
      py`
        import time

        def wait_ready(server):
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                if server.ready():
                    return True
                time.sleep(0.5)
            return False

        def test_start(server):
            server.start()
            wait_ready(server)    # expect: silent-timeout "False"
            assert server.name == "a"
      `,
      py`
        import time
        import unittest

        class TestStart(unittest.TestCase):
            def wait_until_up(self, server):
                for attempt in range(30):    # expect: silent-timeout "wait_until_up"
                    if server.up():
                        return
                    time.sleep(1)

            def test_start(self):
                self.wait_until_up(self.server)
                self.assertEqual("a", self.server.name)
      `,
      py`
        import threading

        def test_callback():
            done = threading.Event()
            start(done.set)
            done.wait(5)    # expect: silent-timeout
      `,
      py`
        import threading
        import unittest

        class TestTwice(unittest.TestCase):
            def test_twice(self):
                done = threading.Event()
                start(done.set)
                done.wait(5)    # expect: silent-timeout
                done.clear()
                start(done.set)
                done.wait(5)
                if not done.is_set():
                    self.fail("not called back")
      `,
    ],
    good: [
      py`
        import time

        def wait_ready(server):
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                if server.ready():
                    return True
                time.sleep(0.5)
            return False

        def test_start(server):
            server.start()
            assert wait_ready(server)
      `,
      py`
        import time
        import unittest

        class TestStart(unittest.TestCase):
            def wait_until_up(self, server):
                for attempt in range(30):
                    if server.up():
                        return
                    time.sleep(1)
                self.fail("not up")

            def test_start(self):
                self.wait_until_up(self.server)
                self.assertEqual("a", self.server.name)
      `,
      py`
        import threading

        def test_callback():
            done = threading.Event()
            start(done.set)
            done.wait(5)
            assert done.is_set()
      `,
      py`
        import threading
        import unittest

        class TestCallback(unittest.TestCase):
            def test_callback(self):
                done = threading.Event()
                start(done.set)
                done.wait(5)
                if not done.is_set():
                    self.fail("not called back")
      `,
      py`
        import time

        def wait_status(server, status):
            for attempt in range(30):
                if server.status() == status:
                    break
                time.sleep(1)
            assert server.status() == status

        def test_start(server):
            wait_status(server, "up")
      `,
      py`
        import time

        def wait_forever(server):
            while True:
                if server.up():
                    return
                time.sleep(1)

        def test_start(server):
            wait_forever(server)
            assert server.name == "a"
      `,
      py`
        import time

        def wait_while_building(server):
            while server.status() == "BUILD":
                time.sleep(1)
            return server.status()

        def test_start(server):
            wait_while_building(server)
            assert server.name == "a"
      `,
    ],
    misses: 'A wait whose result is not looked at in a test that asserts something later: the assertion is taken to notice.',
  },
  check(context, report) {
    const { engine } = context;
    let sites = 0;
    const waits = byScope(callsThat(context, ({ callee }) => (callee.op === 'attr' || callee.op === 'name') && WAITS.test(callee.name)));
    const scopes = functionScopes(context).filter((s) => s.fn.kind === 'function' && (waits.has(s) || isHelper(s)));
    for (const scope of scopes) {
      helper(scope);
      for (const { instr } of waits.get(scope) ?? []) discarded(instr, scope);
    }
    return sites;

    /** A call whose result says that the time was up, and nobody reads it. */
    function discarded(instr: Extract<Instr, { op: 'call' }>, scope: Scope): void {
      const info = engine.calls.info(instr, scope);
      const callee = info.callee && info.callee.kind !== 'class' ? engine.values.scopeOf(info.callee) : undefined;
      const value = callee ? saysByResult(callee) : undefined;
      const library = callee ? undefined : engine.patternsFor(scope).waits(info.view)[0]?.pattern;
      const tells = value !== undefined || (library !== undefined && !library.sleep && library.onTimeout !== 'raise' && instr.args.length > 0);
      if (!tells) return;
      sites++;
      if (isResultRead(instr, scope.fn.body)) return;
      // Of a library's wait: where anything is asserted afterwards, that notices. Outside tests the caller may look.
      if (!callee && !scope.fn.name.startsWith('test')) return;
      const path = walk(
        scope,
        engine,
        { at: 'after', instr, mark: '' },
        {
          after(i, mark) {
            if (callee) return mark;
            if (assertionGrade(i, scope, engine) !== undefined || (mark === '' && asksAgain(i, instr, scope))) return null;
            return changes(i, instr, scope) ? 'changed' : mark;
          },
          raised: () => null,
          isGoal: (at) => at === 'exit',
        },
      );
      if (!path) return;
      const word = value ?? (library?.onTimeout === 'none' ? 'None' : library?.onTimeout === 'empty' ? 'nothing' : 'False');
      report({
        module: scope.module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        pathKind: 'normal',
        message: `${textOf(scope.module, instr.callee)} returns ${word} when its time is up, and nobody looks at it: the test goes on all the same`,
        witnesses: [
          witness('normal', [stepAt(context, 'call', scope, instr.start, `returns ${word}: the time is up`)], told(context, scope, path), [
            stepAt(context, 'exit', scope, endOf(scope), `${scope.fn.name} ends as if the wait had succeeded`),
          ]),
        ],
      });
    }

    /** A helper with a bounded polling loop: it returns from inside on success, and falls out of it the same way when the time is up. */
    function helper(scope: Scope): void {
      if (!isHelper(scope)) return;
      const loop = pollingLoop(scope);
      if (!loop) return;
      sites++;
      const instrs = instrsOf(scope.fn.body);
      if (
        instrs.some(
          (i) =>
            (i.op === 'return' && i.value !== null && !(i.value.op === 'const' && i.value.kind === 'none')) ||
            i.op === 'raise' ||
            assertionGrade(i, scope, engine) !== undefined,
        )
      )
        return;
      const inside = instrsOf(loop.body);
      if (inside.some((i) => i.op === 'call' && engine.calls.raising(i, scope).likelihood === 'likely')) return;
      const leaves = leavesEarly(loop);
      if (!leaves) return;
      // After the loop nothing tells the two ways apart: no call at all but logging.
      if (instrs.some((i) => i.start >= loop.end && (i.op === 'call' || i.op === 'assign') && !(i.op === 'call' && isLogging(i)))) return;
      report({
        module: scope.module,
        start: loop.start,
        end: Math.min(loop.end, loop.start + firstLine(scope, loop)),
        test: scope.fn.qualifiedName,
        pathKind: 'normal',
        message: `${scope.fn.name} returns in the same way when its time is up as when what it waits for has happened`,
        witnesses: [
          witness('normal', [
            stepAt(context, 'branch', scope, loop.start, 'the loop ends: the time is up'),
            stepAt(context, 'exit', scope, endOf(scope), `${scope.fn.name} returns as on line ${lineOf(context, scope, leaves)}`),
          ]),
        ],
      });
    }

    /** `False` or `None`, where a helper returns it after its loop and something true from inside. */
    function saysByResult(scope: Scope): string | undefined {
      const loop = pollingLoop(scope);
      if (!loop || !WAITS.test(scope.fn.name)) return undefined;
      const instrs = instrsOf(scope.fn.body);
      const inside = new Set(instrsOf(loop.body));
      let good = false;
      let late: string | undefined;
      for (const i of instrs) {
        if (i.op !== 'return') continue;
        if (inside.has(i)) good ||= i.value?.op === 'const' && i.value.value === true;
        else if (i.start >= loop.end && i.value?.op === 'const' && (i.value.value === false || i.value.kind === 'none'))
          late = i.value.kind === 'none' ? 'None' : 'False';
      }
      return good ? late : undefined;
    }

    /** The function's outermost loop that sleeps and has a bound: a range, a deadline, a counter. */
    function pollingLoop(scope: Scope): Extract<Stmt, { op: 'loop' }> | undefined {
      let found: Extract<Stmt, { op: 'loop' }> | undefined;
      forEachStmt(scope.fn.body, (s) => {
        if (found || s.op !== 'loop' || s.otherwise) return;
        const calls = [...instrsOf(s.head), ...instrsOf(s.body)].filter((i): i is Extract<Instr, { op: 'call' }> => i.op === 'call');
        if (
          !calls.some((i) =>
            engine
              .patternsFor(scope)
              .waits(engine.calls.info(i, scope).view)
              .some((w) => w.pattern.sleep),
          )
        )
          return;
        const head = scope.module.text.slice(s.start, s.start + firstLine(scope, s));
        const bounded = s.kind === 'for' ? /\brange\(/.test(head) : /<|>|deadline|timeout|remaining|tries|attempt|retries/i.test(head);
        if (bounded) found = s;
      });
      return found;
    }
  },
});

/** Called like something that waits, and no test. */
const isHelper = ({ fn }: Scope): boolean => !fn.name.startsWith('test') && WAITS.test(fn.name) && !fn.isGenerator;

type Call = Extract<Instr, { op: 'call' }>;

/** `done.wait(5)`, then `if not done.is_set():`: the state is asked for instead of the result. */
function asksAgain(i: Instr, wait: Call, scope: Scope): boolean {
  return isOfSame(i, wait, scope) && isResultRead(i, scope.fn.body);
}

/** `done.clear()`: what is asked afterwards is about something later. */
function changes(i: Instr, wait: Call, scope: Scope): boolean {
  return isOfSame(i, wait, scope) && !isResultRead(i, scope.fn.body);
}

/** Another method of the object that is waited for. */
function isOfSame(i: Instr, wait: Call, scope: Scope): i is Call {
  if (i.op !== 'call' || i === wait || i.callee.op !== 'attr' || wait.callee.op !== 'attr') return false;
  const text = (o: { readonly start: number; readonly end: number }): string => scope.module.text.slice(o.start, o.end);
  return text(i.callee.of) === text(wait.callee.of);
}

function firstLine(scope: Scope, s: { readonly start: number; readonly end: number }): number {
  const at = scope.module.text.indexOf('\n', s.start);
  return (at < 0 ? s.end : Math.min(at, s.end)) - s.start;
}

/** Where the loop's body leaves the function or the loop on success; undefined where it has no such statement. */
function leavesEarly(loop: Extract<Stmt, { op: 'loop' }>): number | undefined {
  let at: number | undefined;
  forEachStmt(loop.body, (s) => {
    if (s.op === 'return') at ??= s.instr.start;
    else if (s.op === 'break') at ??= s.start;
  });
  return at;
}

/** A warning of Python's own is shown by every runner, and is an error where the project wants it; a line in a log is neither. */
const isLogging = (i: Extract<Instr, { op: 'call' }>): boolean =>
  !(i.callee.op === 'attr' && i.callee.of.op === 'name' && i.callee.of.name === 'warnings') &&
  (i.callee.op === 'attr' || i.callee.op === 'name') &&
  /^(print|debug|info|warning|warn|error|log)$/.test(i.callee.name);
