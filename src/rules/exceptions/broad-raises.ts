/** Does an expected exception name so broad a class that any mistake in the block satisfies it? */
import type { Instr, Operand } from '../../ir/ir.ts';
import { forEachInside } from '../../ir/operands.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { textOf } from '../../typestate/naming.ts';
import type { RuleContext } from '../define.ts';
import { defineRule, py } from '../define.ts';
import { callsThat } from '../placed.ts';
import { isFunction } from '../scopes.ts';

const BROAD = new Set(['Exception', 'BaseException', 'builtins.Exception', 'builtins.BaseException']);

/** What a comment says of an exception that nobody promises. */
const LEFT_OPEN =
  /\b(exact|which|precise|specific|particular) (exception|error)|(exception|error)s? (\w+ ){0,2}(is|are) (not |un)(specified|guaranteed|defined)|unspecified|platform.?(dependent|specific)|depend\w* on the|some implementations|not crash/i;
const DOUBLE = /fake|stub|mock|dummy|broken|bad|fail|except|rais|error/i;

export const broadRaises = defineRule({
  id: 'broad-raises',
  title: 'Any exception satisfies the test',
  pillar: 'exceptions',
  cwe: ['CWE-755', 'CWE-396'],
  severity: 'note',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'A block that expects `Exception` passes with a misspelt name, a wrong argument and even with its own failed assertion. Only the exception that the code promises shows that it works.',
    fix: 'Name the exception that is promised, or check its message with `match=`.',
    bad: [
      py`
        import pytest

        def test_refuses_negative():
            with pytest.raises(Exception):    # expect: broad-raises
                account().withdraw(-1)
      `,
      py`
        import unittest

        class TestAccount(unittest.TestCase):
            def test_refuses_negative(self):
                self.assertRaises(Exception, account().withdraw, -1)    # expect: broad-raises
      `,
      py`
        import unittest

        class TestAccount(unittest.TestCase):
            def test_refuses_negative(self):
                with self.assertRaises(BaseException):    # expect: broad-raises "BaseException"
                    account().withdraw(-1)
      `,
    ],
    good: [
      py`
        import pytest

        def test_refuses_negative():
            with pytest.raises(Exception, match="negative"):
                account().withdraw(-1)
      `,
      py`
        import unittest
        from unittest import mock

        class TestAccount(unittest.TestCase):
            def test_passes_errors_on(self):
                with mock.patch("bank.send", side_effect=Exception("down")):
                    self.assertRaises(Exception, account().withdraw, 1)
      `,
      py`
        import unittest

        class TestAccount(unittest.TestCase):
            def test_refuses_negative(self):
                with self.assertRaises(Exception) as caught:
                    account().withdraw(-1)
                self.assertEqual("negative", str(caught.exception))
      `,
      py`
        import pytest

        def test_callback_error():
            def callback():
                raise Exception("from callback")
            with pytest.raises(Exception):
                account().subscribe(callback)
      `,
      py`
        import pytest

        def test_refuses_negative():
            with pytest.raises(ValueError):
                account().withdraw(-1)
      `,
      py`
        import pytest

        class BrokenStore:
            def save(self, amount):
                raise Exception("full")

        def test_passes_errors_on():
            store = BrokenStore()
            with pytest.raises(Exception):
                account(store).withdraw(1)

        def test_left_open():
            with pytest.raises(Exception):
                # The exact error depends on the platform.
                account().withdraw(-1)
      `,
    ],
    misses: "Other broad classes, such as OSError or a project's own base class.",
  },
  check(context, report) {
    const calls = callsThat(context, ({ callee }) => RAISES.test(calleeName(callee)));
    let sites = 0;
    const expected = new Map<Scope, boolean>();
    for (const { instr, scope } of calls) {
      if (instr.args.length === 0 || !isFunction(scope)) continue;
      const name = calleeName(instr.callee);
      const info = context.engine.calls.info(instr, scope);
      if (
        !context.engine
          .patternsFor(scope)
          .manager(info.view)
          .some((m) => m.pattern.effect === 'must-raise')
      )
        continue;
      sites++;
      const first = instr.args[0];
      if (first?.kind !== 'positional' || !BROAD.has(context.engine.values.canonical(first.value, scope) ?? '')) continue;
      if (instr.args.some((a) => a.kind === 'keyword' && (a.name === 'match' || a.name === 'check')) || /regex/i.test(name)) continue;
      if (isLookedAt(instr, scope) || isLeftOpen(instr, scope)) continue;
      let isExpected = expected.get(scope);
      if (isExpected === undefined) expected.set(scope, (isExpected = raisesBroadItself(scope, context)));
      if (isExpected) continue;
      report({
        module: scope.module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        message: `any error satisfies ${textOf(scope.module, instr.callee)}(${textOf(scope.module, first.value)}), a mistake in the test too; name the exception that is promised`,
      });
    }
    return sites;
  },
});

const RAISES = /raises/i;
const calleeName = (callee: Operand): string => (callee.op === 'attr' || callee.op === 'name' ? callee.name : '');

/** The caught exception is bound (`as caught`, or assigned) and the name is read again. */
function isLookedAt(call: Extract<Instr, { op: 'call' }>, scope: Scope): boolean {
  let bound: string | undefined;
  let result = call.result;
  let used = false;
  forEachInstr(scope.fn.body, (i) => {
    if (i.op === 'enter' && i.manager.op === 'temp' && i.manager.id === call.result) {
      result = i.result;
      if (i.target) bound = i.target.op === 'name' ? i.target.name : '';
    } else if (i.op === 'assign' && i.value.op === 'temp' && (i.value.id === result || i.value.id === call.result))
      bound = i.target.op === 'name' ? i.target.name : '';
    else if (i.start > call.end && bound === undefined && mentionsTemp(i, call.result)) used = true;
  });
  return used || bound !== undefined;
}

function mentionsTemp(instr: Instr, id: number): boolean {
  if (instr.op === 'call') return [instr.callee, ...instr.args.map((a) => a.value)].some((o) => holds(o, id));
  return (instr.op === 'await' || instr.op === 'return') && instr.value !== null && holds(instr.value, id);
}

function holds(operand: Operand, id: number): boolean {
  if (operand.op === 'temp') return operand.id === id;
  let found = false;
  forEachInside(operand, (o) => {
    found ||= holds(o as Operand, id);
  });
  return found;
}

/** A comment at the call says that no one exception is promised: it depends on the platform, or on the implementation. */
function isLeftOpen({ start, end }: Instr, scope: Scope): boolean {
  const { text } = scope.module;
  const after = text.slice(end, scope.fn.end).split('\n', 5);
  const before = text.slice(scope.fn.start, start).split('\n').slice(-4);
  return LEFT_OPEN.test([...before, ...after].flatMap((line) => /#.*/.exec(line) ?? []).join(' '));
}

/** The test itself has the bare class raised: by a nested function, a stub, a side effect. Then it is what the test promises. */
function raisesBroadItself(scope: Scope, context: RuleContext): boolean {
  let top = scope.fn;
  while (top.parent !== null) {
    const parent = scope.module.ir.functions[top.parent];
    if (!parent || parent.kind === 'module' || parent.kind === 'class') break;
    top = parent;
  }
  const text = scope.module.text.slice(top.start, top.end);
  const before = top.decorators.reduce((n, d) => Math.min(n, d.start), top.start);
  const all = scope.module.text.slice(before, top.start) + text;
  return (
    /raise (Base)?Exception\b|side_effect\s*=\s*\[?\(?(Base)?Exception\b|(?<!except )(?<!as )\b(Base)?Exception\(|throw\w*\((Base)?Exception|set_exception/.test(
      all,
    ) || callsRaiser(scope, context)
  );
}

/** A project function called in the block says `raise Exception` itself. */
function callsRaiser(scope: Scope, context: RuleContext): boolean {
  let found = false;
  forEachInstr(scope.fn.body, (i) => {
    if (found || i.op !== 'call') return;
    const callee = context.engine.calls.info(i, scope).callee;
    if (!callee) return;
    // Of a class only a double for the test: one of the product raises for reasons of its own.
    if (callee.kind === 'class' && !DOUBLE.test(callee.cls.name)) return;
    const { fn, module: of } = callee.kind === 'class' ? { fn: callee.cls.body, module: callee.cls.module } : context.engine.values.scopeOf(callee);
    found = /raise (Base)?Exception\b/.test(of.text.slice(fn.start, fn.end));
  });
  return found;
}
