/** Does a `side_effect` list hold a function? A mock returns the items of a list; it calls only a `side_effect` that is itself a function. */
import type { Operand } from '../../ir/ir.ts';
import { callBehind } from '../../program/call-site.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { textOf } from '../../typestate/naming.ts';
import type { RuleContext } from '../define.ts';
import { defineRule, py } from '../define.ts';
import { functionScopes } from '../scopes.ts';
import { isBetween, matchesOf } from '../written.ts';

export const sideEffectCallable = defineRule({
  id: 'side-effect-callable',
  title: 'A function in a side_effect list is returned, not called',
  pillar: 'exceptions',
  cwe: ['CWE-755'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'With `side_effect=[first, fail]` a mock raises the items that are exceptions and *returns* all others. A function in the list is handed to the caller as the result and never runs: the failure or the effect that the test wants to provoke does not happen.',
    fix: 'Give one function that decides by itself what to do on each call: `side_effect=next_reply`, or put the results into the list: `side_effect=[first(), error]`.',
    bad: [
      py`
        from unittest import mock

        def boom():
            raise OSError("gone")

        def test_retry():
            with mock.patch("app.read", side_effect=[boom, "text"]):    # expect: side-effect-callable "boom"
                assert load() == "text"
      `,
      py`
        from unittest import mock

        def test_retry():
            read = mock.Mock()
            read.side_effect = [lambda: 1 / 0, "text"]    # expect: side-effect-callable
            assert load(read) == "text"
      `,
      py`
        from unittest import mock
        import unittest

        class TestRetry(unittest.TestCase):
            def refuse(self, name):
                raise PermissionError(name)

            def test_retry(self):
                read = mock.Mock(side_effect=(self.refuse, b""))    # expect: side-effect-callable
                self.assertEqual(b"", load(read))
      `,
    ],
    good: [
      py`
        from unittest import mock

        def boom():
            raise OSError("gone")

        def test_retry():
            with mock.patch("app.read", side_effect=boom):
                assert load() is None
      `,
      py`
        from unittest import mock

        class Gone(Exception):
            pass

        def test_retry():
            with mock.patch("app.read", side_effect=[Gone, OSError("x"), "text"]):
                assert load() == "text"
      `,
      py`
        from unittest import mock

        def first():
            return 1

        def second():
            return 2

        def test_loads_handlers():
            loader = mock.Mock(side_effect=[first, second])
            assert [f() for f in handlers(loader)] == [1, 2]
      `,
      py`
        from unittest import mock
        import unittest

        class TestRecord(unittest.TestCase):
            @property
            def record(self):
                return {"id": 1}

            def test_load(self):
                load = mock.Mock(side_effect=[self.record, {"id": 2}])
                self.assertEqual({"id": 1}, load())
      `,
      py`
        from unittest import mock

        def reply():
            return b"x"

        def test_retry():
            with mock.patch("app.read", side_effect=[reply(), b""]):
                assert load() == b"x"
      `,
    ],
    misses: 'A list in which every item is a function is taken for a factory of callables, which is sometimes a mistake too.',
  },
  check(context, report) {
    const written = matchesOf(/side_effect/g, context.module.text);
    if (written.length === 0) return 0;
    let sites = 0;
    for (const scope of functionScopes(context)) {
      if (!isBetween(written, scope.fn.decorators[0]?.start ?? scope.fn.start, scope.fn.end)) continue;
      forEachInstr(scope.fn.body, (instr) => {
        if (instr.op === 'call') for (const a of instr.args) if (a.kind === 'keyword' && a.name === 'side_effect') look(a.value, scope);
        if (instr.op === 'assign' && instr.target.op === 'attr' && instr.target.name === 'side_effect') look(instr.value, scope);
      });
      for (const d of scope.fn.decorators)
        if (d.op === 'described-call') for (const a of d.args) if (a.kind === 'keyword' && a.name === 'side_effect') look(a.value, scope);
    }
    return sites;

    function look(value: Operand, scope: Scope): void {
      if (value.op !== 'list' && value.op !== 'tuple') return;
      sites++;
      const functions = value.items.filter((i) => isFunction(i, scope, context));
      // Callables only: a mock that hands out callables on purpose. Mixed with values or exceptions, or made to raise: a mistake.
      const item = functions.find((f) => functions.length < value.items.length || raisesOnly(f, scope, context));
      if (!item) return;
      report({
        module: scope.module,
        start: item.start,
        end: item.end,
        test: scope.fn.qualifiedName,
        message: `the mock returns ${textOf(scope.module, item)} instead of calling it: functions in a side_effect list are results`,
      });
    }
  },
});

function isFunction(item: Operand, scope: Scope, context: RuleContext): boolean {
  if (item.op === 'function') return true;
  if (item.op === 'temp' && callBehind(item, scope)) return false;
  const v = context.engine.values.of(item, scope);
  // A decorated method may be a property: its value is no function.
  return (v?.kind === 'function' || v?.kind === 'nested' || v?.kind === 'method') && context.engine.values.scopeOf(v).fn.decorators.length === 0;
}

/** The function has no normal exit: it was written to raise. */
function raisesOnly(item: Operand, scope: Scope, context: RuleContext): boolean {
  const v = context.engine.values.of(item, scope);
  return (v?.kind === 'function' || v?.kind === 'nested' || v?.kind === 'method') && context.engine.calls.neverReturns(v, scope);
}
