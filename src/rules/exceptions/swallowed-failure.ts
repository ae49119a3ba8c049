/** Does a handler catch the test's own failed assertion and let the test go on? */
import type { Instr, Stmt } from '../../ir/ir.ts';
import { forEachStmt } from '../../ir/statements.ts';
import { Kind } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { assertionGrade } from '../../typestate/judgement.ts';
import { textOf } from '../../typestate/naming.ts';
import { type WalkStep, walk } from '../../typestate/walk.ts';
import type { RuleContext } from '../define.ts';
import { defineRule, py } from '../define.ts';
import { scopesHolding } from '../scopes.ts';
import { forgets } from './handlers.ts';
import { instrsOf, type TryStmt } from './statements.ts';
import { endOf, lineOf, stepAt, told, witness } from './told.ts';

export const swallowedFailure = defineRule({
  id: 'swallowed-failure',
  title: 'A handler swallows the failed assertion',
  pillar: 'exceptions',
  cwe: ['CWE-755', 'CWE-390', 'CWE-396'],
  severity: 'error',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'A failed assertion is an exception. `except Exception` and a bare `except` around it catch it like any other: the test passes although its assertion failed.',
    fix: 'Catch only the exceptions that the code under test raises, or move the assertion out of the `try` body.',
    bad: [
      py`
        def test_login():
            try:
                session = login()
                assert session.user == "ada"    # expect: swallowed-failure "line 5"
            except Exception:
                print("login failed")
      `,
      py`
        import unittest

        class TestLogin(unittest.TestCase):
            def test_login(self):
                try:
                    self.assertEqual("ada", login().user)    # expect: swallowed-failure
                except:
                    pass
      `,
      py`
        import time
        import unittest

        class TestStart(unittest.TestCase):
            def test_ready(self):
                for attempt in range(10):
                    try:
                        self.assertTrue(is_ready())    # expect: swallowed-failure
                        return
                    except Exception:
                        time.sleep(1)
      `,
    ],
    good: [
      py`
        import unittest

        class TestLogin(unittest.TestCase):
            def test_login(self):
                try:
                    self.assertEqual("ada", login().user)
                except Exception as error:
                    self.fail("login failed: %s" % error)
      `,
      py`
        def test_login():
            try:
                assert login().user == "ada"
            except Exception:
                dump_state()
                raise
      `,
      py`
        import time

        def test_ready():
            for attempt in range(10):
                try:
                    assert is_ready()
                    return
                except Exception:
                    time.sleep(1)
            raise RuntimeError("not ready")
      `,
      py`
        def test_worker():
            errors = []
            def work():
                try:
                    assert compute() == 1
                except Exception as error:
                    errors.append(error)
            work()
            assert errors == []
      `,
      py`
        def test_own_assertion():
            try:
                assert_close(1.0, 2.0)
            except AssertionError:
                pass
            else:
                raise RuntimeError("passed")
      `,
      py`
        def test_login():
            try:
                assert login().user == "ada"
            except ConnectionError:
                pass
      `,
      py`
        import unittest

        class TestJson(unittest.TestCase):
            def test_message(self):
                try:
                    self.assertJson({"a": 1}, {"a": 2})
                except Exception as error:
                    self.assertIn("path: a", str(error))
                else:
                    self.fail("no mismatch")
      `,
      py`
        def test_client(loop, future):
            def client():
                try:
                    assert talk() == b"ok"
                except Exception as error:
                    loop.call_soon_threadsafe(future.set_exception, error)
            run(client, future)
      `,
      py`
        def is_ready(server):
            try:
                assert server.status == "ready"
                return True
            except Exception:
                return False

        def test_ready(server):
            assert wait_until(is_ready, server)
      `,
      py`
        def test_flag():
            failed = False
            try:
                assert login().user == "ada"
            except Exception:
                failed = True
            assert not failed
      `,
    ],
    misses: 'Handlers that keep the exception somewhere where nobody looks.',
  },
  check(context, report) {
    let sites = 0;
    for (const scope of scopesHolding(context, Kind.try)) {
      if (isCleanup(scope)) continue;
      const tries: TryStmt[] = [];
      forEachStmt(scope.fn.body, (s) => {
        if (s.op === 'try' && s.handlers.length > 0) tries.push(s);
      });
      for (const s of tries) {
        const swallowing = s.handlers.filter((h) => isBroad(h.types) && forgets(h.body) && !judges(h.body, scope, context));
        if (swallowing.length === 0) continue;
        const assertions = instrsOf(s.body).filter((i) => isOwnAssertion(i, scope, context));
        if (assertions.length > 0) sites++;
        for (const assertion of assertions) {
          const path = wayOut(assertion, s, scope, context);
          if (!path) continue;
          const handler = path.find((p) => p.kind === 'catch')?.instr ?? (swallowing[0] as (typeof swallowing)[number]);
          const where = lineOf(context, scope, handler.start);
          report({
            module: scope.module,
            start: assertion.start,
            end: assertion.end,
            test: scope.fn.qualifiedName,
            message: `when this assertion fails the handler on line ${where} catches it, and the test passes`,
            pathKind: 'normal',
            witnesses: [
              witness(
                'normal',
                [stepAt(context, 'raise', scope, assertion.start, `${textOf(scope.module, assertion)} fails: AssertionError`)],
                told(context, scope, path),
                [stepAt(context, 'exit', scope, endOf(scope), `${scope.fn.name} ends as if nothing had failed`)],
              ),
            ],
          });
          break; // One finding a try statement: the others have the same cure.
        }
      }
    }
    return sites;
  },
});

const CLEANS = /^(tear_?down|_?clean_?up|_?delete|_?remove|_?destroy|_?shutdown|close|stop)/i;

/** In a teardown a failure of the cleanup is often put aside on purpose. */
function isCleanup(scope: Scope): boolean {
  return CLEANS.test(scope.fn.name);
}

function isBroad(types: import('../../ir/ir.ts').Operand | null): boolean {
  if (types === null) return true;
  const items = types.op === 'tuple' ? types.items : [types];
  return items.some((t) => t.op === 'name' && (t.name === 'Exception' || t.name === 'BaseException'));
}

/** A handler that asserts about the failure tests an assertion of the project's own. */
function judges(body: Stmt, scope: Scope, context: RuleContext): boolean {
  return instrsOf(body).some((i) => assertionGrade(i, scope, context.engine) !== undefined);
}

function isOwnAssertion(instr: Instr, scope: Scope, context: RuleContext): boolean {
  if (instr.op !== 'assert' && instr.op !== 'call') return false;
  if (assertionGrade(instr, scope, context.engine) !== 'direct') return false;
  const { type } = context.engine.calls.raising(instr, scope);
  return type === 'AssertionError';
}

/** From the failing assertion into one of the handlers and out of the function, without passing it again and without another failure. */
function wayOut(assertion: Instr, s: TryStmt, scope: Scope, context: RuleContext): readonly WalkStep[] | null {
  const inHandlers = new Set(s.handlers.flatMap((h) => instrsOf(h.body)));
  return walk(
    scope,
    context.engine,
    { at: 'raise', instr: assertion, mark: '' },
    {
      after: (i, mark) => (i === assertion ? null : inHandlers.has(i) ? 'caught' : mark),
      raised: () => null,
      isGoal: (at, mark) => at === 'exit' && mark === 'caught',
    },
  );
}
