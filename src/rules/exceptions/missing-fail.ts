/** Is a test green when the exception that it is about is never raised? */
import type { Handler, Instr, Operand } from '../../ir/ir.ts';
import { forEachInside, operandsOf } from '../../ir/operands.ts';
import { forEachStmt } from '../../ir/statements.ts';
import { Kind } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { factsOf } from '../../program/scope.ts';
import { assertionGrade } from '../../typestate/judgement.ts';
import { textOf } from '../../typestate/naming.ts';
import { walk } from '../../typestate/walk.ts';
import { defineRule, py } from '../define.ts';
import { scopesHolding } from '../scopes.ts';
import { holdsTry, instrsOf, type TryStmt } from './statements.ts';
import { endOf, lineOf, stepAt, told, witness } from './told.ts';

export const missingFail = defineRule({
  id: 'missing-fail',
  title: 'Nothing fails when the expected exception is not raised',
  pillar: 'exceptions',
  cwe: ['CWE-754', 'CWE-391'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The assertions about an exception stand in its handler. If the call stops raising, the handler does not run, nothing is checked and the test passes.',
    fix: 'Use `with self.assertRaises(X) as caught:` or `pytest.raises`, or end the `try` body with `self.fail("X not raised")`.',
    bad: [
      py`
        def test_message():
            try:    # expect: missing-fail "line 3"
                parse("x")
            except ValueError as error:
                assert "x" in str(error)
      `,
      py`
        import unittest

        class TestParse(unittest.TestCase):
            def test_refuses(self):
                try:    # expect: missing-fail
                    parse("x")
                except ValueError:
                    pass
      `,
      py`
        import unittest

        class TestTerminate(unittest.TestCase):
            def test_error_state(self):
                def refuse():
                    raise ConnectionError()
                self.network.release = refuse
                try:    # expect: missing-fail "ConnectionError"
                    self.server.terminate()
                except ConnectionError:
                    pass
                self.assertEqual("error", self.server.state)
      `,
    ],
    good: [
      py`
        import unittest

        class TestParse(unittest.TestCase):
            def test_refuses(self):
                try:
                    parse("x")
                except ValueError as error:
                    self.assertIn("x", str(error))
                else:
                    self.fail("not refused")
      `,
      py`
        import unittest

        class TestParse(unittest.TestCase):
            def test_refuses(self):
                try:
                    parse("x")
                    self.fail("not refused")
                except ValueError as error:
                    self.assertIn("x", str(error))
      `,
      py`
        def test_message():
            raised = False
            try:
                parse("x")
            except ValueError as error:
                raised = True
                assert "x" in str(error)
            assert raised
      `,
      py`
        import os

        def test_write(path):
            try:
                os.remove(path)
            except FileNotFoundError:
                pass
            write(path)
            assert os.path.exists(path)
      `,
      py`
        import os

        def test_random_flag():
            try:
                os.getrandom(1, os.GRND_NONBLOCK)
            except BlockingIOError:
                # Not initialised yet: fine too.
                pass
      `,
      py`
        def test_encodes(encoding):
            text = "ä"
            try:
                write(text)
            except UnicodeEncodeError:
                assert encoding == "ascii"
      `,
      py`
        import errno

        def test_connect(sock):
            try:
                reply = sock.ask()
            except OSError as error:
                assert error.errno == errno.ECONNRESET
                return
            assert reply == b"x"
      `,
      py`
        def test_either():
            try:
                assert parse("x") == 1
            except ValueError as error:
                assert "x" in str(error)
      `,
      py`
        import pytest

        def test_message():
            with pytest.raises(KeyError):
                lookup("x")
            try:
                lookup("x")
            except KeyError as error:
                assert error.args == ("x",)
      `,
      py`
        import unittest

        class TestRead(unittest.TestCase):
            def test_read(self):
                try:
                    data = read()
                except PermissionError:
                    self.skipTest("may not read")
                self.assertEqual(b"x", data)
      `,
    ],
    misses: 'A handler that only passes, in a test that asserts something else; unless the test itself has that exception raised.',
  },
  check(context, report) {
    if (scopesHolding(context, Kind.try).length === 0) return 0;
    let sites = 0;
    const seen = new Set<Scope['fn']>();
    for (const test of context.groups.flatMap((g) => g.tests)) {
      const { scope } = test;
      if (seen.has(scope.fn) || scope.module !== context.module || !holdsTry(scope.fn.body)) continue;
      seen.add(scope.fn);
      forEachStmt(scope.fn.body, (s) => {
        if (s.op !== 'try' || s.handlers.length === 0 || s.otherwise) return;
        sites++;
        look(s, scope);
      });
    }
    return sites;

    function look(s: TryStmt, scope: Scope): void {
      const { engine } = context;
      const body = instrsOf(s.body);
      const grade = (i: Instr): boolean => assertionGrade(i, scope, engine) !== undefined;
      const call = body.filter((i) => (i.op === 'call' || i.op === 'await') && engine.calls.raising(i, scope).likelihood !== 'never').at(-1);
      if (!call || body.some(grade) || body.some((i) => i.op === 'return' || i.op === 'yield')) return;
      const handlers = s.handlers.filter((h) => isSpecific(h));
      const about = handlers
        .map((h) => ({
          h,
          first: instrsOf(h.body).find((i) => i.op !== 'raise' && grade(i) && engine.calls.raising(i, scope).likelihood !== 'always'),
        }))
        .find((x) => x.first && mentionsCaught(x.first, x.h));
      const empty = handlers.find((h) => isEmpty(h) && !s.final);
      if (!about && !empty) return;
      if (keeps(s, scope)) return;
      const all = instrsOf(scope.fn.body);
      if (!about && empty) {
        const type = textOf(scope.module, empty.types as Operand);
        if (raisedByTest(type, scope, s) && !isRepeated(s, scope))
          return found(
            s,
            empty,
            call,
            scope,
            `nothing fails if ${type} is not raised in it, although the test has it raised; use assertRaises`,
            'note',
          );
        const outside = all.filter((i) => i.start < s.start || i.start >= s.end);
        if (outside.some(grade) || hasNestedJudge(scope) || outside.some((i) => i.op === 'call' && engine.calls.info(i, scope).callee)) return;
        if (outside.some((i) => i.op === 'enter' || i.op === 'raise') || isRepeated(s, scope) || cleans(call) || isSmokeTest(empty, scope)) return;
        return found(s, empty, call, scope, `the test passes whether or not ${type} is raised in it, and checks nothing else`, 'note');
      }
      if (about?.first) {
        const type = textOf(scope.module, about.h.types as Operand);
        if (isShownToRaise(call, scope)) return;
        if (namesErrno(about.first, scope)) return; // "It may fail, but only in this way": a failure is tolerated, not expected.
        found(
          s,
          about.h,
          call,
          scope,
          `the assertions about ${type} are skipped when line ${lineOf(context, scope, call.start)} does not raise, and nothing fails`,
        );
      }
    }

    /** The same call stands alone in a block that fails if nothing is raised in it. */
    function isShownToRaise(call: Instr, scope: Scope): boolean {
      const { engine } = context;
      const written = (i: Instr): string => scope.module.text.slice(i.start, i.end).replace(/\s+/g, '');
      let shown = false;
      forEachStmt(scope.fn.body, (s) => {
        if (shown || s.op !== 'with' || !engine.calls.manager(s.enter, scope).effects.some((e) => e.pattern.effect === 'must-raise')) return;
        const calls = instrsOf(s.body).filter((i) => i.op === 'call' || i.op === 'await');
        shown = calls.length === 1 && calls.every((i) => written(i) === written(call));
      });
      return shown;
    }

    function found(s: TryStmt, handler: Handler, call: Instr, scope: Scope, message: string, severity: 'warning' | 'note' = 'warning'): void {
      const inHandler = new Set(instrsOf(handler.body));
      const path = walk(
        scope,
        context.engine,
        { at: 'after', instr: call, mark: '' },
        {
          after: (i, mark) =>
            inHandler.has(i) ||
            (assertionGrade(i, scope, context.engine) !== undefined && context.engine.calls.raising(i, scope).likelihood === 'always')
              ? null
              : mark,
          raised: () => null,
          isGoal: (where) => where === 'exit',
        },
      );
      if (!path) return;
      report({
        module: scope.module,
        start: s.start,
        end: s.start + 'try'.length,
        test: scope.fn.qualifiedName,
        message,
        severity,
        pathKind: 'normal',
        witnesses: [
          witness('normal', [stepAt(context, 'call', scope, call.start, 'does not raise')], told(context, scope, path), [
            stepAt(
              context,
              'exit',
              scope,
              endOf(scope),
              `${scope.fn.name} passes; the handler on line ${lineOf(context, scope, handler.start)} has not run`,
            ),
          ]),
        ],
      });
    }

    /** The test itself makes the exception: a nested function raises it, or a side effect is set to it. */
    function raisedByTest(type: string, scope: Scope, s: TryStmt): boolean {
      const last = type.slice(type.lastIndexOf('.') + 1);
      if (!/^[A-Z]\w+$/.test(last)) return false;
      const before = scope.module.text.slice(scope.fn.start, s.start);
      return new RegExp(`(raise\\s+[\\w.]*\\b${last}\\b|side_effect\\s*=\\s*[\\w.]*\\b${last}\\b)`).test(before);
    }

    /** Nested functions of the test that assert: callbacks may be where it judges. */
    function hasNestedJudge(scope: Scope): boolean {
      return scope.module.ir.functions.some(
        (f) =>
          f.index > scope.fn.index &&
          f.start >= scope.fn.start &&
          f.end <= scope.fn.end &&
          instrsOf(f.body).some((i) => assertionGrade(i, { ...scope, fn: f }, context.engine) !== undefined),
      );
    }
  },
});

/** Handlers of `Exception` and bare ones are about any failure; those of a named class about one. */
function isSpecific(h: Handler): boolean {
  if (h.types === null) return false;
  const items = h.types.op === 'tuple' ? h.types.items : [h.types];
  return items.every(
    (t) =>
      (t.op === 'name' || t.op === 'attr') &&
      !/^(Exception|BaseException|AssertionError|failureException|ImportError|ModuleNotFoundError|SkipTest|KeyboardInterrupt|SystemExit|NotImplementedError|AttributeError|NameError)$/.test(
        t.name,
      ),
  );
}

function isEmpty(h: Handler): boolean {
  return instrsOf(h.body).every((i) => i.op === 'caught' || i.op === 'evaluate');
}

/** The assertion reads the caught exception. */
function mentionsCaught(instr: Instr, h: Handler): boolean {
  const caught = instrsOf(h.body).find((i) => i.op === 'caught');
  if (caught?.op !== 'caught' || !caught.target) return false; // About something else: why it may fail here.
  const name = caught.target.op === 'name' ? caught.target.name : '';
  const derived = new Set([name]);
  for (const i of instrsOf(h.body))
    if (i.op === 'assign' && i.target.op === 'name' && operandsOf(i).some((o) => reads(o as Operand, derived))) derived.add(i.target.name);
  return (
    operandsOf(instr).some((o) => reads(o as Operand, derived)) ||
    instrsOf(h.body).some(
      (i) => i.op === 'call' && i.end <= instr.end && i.start >= instr.start && operandsOf(i).some((o) => reads(o as Operand, derived)),
    )
  );
}

function reads(operand: Operand, names: ReadonlySet<string>): boolean {
  if (operand.op === 'name') return names.has(operand.name);
  let found = false;
  forEachInside(operand, (o) => {
    found ||= reads(o as Operand, names);
  });
  return found;
}

/** Something that the body or a handler sets is looked at afterwards: a flag, the result of the call. */
function keeps(s: TryStmt, scope: Scope): boolean {
  const set = new Set<string>();
  for (const i of [...instrsOf(s.body), ...s.handlers.flatMap((h) => instrsOf(h.body))]) {
    if ((i.op === 'assign' || i.op === 'augment') && i.target.op === 'name') set.add(i.target.name);
    if (i.op === 'assign' && i.target.op === 'attr') return true;
    if (
      i.op === 'call' &&
      i.callee.op === 'attr' &&
      /^(append|add|set|put)$/.test(i.callee.name) &&
      s.handlers.some((h) => instrsOf(h.body).includes(i))
    )
      return true;
  }
  if (set.size === 0) return false;
  const uses = instrsOf(scope.fn.body).filter((i) => i.start >= s.end);
  return uses.some((i) => operandsOf(i).some((o) => reads(o as Operand, set))) || factsOf(scope.module, scope.fn).assignedInside.size > 0;
}

/** The assertion compares an errno: failures of one kind are tolerated. */
function namesErrno(instr: Instr, scope: Scope): boolean {
  return /errno|winerror/.test(scope.module.text.slice(instr.start, instr.end));
}

/** The try stands in a loop: a retry, or a stress test in which failures are tolerated. */
function isRepeated(s: TryStmt, scope: Scope): boolean {
  let found = false;
  forEachStmt(scope.fn.body, (l) => {
    found ||= l.op === 'loop' && l.start <= s.start && s.end <= l.end;
  });
  return found;
}

/** The handler says in a comment why it passes, or the test is about crashes and leaks: that it comes back at all is what counts. */
function isSmokeTest(h: Handler, scope: Scope): boolean {
  const { text } = scope.module;
  return (
    text.slice(h.start, h.end).includes('#') ||
    /^[^\n]*#/.test(text.slice(h.end)) ||
    /crash|segfault|overread|assertion failure|leak|refcount|hang|deadlock|smoke|fuzz/i.test(text.slice(scope.fn.start, scope.fn.end))
  );
}

function cleans(call: Instr): boolean {
  return (
    call.op === 'call' &&
    (call.callee.op === 'attr' || call.callee.op === 'name') &&
    /^(close|remove|unlink|rmtree|rmdir|kill|terminate|delete\w*|shutdown|disconnect|stop|cancel|join|wait|release)$/.test(call.callee.name)
  );
}
