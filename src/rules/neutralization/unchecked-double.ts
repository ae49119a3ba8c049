/** Does a test assert something about what a mock without a specification answers? */
import type { Operand } from '../../ir/ir.ts';
import { forEachInstr } from '../../program/module.ts';
import { factsOf, type Scope } from '../../program/scope.ts';
import { assertionOf, soundsLikeAssertion } from '../../suite/assertions.ts';
import { boundaryCalls } from '../boundaries.ts';
import { defineRule, py, type RuleContext } from '../define.ts';

const MAX_DEPTH = 8; // Steps back from the assertion to the mock.

export const uncheckedDouble = defineRule({
  id: 'unchecked-double',
  title: 'What is asserted comes from a mock that answers anything',
  pillar: 'neutralization',
  cwe: ['CWE-20'],
  severity: 'note',
  precision: 'medium',
  default: false,
  since: '0.1.0',
  docs: {
    why: 'A mock without `spec` has every attribute and takes every argument. The value that is asserted went through it, so the test stays green when the real class loses the method or changes its parameters.',
    fix: 'Give the mock a specification: `Mock(spec=Service)`, `create_autospec(Service)`, `patch(..., autospec=True)`.',
    misses: 'Mocks that are kept on the instance or made by `patch`.',
    bad: [
      py`
        from unittest import mock
        import shop

        def test_total():
            prices = mock.Mock()    # expect: unchecked-double "prices"
            prices.lookup.return_value = 3
            total = shop.total(prices, ["a", "b"])
            assert total == 6
      `,
      py`
        from unittest.mock import MagicMock
        import shop

        def test_empty():
            store = MagicMock()    # expect: unchecked-double
            assert shop.count(store) == 0
      `,
      py`
        from unittest import mock
        import unittest
        import shop

        class TestCart(unittest.TestCase):
            def test_cart(self):
                api = mock.Mock(name="api")    # expect: unchecked-double
                self.assertEqual(3, shop.Cart(api).size())
      `,
    ],
    good: [
      py`
        from unittest import mock
        import shop

        def test_total():
            prices = mock.Mock(spec=shop.Prices)
            prices.lookup.return_value = 3
            assert shop.total(prices, ["a", "b"]) == 6
      `,
      py`
        from unittest import mock
        import shop

        def test_called():
            listener = mock.Mock()
            shop.notify(listener)
            listener.assert_called_once_with("changed")
      `,
      py`
        from unittest import mock
        import shop

        def test_calls():
            listener = mock.Mock()
            shop.notify(listener)
            assert listener.call_count == 1
            assert listener.called
      `,
      py`
        from unittest import mock
        import shop

        def test_other():
            shop.setup(mock.Mock())
            assert shop.version() == 3
      `,
    ],
  },
  check(context, report) {
    const made = boundaryCalls(context, 'makes-double').filter(
      ({ instr }) => !instr.args.some((a) => a.kind !== 'keyword' || /^(spec|spec_set|wraps|side_effect|return_value)$/.test(a.name)),
    );
    if (made.length === 0) return 0;
    const asserted = new Map<Scope['fn'], Set<number>>();
    for (const { instr, scope } of made) {
      let temps = asserted.get(scope.fn);
      if (!temps) asserted.set(scope.fn, (temps = assertedTemps(scope, context)));
      if (!temps.has(instr.result)) continue;
      const named = [...factsOf(scope.module, scope.fn).names].find(([, defs]) =>
        defs.some((d) => d.kind === 'value' && d.value.op === 'temp' && d.value.id === instr.result),
      );
      if (!named) continue;
      report({
        module: scope.module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        message: `${named[0]} answers whatever it is asked, and what is asserted comes from it; give it a spec`,
      });
    }
    return made.length;
  },
});

/** Results of calls in the function that some asserted value was computed from, through arguments and receivers. */
function assertedTemps(scope: Scope, { engine }: RuleContext): Set<number> {
  const out = new Set<number>();
  const facts = factsOf(scope.module, scope.fn);
  /** A name that gets its values from itself is gone through once. */
  const names = new Set<string>();
  const visit = (operand: Operand, depth: number): void => {
    if (depth > MAX_DEPTH) return;
    switch (operand.op) {
      case 'temp': {
        const def = facts.temps[operand.id];
        if (def?.kind === 'value') return visit(def.value, depth + 1);
        if (def?.kind !== 'result' || def.instr.op !== 'call' || out.has(operand.id)) return;
        out.add(operand.id);
        visit(def.instr.callee, depth + 1);
        for (const a of def.instr.args) visit(a.value, depth + 1);
        return;
      }
      case 'name':
        if (operand.scope !== 'local' || names.has(operand.name)) return;
        names.add(operand.name);
        for (const d of facts.names.get(operand.name) ?? []) if (d.kind === 'value') visit(d.value, depth + 1);
        return;
      // What a mock recorded about its calls is what it is for.
      case 'attr':
        return /^(called|call_count|call_args|call_args_list|mock_calls|method_calls|await_\w+)$/.test(operand.name)
          ? undefined
          : visit(operand.of, depth + 1);
      case 'index':
        return visit(operand.of, depth + 1);
      default:
    }
  };
  forEachInstr(scope.fn.body, (instr) => {
    if (!soundsLikeAssertion(instr)) return;
    const assertion = assertionOf(instr, scope, engine.calls);
    if (!assertion || assertion.relation === 'identical') return;
    visit(assertion.left, 0);
    if (assertion.right) visit(assertion.right, 0);
  });
  return out;
}
