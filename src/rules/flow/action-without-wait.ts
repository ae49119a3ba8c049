/** Does the test look at the result of an action that goes on in the background, without waiting for its end? */
import type { ActionPattern, CallPattern } from '../../config/model.ts';
import type { Instr } from '../../ir/ir.ts';
import type { Scope } from '../../program/scope.ts';
import { asserting, calleeScope, type Question, reaches } from '../../typestate/assertions.ts';
import type { CallInstr } from '../../typestate/calls.ts';
import { textOf } from '../../typestate/naming.ts';
import { type Branch, walkFrom } from '../../typestate/onward.ts';
import { changeOf, knowsState, mayBeChange, snapshotOf } from '../../typestate/snapshots.ts';
import { defineRule, py, type Report, type RuleContext } from '../define.ts';
import { callsThat } from '../placed.ts';
import { patternsOf } from '../scopes.ts';
import { loopAround } from './loops.ts';
import { branchStep, isOuter, isTestModule, step } from './places.ts';

/** Helpers whose names say that they wait; nothing is known of them otherwise. */
const SOUNDS_LIKE_WAIT = /wait|poll|until|sleep|join|drain|settle|sync|block|periodic|retry|eventually/i;

export const actionWithoutWait = defineRule({
  id: 'action-without-wait',
  title: 'Result of a background action is looked at without waiting for it',
  pillar: 'flow',
  cwe: ['CWE-820', 'CWE-362'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The call only starts the action. What is asserted afterwards is written by somebody else at a time of their own: the test passes when they are quick.',
    fix: 'Wait for what the assertions read, after the action and before them: for the state, or for the event that is recorded last.',
    bad: [
      py`
        import oslotest
        import unittest

        class TestStop(unittest.TestCase):
            def test_stop(self):
                self.api.post_server_action(self.server["id"], {"os-stop": None})    # expect: action-without-wait
                server = self.api.get_server(self.server["id"])
                self.assertEqual("SHUTOFF", server["status"])
      `,
      py`
        import oslotest
        import unittest

        class TestConfirm(unittest.TestCase):
            def test_confirm(self):
                server = self.server
                self.api.post_server_action(server["id"], {"confirmResize": None})
                self._wait_for_state_change(server, "ACTIVE")    # expect: action-without-wait
                self.assert_actions(server)

            def assert_actions(self, server):
                actions = self.api.get_instance_actions(server["id"])
                self.assertEqual("confirmResize", actions[0]["action"])
      `,
      py`
        import oslotest
        import unittest

        class TestPeriodic(unittest.TestCase):
            def test_periodic(self):
                self.manager._poll_unconfirmed_resizes(self.context)
                self._wait_for_state_change(self.server, "ACTIVE")    # expect: action-without-wait
                self.assertEqual(2, len(self.api.get_instance_actions(self.server["id"])))
      `,
    ],
    good: [
      py`
        import oslotest
        import unittest

        class TestStop(unittest.TestCase):
            def test_stop(self):
                self.api.post_server_action(self.server["id"], {"os-stop": None})
                server = self._wait_for_state_change(self.server, "SHUTOFF")
                self.assertEqual("SHUTOFF", server["status"])
      `,
      py`
        import oslotest
        import unittest

        class TestConfirm(unittest.TestCase):
            def test_confirm(self):
                server = self.server
                self.api.post_server_action(server["id"], {"confirmResize": None})
                self._wait_for_state_change(server, "ACTIVE")
                self._wait_for_instance_action_event(server, "confirmResize", "compute_confirm_resize")
                self.assertEqual(2, len(self.api.get_instance_actions(server["id"])))

            def test_state_only(self):
                self.api.post_server_action(self.server["id"], {"confirmResize": None})
                server = self._wait_for_state_change(self.server, "ACTIVE")
                self.assertEqual("ACTIVE", server["status"])
      `,
      py`
        import oslotest
        import unittest

        class TestRefused(unittest.TestCase):
            def test_refused(self):
                with self.assertRaises(ValueError):
                    self.api.post_server_action(self.server["id"], {"os-stop": None})
                self.assertEqual("ACTIVE", self.api.get_server(self.server["id"])["status"])
      `,
      py`
        import oslotest
        import time
        import unittest

        class TestLoop(unittest.TestCase):
            def test_loop(self):
                self.api.post_server_action(self.server["id"], {"os-stop": None})
                for _ in range(10):
                    server = self.api.get_server(self.server["id"])
                    if server["status"] == "SHUTOFF":
                        break
                    time.sleep(1)
                else:
                    self.fail("still running")

            def test_other(self):
                self.api.post_server_action(self.server["id"], {"os-stop": None})
                other = self.api.get_server(self.other["id"])
                self.assertEqual("ACTIVE", other["status"])
      `,
      py`
        import oslotest
        import unittest
        import fakes

        class Base(unittest.TestCase):
            def setUp(self):
                super().setUp()
                self.useFixture(fakes.CastAsCallFixture(self))

        class TestAtOnce(Base):
            def test_stop(self):
                self.api.post_server_action(self.server["id"], {"os-stop": None})
                server = self.api.get_server(self.server["id"])
                self.assertEqual("SHUTOFF", server["status"])
      `,
    ],
    misses: 'Actions that the configuration does not name, and those started by helpers.',
  },
  check(context, report) {
    let sites = 0;
    const patterns = patternsOf(context);
    if (!isTestModule(context) || !knowsState(patterns)) return 0;
    const reported = new Set<number>();
    for (const { instr: i, scope } of callsThat(context, ({ callee }) => mayBeChange(callee, context.module, patterns))) {
      if (!isOuter(scope)) continue;
      const change = changeOf(i, scope, context.engine);
      const actions = change?.actions.map((m) => m.pattern).filter((p) => p.asynchronous || p.settledBy.length > 0) ?? [];
      if (actions.length === 0 || !change || actions.every((p) => isSynchronous(p, scope, context))) continue;
      sites++;
      const late = actions.filter((p) => p.settledBy.length > 0);
      const found = late.length > 0 ? readTooEarly(i, late, scope, context) : lookedAtTooEarly(i, change.subjects, scope, context);
      if (!found || reported.has(found.start)) continue;
      reported.add(found.start);
      report(found);
    }
    return sites;
  },
});

const questions = new WeakMap<readonly CallPattern[], Question>();

/** Does a function, with all it calls, call one of these? */
function calling(patterns: readonly CallPattern[]): Question {
  let q = questions.get(patterns);
  if (!q)
    questions.set(
      patterns,
      (q = { found: (i, scope, engine) => i.op === 'call' && engine.patternsFor(scope).matches(engine.calls.info(i, scope).view, patterns) }),
    );
  return q;
}

/** The setup of the test's class makes such actions be over when they return. */
function isSynchronous(pattern: ActionPattern, scope: Scope, context: RuleContext): boolean {
  const { engine } = context;
  if (pattern.synchronousWith.length === 0 || !scope.cls) return false;
  const cls = scope.cls;
  return ['setUp', 'setup_method', 'asyncSetUp'].some((name) => {
    const ref = engine.values.classes.method(cls, name);
    return (
      ref !== undefined && reaches(engine.values.scopeOf({ kind: 'method', ref, cls, isBound: false }), calling(pattern.synchronousWith), engine)
    );
  });
}

const WAITS: Question = {
  found: (i, scope, engine) => {
    if (i.op !== 'call') return false;
    const info = engine.calls.info(i, scope);
    return (
      SOUNDS_LIKE_WAIT.test(info.view.method) ||
      engine.patternsFor(scope).waits(info.view).length > 0 ||
      info.models.some((m) => m.pattern.effect === 'waits')
    );
  },
};

function calls(instr: CallInstr, question: Question, scope: Scope, context: RuleContext): boolean {
  const { engine } = context;
  if (question.found(instr, scope, engine)) return true;
  const target = calleeScope(engine.calls.info(instr, scope), engine);
  return target !== undefined && reaches(target, question, engine);
}

/** The wait, or the fresh look, that was met on the way. */
interface Seen {
  readonly at: Instr | null;
}
const NOTHING: Seen = { at: null };

/** What the action writes last is read after a wait that is over before that. */
function readTooEarly(action: CallInstr, patterns: readonly ActionPattern[], scope: Scope, context: RuleContext): Report | undefined {
  let found: Report | undefined;
  const settles = patterns.map((p) => calling(p.settledBy));
  const observes = patterns.map((p) => calling(p.observedBy));
  walkFrom<Seen>(action, NOTHING, scope, context.engine, {
    key: (state) => state.at?.start ?? -1,
    visit(instr, state, branches) {
      if (found) return null;
      if (instr.op !== 'call') return state;
      if (settles.some((q) => calls(instr, q, scope, context))) return null;
      if (observes.some((q) => calls(instr, q, scope, context))) {
        found = finding(action, state.at, instr, scope, context, branches());
        return null;
      }
      return state.at === null && changeOf(instr, scope, context.engine)?.kind === 'wait' ? { at: instr } : state;
    },
  });
  return found;
}

/** The subject of the action is fetched and asserted about before anything has waited. */
function lookedAtTooEarly(action: CallInstr, subjects: readonly string[], scope: Scope, context: RuleContext): Report | undefined {
  const { engine } = context;
  let found: Report | undefined;
  walkFrom<Seen>(action, NOTHING, scope, engine, {
    key: (state) => state.at?.start ?? -1,
    visit(instr, state, branches) {
      if (found) return null;
      const snapshot = snapshotOf(instr, scope, engine);
      if (snapshot && !state.at && subjects.some((s) => snapshot.subjects.has(s))) return loopAround(scope.fn, instr.start) ? null : { at: instr };
      if (state.at && asserting(instr, scope, engine) !== 'no') {
        found = finding(action, null, state.at, scope, context, branches());
        return null;
      }
      if (instr.op !== 'call') return state;
      if (calls(instr, WAITS, scope, context)) return null;
      // A helper that cannot be read may wait.
      if (
        instr.callee.op === 'attr' &&
        engine.path(instr.callee.of, scope) === '@' &&
        !calleeScope(engine.calls.info(instr, scope), engine) &&
        !engine.isKnownMethod(instr.callee.name, scope)
      )
        return null;
      return state;
    },
  });
  return found;
}

function finding(action: CallInstr, wait: Instr | null, look: Instr, scope: Scope, context: RuleContext, branches: readonly Branch[]): Report {
  const at = wait ?? action;
  const line = context.position(scope.module, look.start).line;
  const text = textOf(scope.module, action);
  return {
    module: scope.module,
    start: at.start,
    end: at.end,
    test: scope.fn.qualifiedName,
    message: wait
      ? `this wait is over before ${text} has done its last; what it records at the end is read on line ${line}`
      : `nothing waits for ${text} before line ${line} looks at what it did`,
    witnesses: [
      {
        pathKind: 'normal',
        steps: [
          step(context, scope, 'call', action.start, `${text} starts something that goes on in the background`),
          ...(wait ? [step(context, scope, 'call', wait.start, `${textOf(scope.module, wait)} waits for a state that comes before the end`)] : []),
          ...branches.map((b) => branchStep(context, scope, b.test, b.outcome)),
          step(context, scope, 'use', look.start, `${textOf(scope.module, look)} reads the result`),
        ],
      },
    ],
  };
}
