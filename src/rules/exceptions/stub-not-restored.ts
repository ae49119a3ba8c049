/** Is an attribute of a module or class replaced in a test, and does nothing put the original back, or not when the test fails? */
import type { Instr } from '../../ir/ir.ts';
import { forEachStmt } from '../../ir/statements.ts';
import type { Scope } from '../../program/scope.ts';
import { isFixture } from '../../suite/discover.ts';
import { textOf } from '../../typestate/naming.ts';
import { sharedAttribute } from '../../typestate/stubs.ts';
import { raisedBy, type WalkStep, walk } from '../../typestate/walk.ts';
import { defineRule, py } from '../define.ts';
import { isLastToRaise } from '../expected.ts';
import { byScope, placedAssignments } from '../placed.ts';
import { ownPutBack, sourceOf } from './own-places.ts';
import { isReplacement, isStub } from './replacements.ts';
import {
  assignedAttribute,
  isComparedWithSaved,
  isSaved,
  isUndoing,
  keepsOriginal,
  removedBefore,
  removes,
  restores,
  undoneElsewhere,
} from './shared-attributes.ts';
import { instrsOf } from './statements.ts';
import { endOf, lineOf, stepAt, stubCure, told, witness } from './told.ts';

const MAX_CLOSE_LOOKS = 20; // Steps between a replacement and its restore; tests have a handful.

export const stubNotRestored = defineRule({
  id: 'stub-not-restored',
  title: 'A replaced module or class attribute is not put back',
  pillar: 'exceptions',
  cwe: ['CWE-755', 'CWE-460'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'Assigning to an attribute of an imported module or class replaces it for the whole process. Every test that runs later gets the replacement, and fails or passes because of the order of the tests.',
    fix: 'Use `mock.patch.object(module, "name", replacement)` as a context manager or decorator, `monkeypatch.setattr`, or register the restore before the replacement: `self.addCleanup(setattr, module, "name", module.name)`.',
    bad: [
      py`
        import logging
        from unittest import mock

        def test_logs():
            logging.getLogger = mock.Mock()    # expect: stub-not-restored "logging.getLogger"
            notify("x")
            assert logging.getLogger.called
      `,
      py`
        import shutil
        import unittest

        class TestDisk(unittest.TestCase):
            def test_full(self):
                real = shutil.disk_usage
                shutil.disk_usage = lambda path: (1, 1, 0)    # expect: stub-not-restored "fails"
                self.assertTrue(is_full())
                shutil.disk_usage = real
      `,
      py`
        import unittest
        from app.store import Store

        class TestCloud(unittest.TestCase):
            def test_delete(self):
                log = self.cloud.log.debug
                self.cloud.log.debug = self.fake_log    # expect: stub-not-restored "line 8 fails"
                self.assertFalse(self.cloud.delete("x"))
                self.cloud.log.debug = log

            def fake_log(self, text):
                self.logged = text

        class TestStore(unittest.TestCase):
            def setUp(self):
                Store.load = self.fake_load    # expect: stub-not-restored

            def fake_load(self, name):
                return name

            def test_load(self):
                self.assertEqual("a", Store().load("a"))
      `,
    ],
    good: [
      py`
        import shutil
        import unittest

        class TestDisk(unittest.TestCase):
            def test_full(self):
                real = shutil.disk_usage
                shutil.disk_usage = lambda path: (1, 1, 0)
                try:
                    self.assertTrue(is_full())
                finally:
                    shutil.disk_usage = real
      `,
      py`
        import logging
        import pytest

        def test_read_only(guarded):
            with pytest.raises(AttributeError):
                logging.getLogger = guarded
      `,
      py`
        import logging

        def test_quiet(root, handler):
            saved = logging.raiseExceptions
            try:
                assert root.warning("x") is None
                logging.raiseExceptions = False
                assert root.warning("x") is None
            finally:
                root.addHandler(handler)
                logging.raiseExceptions = saved
      `,
      py`
        import shutil
        import unittest

        class TestDisk(unittest.TestCase):
            def setUp(self):
                self.real = shutil.disk_usage
                shutil.disk_usage = lambda path: (1, 1, 0)

            def tearDown(self):
                shutil.disk_usage = self.real

            def test_full(self):
                self.assertTrue(is_full())
      `,
      py`
        import shutil
        import unittest

        class TestDisk(unittest.TestCase):
            def test_full(self):
                self.addCleanup(setattr, shutil, "disk_usage", shutil.disk_usage)
                shutil.disk_usage = lambda path: (1, 1, 0)
                self.assertTrue(is_full())
      `,
      py`
        from unittest import mock
        import shutil

        def test_full():
            with mock.patch.object(shutil, "disk_usage"):
                shutil.disk_usage = lambda path: (1, 1, 0)
                assert is_full()
      `,
      py`
        import pytest
        import shutil

        @pytest.fixture
        def full_disk():
            real = shutil.disk_usage
            shutil.disk_usage = lambda path: (1, 1, 0)
            yield
            shutil.disk_usage = real

        def test_full(full_disk):
            assert is_full()
      `,
      py`
        import http.client
        import unittest

        class FakeHttp:
            def replace(self):
                self.connection = http.client.HTTPConnection
                http.client.HTTPConnection = FakeHttp

            def put_back(self):
                http.client.HTTPConnection = self.connection

        class TestGet(FakeHttp, unittest.TestCase):
            def test_get(self):
                self.replace()
                try:
                    self.assertTrue(get())
                finally:
                    self.put_back()
      `,
      py`
        import mimetypes
        import unittest

        def setUpModule():
            global known
            known = mimetypes.knownfiles
            mimetypes.knownfiles = []

        def tearDownModule():
            mimetypes.knownfiles = known

        class TestTypes(unittest.TestCase):
            def test_guess(self):
                self.assertIsNone(mimetypes.guess_type("a"))
      `,
      py`
        import contextlib
        import sys
        import unittest

        class TestBreakpoint(unittest.TestCase):
            def setUp(self):
                stack = contextlib.ExitStack()
                self.addCleanup(stack.close)
                stack.enter_context(swap_attr(sys, "breakpointhook", sys.breakpointhook))

            def test_hook(self):
                sys.breakpointhook = FakeHook()
                breakpoint()
                self.assertTrue(sys.breakpointhook.called)
      `,
      py`
        import curses

        def test_update_lines():
            lines = curses.LINES
            curses.LINES = 0
            curses.update_lines_cols()
            assert curses.LINES == lines
      `,
      py`
        class Reply:
            status = 200

        def test_status():
            reply = Reply()
            reply.status = 404
            assert is_missing(reply)
      `,
      py`
        import importlib
        import settings

        def test_debug():
            settings.DEBUG = True
            try:
                assert page().debug
            finally:
                importlib.reload(settings)
      `,
    ],
    misses: 'Attributes of objects that are not imported by name, and assignments at module level.',
  },
  check(context, report) {
    let sites = 0;
    if (context.groups.length === 0 && context.fixtures.length === 0) return 0;
    const classes = new Set(context.groups.flatMap((g) => g.cls?.mro.map((c) => c.body) ?? []));
    for (const [scope, assignments] of byScope(placedAssignments(context))) {
      if (scope.fn.kind !== 'function' || !isLookedAt(scope)) continue;
      const seen = new Set<string>();
      const instrs = instrsOf(scope.fn.body);
      for (const { instr } of assignments) {
        if (instr.target.op !== 'attr') continue;
        const shared = sharedAttribute(instr.target, scope, context.engine);
        const target = shared ?? ownPutBack(instr, instr.target, instrs, scope, context);
        if (
          target === undefined ||
          [...seen].some((t) => target === t || target.startsWith(`${t}.`)) ||
          (shared !== undefined && !isReplacement(instr, instr.target, scope, context))
        )
          continue;
        if (context.engine.patternsFor(scope).statesOfTarget(target).length > 0) continue; // Process state: a resource of its own.
        // What the class's own body says: the flag is reset, for this test and for the next.
        if (shared !== undefined && context.engine.values.program.isInitialValue(target, instr.value, scope.module)) continue;
        if (
          keepsOriginal(instr, instrs, scope, context) ||
          isSaved(instr.value, target, scope, context) ||
          finals(scope).has(instr) ||
          isLastToRaise(instr, scope, context.engine) ||
          isComparedWithSaved(target, instr, instrs, scope, context)
        )
          continue;
        seen.add(target);
        sites++;
        look(instr, target, instrs, finals(scope), scope, shared === undefined);
      }
    }
    return sites;

    /** Tests, hooks, helpers of test classes and of the module; not methods of fakes, not functions inside others. */
    function isLookedAt(scope: Scope): boolean {
      const parent = scope.fn.parent === null ? undefined : scope.module.ir.functions[scope.fn.parent];
      if (isUndoing(scope.fn.name) || isForTheRun(scope)) return false;
      return parent?.kind === 'module' ? !scope.fn.name.startsWith('__') : parent?.kind === 'class' && classes.has(parent);
    }

    function look(
      instr: Extract<Instr, { op: 'assign' }>,
      target: string,
      instrs: readonly Instr[],
      inFinally: ReadonlySet<Instr>,
      scope: Scope,
      isOwn: boolean,
    ): void {
      if (undoneElsewhere(target, instr, scope, context)) return;
      const data = !isStub(instr.value, scope, context); // A flag or a list: less surely felt by others than code that is replaced.
      const last = instrs.filter((i) => assignedAttribute(i, scope, context) === target).at(-1);
      const isBack = (i: Instr): boolean =>
        i !== instr &&
        (isOwn
          ? (i.op === 'assign' || i.op === 'delete') && i.start > instr.start && sourceOf(i.target, scope) === target
          : restores(i, target, last, scope, context));
      const puts = instrs.filter((i) => i.start > instr.start && isBack(i));
      const back = puts.find((i) => !removes(i)) ?? puts[0];
      // What stands before the restore in the finally clause gives things back too; whether that can fail is not the stub's matter.
      const isTidying = (i: Instr): boolean => back !== undefined && inFinally.has(back) && inFinally.has(i);
      const text = textOf(scope.module, instr.target);
      const cannotRaise = new Set<Instr>();
      const mayStay = (i: Instr): boolean => !isBack(i) && !isTidying(i) && !cannotRaise.has(i);
      const way = (needsLikely: boolean): readonly WalkStep[] | null =>
        walk(
          scope,
          context.engine,
          { at: 'after', instr, mark: '' },
          {
            after: (i, mark) => (isBack(i) ? null : mark),
            raised: (i, mark, flight) => {
              if (!mayStay(i)) return null;
              if (flight.odds === 'likely') return 'likely';
              return needsLikely && mark === '' ? null : mark;
            },
            isGoal: (at) => at === (back ? 'raised-exit' : 'exit'),
          },
        );
      let steps = way(false);
      // What raises there is looked at closely once it is blamed, for that may read the product's code.
      for (let blamed = raisedBy(steps); blamed && context.engine.calls.closely(blamed, scope).likelihood === 'never'; blamed = raisedBy(steps)) {
        if (cannotRaise.size >= MAX_CLOSE_LOOKS) break;
        cannotRaise.add(blamed);
        steps = way(false);
      }
      // Nobody had it and nobody in the module asks for it: there is no original to put back.
      if (!steps || (!isOwn && !back && context.engine.values.program.isNewAttribute(target, scope.module))) return;
      if (!back && removedBefore(target, instr, instrs, scope, context)) return;
      const likely = back ? way(true) : null;
      const path = likely ?? steps;
      const raise = raisedBy(path);
      const line = raise ? lineOf(context, scope, raise.start) : 0;
      const role = isFixture(scope.fn) ? 'the fixture' : scope.fn.name;
      const isAdded = back !== undefined && removes(back); // There was none: it is taken away again.
      const message = back
        ? `${text} ${isAdded ? 'stays' : 'keeps the replacement'} when line ${line} ${likely ? 'fails' : 'raises'}: the statement on line ${lineOf(context, scope, back.start)} that ${isAdded ? 'takes it away' : 'puts it back'} is skipped`
        : `${text} is replaced here and nothing puts the original back: later tests run with the replacement`;
      report({
        module: scope.module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        message,
        severity: data || isOwn || isAdded || (back && !likely) ? 'note' : 'warning',
        resource: { kind: 'stub', reach: 'process', name: text },
        pathKind: back ? 'failure' : 'normal',
        witnesses: [
          witness(
            back ? 'failure' : 'normal',
            [stepAt(context, 'acquire', scope, instr.start, `${text} is ${isAdded ? 'set' : 'replaced'}`)],
            told(context, scope, path),
            back ? [stepAt(context, 'release', scope, back.start, `skipped: ${textOf(scope.module, back)}`)] : [],
            [stepAt(context, 'exit', scope, endOf(scope), `${role} leaves with ${text} ${isAdded ? 'set' : 'replaced'}`)],
          ),
        ],
        fix: {
          title: stubCure(text, isAdded, scope, context),
          safety: 'display-only',
          edits: [],
        },
      });
    }
  },
});

/** The module calls it when it is imported: it sets the whole run up (and `global-patch-without-scope` speaks of that). */
function isForTheRun({ module, fn }: Scope): boolean {
  const body = module.ir.functions[0]?.body ?? [];
  return fn.parent === 0 && instrsOf(body).some((i) => i.op === 'call' && i.callee.op === 'name' && i.callee.name === fn.name);
}

/** What stands in finally clauses puts things back. */
function finals(scope: Scope): ReadonlySet<Instr> {
  const out = new Set<Instr>();
  forEachStmt(scope.fn.body, (s) => {
    if (s.op === 'try' && s.final) for (const i of instrsOf(s.final)) out.add(i);
  });
  return out;
}
