/** Is the expected value made from the very value that it is compared with? */
import type { Instr, Operand } from '../../ir/ir.ts';
import { callBehind } from '../../program/call-site.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { isPlain, mentions, squeezed } from '../../suite/operands.ts';
import { textOf } from '../../typestate/naming.ts';
import { assertionsOf } from '../assertions.ts';
import { defineRule, py, type RuleContext } from '../define.ts';

const EXPECTED = /expect|want|should|golden|reference/i;
/** Tests of calling twice call twice on purpose. */
const TWICE =
  /twice|again|repeat|cach|idempot|determin|stable|same|consisten|memo|singleton|reproduc|seed|random|unchanged|not_(change|modif)|preserv|keep|eq/i;

export const tautologicalExpectation = defineRule({
  id: 'tautological-expectation',
  title: 'The expected value comes from the value under test',
  pillar: 'calculation',
  cwe: ['CWE-682'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'What is expected is copied from the result, computed by the same call, or read back from the mock that was told to return it: the two agree whatever the code under test does.',
    fix: 'Write down the value that is expected, or compute it in another way than the code under test.',
    bad: [
      py`
        def test_name(server):
            result = server.rename("b")
            expected = result.name
            assert expected == result.name    # expect: tautological-expectation
      `,
      py`
        import unittest

        class TestTotal(unittest.TestCase):
            def test_total(self):
                expected = self.invoice.total(19)
                actual = self.invoice.total(19)
                self.assertEqual(expected, actual)    # expect: tautological-expectation
      `,
      py`
        from unittest import mock

        def test_client():
            client = mock.Mock(return_value=3)
            client.rows.return_value = [1]
            assert client() == 3    # expect: tautological-expectation
            assert client.rows() == [1]    # expect: tautological-expectation
      `,
    ],
    good: [
      py`
        def test_unchanged(server):
            before = server.name
            server.restart()
            assert before == server.name
            kept = server.rows
            assert server.rows == kept
            expected = repr(server)
            server = server.part()
            actual = repr(server)
            assert actual == expected
      `,
      py`
        def test_cached(client):
            first = client.rows()
            second = client.rows()
            assert first == second
            expected_rows = client.rows()
            client.reload()
            assert expected_rows == client.rows()
      `,
      py`
        from unittest import mock

        def test_client():
            client = mock.Mock()
            client.rows.return_value = [1]
            assert total(client) == 1
            assert client.rows.return_value == [1]
      `,
      py`
        import unittest

        class TestTotal(unittest.TestCase):
            def test_total(self):
                expected = self.invoice.total(19)
                actual = self.other.total(19)
                self.assertEqual(expected, actual)
                wanted = [row.name for row in self.rows]
                self.assertEqual(wanted, self.client.names())
      `,
    ],
    misses: 'Expectations that repeat the formula of the code under test.',
  },
  check(context, report) {
    let sites = 0;
    const isAboutMocks = /mock/.test(context.module.path);
    for (const { scope, assertion } of assertionsOf(context)) {
      const { left, right, instr } = assertion;
      if (assertion.relation !== 'equal' || assertion.negated || !right) continue;
      sites++;
      if (TWICE.test(scope.fn.name)) continue;
      const why =
        copied(left, right, instr, scope) ??
        copied(right, left, instr, scope) ??
        computedTwice(left, right, scope) ??
        (isAboutMocks ? undefined : (readBack(left, right, scope, context) ?? readBack(right, left, scope, context)));
      if (why !== undefined) report({ module: scope.module, start: instr.start, end: instr.end, test: scope.fn.qualifiedName, message: why });
    }
    return sites;
  },
});

/** The only assignment of a local, where it has one. */
function assignment(operand: Operand, scope: Scope): { readonly value: Operand; readonly instr: Instr } | undefined {
  if (operand.op !== 'name' || operand.scope !== 'local') return undefined;
  let found: Extract<Instr, { op: 'assign' }> | undefined;
  let count = 0;
  forEachInstr(scope.fn.body, (i) => {
    if ((i.op === 'assign' || i.op === 'augment' || i.op === 'next') && i.target.op === 'name' && i.target.name === operand.name) {
      count++;
      if (i.op === 'assign') found = i;
    }
  });
  return count === 1 && found ? { value: found.value, instr: found } : undefined;
}

/** `expected = result.name` … `expected == result.name`, and nothing but assertions runs in between. */
function copied(expected: Operand, actual: Operand, at: Instr, scope: Scope): string | undefined {
  if (expected.op !== 'name' || !EXPECTED.test(expected.name)) return undefined;
  const from = assignment(expected, scope);
  if (!from || from.value.op === 'const' || !(from.value.op === 'attr' || from.value.op === 'index' || from.value.op === 'name')) return undefined;
  if (squeezed(from.value, scope) !== squeezed(actual, scope) || !isPlain(actual, scope) || from.instr.start > at.start || from.value.op === 'name')
    return undefined;
  let runs = false;
  forEachInstr(scope.fn.body, (i) => {
    if (i.start <= from.instr.start || i.start >= at.start || i === at) return;
    if (
      i.op === 'call'
        ? !(i.callee.op === 'attr' && /^assert(?!Raises|Warns|Logs)/.test(i.callee.name))
        : i.op === 'augment' ||
          i.op === 'delete' ||
          i.op === 'enter' ||
          i.op === 'await' ||
          i.op === 'yield' ||
          (i.op === 'assign' && i.target.op !== 'name' && i.target.op !== 'temp')
    )
      runs = true;
  });
  return runs ? undefined : `${textOf(scope.module, expected)} is ${textOf(scope.module, actual)} itself: the comparison cannot fail`;
}

/** Two locals from the same call, one after the other, one of them called expected. */
function computedTwice(left: Operand, right: Operand, scope: Scope): string | undefined {
  if (left.op !== 'name' || right.op !== 'name' || (!EXPECTED.test(left.name) && !EXPECTED.test(right.name))) return undefined;
  const [a, b] = [assignment(left, scope), assignment(right, scope)];
  if (!a || !b) return undefined;
  const [one, other] = [callBehind(a.value, scope), callBehind(b.value, scope)];
  if (
    !one ||
    !other ||
    a.value.op !== 'temp' ||
    b.value.op !== 'temp' ||
    one.args.length === 0 ||
    squeezed(a.value, scope) !== squeezed(b.value, scope)
  )
    return undefined;
  const [first, second] = one.start < other.start ? [one, other] : [other, one];
  let runs = false;
  forEachInstr(scope.fn.body, (i) => {
    if (i.start >= first.end && i.end <= second.start && i.op !== 'assign' && i.op !== 'evaluate' && i.op !== 'assert') runs = true;
    if (
      i.start >= first.end &&
      i.end <= second.start &&
      i.op === 'assign' &&
      i.target.op !== 'temp' &&
      (i.target.op !== 'name' || mentions(a.value, i.target, scope))
    )
      runs = true;
  });
  return runs ? undefined : `${left.name} and ${right.name} come from the same call, ${textOf(scope.module, one)}`;
}

/** `m.return_value = 3` … `m() == 3`: the mock answers what it was told. */
function readBack(actual: Operand, expected: Operand, scope: Scope, context: RuleContext): string | undefined {
  const call = actual.op === 'temp' ? callBehind(actual, scope) : undefined;
  if (!call || !isPlain(expected, scope)) return undefined;
  const callee = squeezed(call.callee, scope);
  const root = rootName(call.callee);
  const mock = root && assignment(root, scope);
  const made = mock && callBehind(mock.value, scope);
  const path = made && context.engine.values.canonical(made.callee, scope);
  if (!made || path === undefined || !/(^|\.)(Mock|MagicMock|AsyncMock|NonCallableMock)$/.test(path)) return undefined;
  const wanted = squeezed(expected, scope);
  let told = call.callee.op === 'name' && made.args.some((a) => a.name === 'return_value' && squeezed(a.value, scope) === wanted);
  forEachInstr(scope.fn.body, (i) => {
    if (
      i.op === 'assign' &&
      i.target.op === 'attr' &&
      i.target.name === 'return_value' &&
      squeezed(i.target.of, scope) === callee &&
      squeezed(i.value, scope) === wanted &&
      i.start < call.start
    )
      told = true;
  });
  return told ? `${textOf(scope.module, call)} answers what the mock was told: nothing of the project is tested` : undefined;
}

function rootName(operand: Operand): Operand | undefined {
  return operand.op === 'attr' ? rootName(operand.of) : operand.op === 'name' ? operand : undefined;
}
