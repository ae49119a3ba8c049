/** Does a mock make up the method that was meant to check it: `m.called_once_with(x)`, `m.assert_called_once`? */
import type { Instr, Operand } from '../../ir/ir.ts';
import { callBehind } from '../../program/call-site.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { textOf } from '../../typestate/naming.ts';
import { assertionsOf } from '../assertions.ts';
import { defineRule, py, type RuleContext } from '../define.ts';
import { callsThat, evaluated } from '../placed.ts';
import { isFunction } from '../scopes.ts';

const CHECKS = [
  'called',
  'called_once',
  'called_with',
  'called_once_with',
  'any_call',
  'has_calls',
  'not_called',
  'awaited',
  'awaited_once',
  'awaited_with',
  'awaited_once_with',
  'any_await',
  'has_awaits',
  'not_awaited',
];
const VALID = new Set(CHECKS.map((c) => `assert_${c}`));
/** Called like a check, without the prefix that makes it one. `called` is an attribute that mocks have. */
const UNPREFIXED = new Set([
  ...CHECKS.filter((c) => c !== 'called' && c !== 'awaited'),
  'called_once_with_args',
  'called_with_once',
  'has_called',
  'has_call',
  'was_called',
  'was_called_with',
  'was_called_once',
  'was_called_once_with',
  'was_not_called',
  'called_one_with',
  'never_called',
]);
/** Attributes that mocks make up and that are true whatever happened. */
const ALWAYS_TRUE = new Set([...UNPREFIXED].filter((c) => c !== 'has_calls' && c !== 'has_call'));
/** `assert_` with a few letters wrong before the underscore, and a word of mocks behind it; all of VALID among them. */
const ASSERT_CALL = /^as*[se]*rt?_.*(call|await)/;
/** More letters wrong than this and it is another word. */
const MAX_DISTANCE = 2;

export const misspeltMockAssertion = defineRule({
  id: 'misspelt-mock-assertion',
  title: 'The mock makes up the method that should check it',
  pillar: 'comparison',
  cwe: ['CWE-1025'],
  severity: 'error',
  precision: 'very-high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'A mock has every attribute that is asked of it. `m.called_once_with(x)` is a call of such an attribute, and `m.assert_called_once` without parentheses is only looked at: nothing is checked.',
    fix: 'Write `m.assert_called_once_with(x)`, with the prefix and the parentheses. A mock with `spec` or `autospec` refuses unknown names.',
    bad: [
      py`
        from unittest import mock

        def test_directory_is_made():
            with mock.patch("os.makedirs") as makedirs:
                prepare()
            makedirs.called_once_with("data")    # expect: misspelt-mock-assertion "assert_called_once_with"
      `,
      py`
        from unittest import mock

        def test_backend():
            backend = mock.Mock()
            run(backend)
            assert backend.remove.called_once_with(1)    # expect: misspelt-mock-assertion
            assert backend.close.called_once    # expect: misspelt-mock-assertion
            backend.close.assert_called_once    # expect: misspelt-mock-assertion "is not called"
      `,
      py`
        import unittest
        from unittest import mock

        class TestShare(unittest.TestCase):
            def test_share(self):
                self.db = mock.Mock()
                run(self.db)
                self.db.update.assert_called_once_wth(1)    # expect: misspelt-mock-assertion
                self.assertTrue(self.db.update.called_with(1))    # expect: misspelt-mock-assertion
                self.assertTrue(self.db.update.assert_called_with)    # expect: misspelt-mock-assertion
      `,
    ],
    good: [
      py`
        from unittest import mock

        def test_directory_is_made():
            with mock.patch("os.makedirs") as makedirs:
                prepare()
            makedirs.assert_called_once_with("data")
            assert makedirs.called
            assert makedirs.call_count == 1
      `,
      py`
        class Recorder:
            def __init__(self):
                self.calls = []

            def called_with(self, *args):
                return args in self.calls

        def test_own_recorder():
            recorder = Recorder()
            assert recorder.called_with(1)
      `,
      py`
        import functools
        from unittest import mock

        def test_later(request):
            close = mock.Mock()
            request.addfinalizer(close.assert_called_once)
            check = functools.partial(close.assert_called_with, 1)
            close(1)
            check()
      `,
      py`
        from unittest import mock

        def test_old_python():
            close = mock.Mock()
            close()
            calls = close.mock_calls
            has_calls = bool(calls)
            assert has_calls
            assert close.call_args == mock.call()
      `,
      py`
        class Client:
            def assert_called_wit(self, name):
                assert name

        def test_helper():
            Client().assert_called_wit("x")
      `,
    ],
  },
  check(context, report) {
    if (!/call|await/.test(context.module.text)) return 0;
    let sites = 0;
    const reported = new Set<Instr>();
    const say = (scope: Scope, at: Operand | Instr, message: string): void => {
      report({ module: scope.module, start: at.start, end: at.end, test: scope.fn.qualifiedName, message });
    };
    for (const { scope, assertion } of assertionsOf(context)) {
      if (assertion.relation !== 'truth' || assertion.negated) continue;
      const { left } = assertion;
      const call = callBehind(left, scope);
      if (call?.callee.op === 'attr' && UNPREFIXED.has(call.callee.name) && left.op === 'temp' && !isOwn(call.callee, scope, context)) {
        reported.add(call);
        say(scope, call, unprefixed(call.callee, scope));
      } else if (left.op === 'attr' && (VALID.has(left.name) || ALWAYS_TRUE.has(left.name)) && !isOwn(left, scope, context)) {
        say(
          scope,
          left,
          VALID.has(left.name) ? notCalled(left, scope) : `${textOf(scope.module, left)} is an attribute that the mock makes up: it is always true`,
        );
      }
    }
    for (const { instr, scope } of evaluated(context)) {
      if (instr.value.op === 'attr' && isFunction(scope) && VALID.has(instr.value.name) && !isOwn(instr.value, scope, context))
        say(scope, instr.value, notCalled(instr.value, scope));
    }
    for (const { instr, scope } of callsThat(context, ({ callee }) => callee.op === 'attr' && isLikeCheck(callee.name))) {
      const { callee } = instr;
      if (callee.op !== 'attr' || !isFunction(scope) || reported.has(instr)) continue;
      if (VALID.has(callee.name)) sites++;
      else if (UNPREFIXED.has(callee.name) && !resultsUsed(scope).has(instr.result)) {
        if (!isOwn(callee, scope, context)) say(scope, instr, unprefixed(callee, scope));
      } else if (ASSERT_CALL.test(callee.name)) {
        const meant = nearestCheck(callee.name);
        if (meant && !isOwn(callee, scope, context))
          say(scope, instr, `${textOf(scope.module, callee)} checks nothing: the method is called ${meant}`);
      }
    }
    return sites;
  },
});

/** The name is, or may be meant as, a check of a mock. */
function isLikeCheck(name: string): boolean {
  return UNPREFIXED.has(name) || (name.startsWith('a') && ASSERT_CALL.test(name));
}

function unprefixed(callee: Extract<Operand, { op: 'attr' }>, scope: Scope): string {
  const meant = `assert_${callee.name}`;
  return `${textOf(scope.module, callee)} is a call that the mock makes up: nothing is checked${VALID.has(meant) ? `; the method is called ${meant}` : ''}`;
}

function notCalled(operand: Operand, scope: Scope): string {
  return `${textOf(scope.module, operand)} is not called: nothing is checked`;
}

/** The receiver is an object of the project that has the attribute, or a module: no mock. */
function isOwn(operand: Extract<Operand, { op: 'attr' }>, scope: Scope, context: RuleContext): boolean {
  const { values } = context.engine;
  if (values.of(operand, scope) !== undefined && values.of(operand, scope)?.kind !== 'external') return true;
  const receiver = values.of(operand.of, scope);
  if (receiver?.kind === 'module') return true;
  if (receiver?.kind !== 'instance' && receiver?.kind !== 'class') return false;
  return (
    values.classes.method(receiver.cls, '__getattr__') === undefined &&
    receiver.cls.mro.some((c) => c.module.text.includes(`.${operand.name} =`) || c.module.text.includes(`def ${operand.name}`))
  );
}

const usedIn = new WeakMap<Scope, ReadonlySet<number>>();

/** Temporaries that something reads: the call's answer is used. */
function resultsUsed(scope: Scope): ReadonlySet<number> {
  const known = usedIn.get(scope);
  if (known) return known;
  const used = new Set<number>();
  usedIn.set(scope, used);
  const visit = (o: unknown): void => {
    if (o === null || typeof o !== 'object') return;
    if ((o as Operand).op === 'temp') used.add((o as { id: number }).id);
    for (const v of Object.values(o)) if (typeof v === 'object') visit(v);
  };
  forEachInstr(scope.fn.body, visit);
  return used;
}

/** The check that a name is a few letters away from; undefined where it is one, or none. */
function nearestCheck(name: string): string | undefined {
  if (VALID.has(name)) return undefined;
  let best: string | undefined;
  let least = MAX_DISTANCE + 1;
  for (const valid of VALID) {
    const d = distance(name, valid);
    if (d < least) {
      least = d;
      best = valid;
    }
  }
  return best;
}

/** Letters to insert, delete or replace between two words. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MAX_DISTANCE) return MAX_DISTANCE + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] as number;
}
