/** Is there an assertion in a `raises` block that can never run in a test that passes? */
import type { Instr, Operand } from '../../ir/ir.ts';
import { forEachStmt } from '../../ir/statements.ts';
import { Kind } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { exceptionName, mayCatch, typeNames } from '../../typestate/exceptions.ts';
import { assertionGrade } from '../../typestate/judgement.ts';
import { textOf } from '../../typestate/naming.ts';
import { walk } from '../../typestate/walk.ts';
import type { RuleContext } from '../define.ts';
import { defineRule, py } from '../define.ts';
import { scopesHolding } from '../scopes.ts';
import { instrsOf, type WithStmt } from './statements.ts';
import { lineOf, stepAt, witness } from './told.ts';

export const raisesBlockTooWide = defineRule({
  id: 'raises-block-too-wide',
  title: 'An assertion after the raising call never runs',
  pillar: 'exceptions',
  cwe: ['CWE-755', 'CWE-391'],
  severity: 'error',
  precision: 'very-high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The block of `assertRaises` or `pytest.raises` ends where the exception is raised. An assertion at its end runs only if nothing was raised, and then the test fails anyway: in a test that passes it has never run.',
    fix: 'Move the assertion behind the block; keep only the call that raises inside.',
    bad: [
      py`
        import pytest

        def test_message():
            with pytest.raises(ValueError) as caught:
                parse("x")
                assert "x" in str(caught.value)    # expect: raises-block-too-wide "never runs"
      `,
      py`
        import unittest

        class TestDelete(unittest.TestCase):
            def test_in_use(self):
                volume = make_volume()
                with self.assertRaises(RuntimeError):
                    volume.delete()
                    self.assertEqual("in-use", volume.status)    # expect: raises-block-too-wide
                    self.assertTrue(volume.exists)
      `,
      py`
        from unittest import mock
        import unittest

        class TestSend(unittest.TestCase):
            @mock.patch("app.log")
            def test_logs(self, log):
                with self.assertRaises(KeyError):
                    send({})
                    log.error.assert_called_once_with("no address")    # expect: raises-block-too-wide
      `,
    ],
    good: [
      py`
        import pytest

        def test_message():
            with pytest.raises(ValueError) as caught:
                parse("x")
            assert "x" in str(caught.value)
      `,
      py`
        import unittest

        class TestAssertions(unittest.TestCase):
            def test_fails(self):
                with self.assertRaises(self.failureException):
                    prepare()
                    self.assertEqual(1, 2)

            def test_also_fails(self):
                with self.assertRaises(AssertionError):
                    prepare()
                    assert 1 == 2
      `,
      py`
        import pytest

        def test_second_read_fails(reader):
            with pytest.raises(EOFError):
                assert reader.read() == b"x"
                reader.read()
      `,
      py`
        import pytest

        def test_result_raises(pool):
            with pytest.raises(OSError):
                future = pool.submit(1)
                assert future.result() is None
      `,
      py`
        import pytest

        def test_ready(server):
            with pytest.raises(ConnectionError):
                client = server.connect()
                client.assert_ready()
      `,
      py`
        import unittest

        class TestBoth(unittest.TestCase):
            def test_both(self):
                for value in ("a", "b"):
                    with self.assertRaises(ValueError):
                        self.assertIsNotNone(value)
                        parse(value)
      `,
    ],
    misses: 'Assertions that call something themselves: that call may be the one that raises.',
  },
  check(context, report) {
    if (!/aises/.test(context.module.text)) return 0;
    let sites = 0;
    for (const scope of scopesHolding(context, Kind.with)) {
      forEachStmt(scope.fn.body, (s) => {
        if (s.op !== 'with') return;
        const manager = context.engine.calls.manager(s.enter, scope);
        if (!manager.effects.some((e) => e.pattern.effect === 'must-raise') || !manager.call) return;
        sites++;
        const expected = manager.call.args.find(
          (a) => a.kind === 'positional' || (a.kind === 'keyword' && /^(expected_exception|exception|excClass)$/.test(a.name)),
        )?.value;
        if (!expected || !isKnown(expected) || mayCatch(typeNames(expected)?.map(exceptionName), 'AssertionError') !== 'no') return;
        const found = deadAssertion(s, scope, context);
        if (!found) return;
        const { assertion, call } = found;
        const type = textOf(scope.module, expected);
        report({
          module: scope.module,
          start: assertion.start,
          end: assertion.end,
          test: scope.fn.qualifiedName,
          message: `never runs in a test that passes: the block ends where ${type} is raised, before this assertion`,
          pathKind: 'normal',
          witnesses: [
            witness('normal', [
              stepAt(context, 'call', scope, s.enter.start, `${type} must be raised in this block`),
              stepAt(
                context,
                'raise',
                scope,
                call.start,
                `raises ${type}: the block ends here and line ${lineOf(context, scope, assertion.start)} is not reached`,
              ),
              stepAt(context, 'exit', scope, assertion.start, 'reached only when nothing was raised, and then the block fails at its end'),
            ]),
          ],
        });
      });
    }
    return sites;
  },
});

/** A class that is named, not a variable that may hold any class. */
function isKnown(types: Operand): boolean {
  const items = types.op === 'tuple' || types.op === 'list' ? types.items : [types];
  return items.length > 0 && items.every((t) => (t.op === 'name' || t.op === 'attr') && /^[A-Z]|^(error|timeout|herror|gaierror)$/.test(t.name));
}

/** The first assertion of the block from which only assertions lead to its end, and the call before it that must be the one that raises. */
function deadAssertion(s: WithStmt, scope: Scope, context: RuleContext): { assertion: Instr; call: Instr } | undefined {
  const { engine } = context;
  const body = instrsOf(s.body);
  const inBody = new Set(body);
  const mayRaise = (i: Instr): boolean =>
    (i.op === 'call' || i.op === 'await' || i.op === 'raise' || i.op === 'next' || i.op === 'enter' || i.op === 'yield') &&
    engine.calls.raising(i, scope).likelihood !== 'never';
  const isDirect = (i: Instr): boolean =>
    (i.op === 'assert' || i.op === 'call') &&
    assertionGrade(i, scope, engine) === 'direct' &&
    engine.calls.raising(i, scope).type === 'AssertionError' &&
    engine.calls.raising(i, scope).likelihood !== 'always';
  for (const assertion of body) {
    if (!isDirect(assertion) || takesCallable(assertion)) continue;
    const own = (i: Instr): boolean => i.start >= assertion.start && i.end <= assertion.end;
    if (body.some((i) => i !== assertion && own(i) && mayRaise(i))) continue;
    const call = body.filter((i) => i.start < assertion.start && mayRaise(i) && !isDirect(i)).at(-1);
    if (!call) continue;
    // From the assertion on, nothing in the block can raise what is expected.
    const later = walk(
      scope,
      engine,
      { at: 'after', instr: assertion, mark: '' },
      {
        after: (i) => (inBody.has(i) ? (mayRaise(i) && !isDirect(i) ? 'raising' : '') : null),
        raised: (i, mark) => (inBody.has(i) && !isDirect(i) ? 'raising' : mark === 'raising' ? mark : null),
        isGoal: (_, mark) => mark === 'raising',
      },
    );
    if (later) continue;
    // And nothing that raises can be passed by: every way to the assertion goes through a call that may raise.
    const around = walk(
      scope,
      engine,
      { at: 'after', instr: s.enter, mark: '' },
      {
        after: (i) => (i === assertion ? 'reached' : mayRaise(i) && !isDirect(i) ? null : ''),
        raised: () => null,
        isGoal: (_, mark) => mark === 'reached',
      },
    );
    if (!around) return { assertion, call };
  }
  return undefined;
}

/** `self.assertRaises(E, f)` and its like run what they are given: they are the call under test. */
function takesCallable(instr: Instr): boolean {
  return (
    instr.op === 'call' &&
    (instr.callee.op === 'attr' || instr.callee.op === 'name') &&
    /raises|warns|that|fires|eventually|logs|failure/i.test(instr.callee.name)
  );
}
