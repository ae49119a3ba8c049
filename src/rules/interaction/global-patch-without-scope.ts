/** Does importing a test module replace something that every other test uses? */
import type { Operand, Stmt } from '../../ir/ir.ts';
import { callBehind } from '../../program/call-site.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { textOf } from '../../typestate/naming.ts';
import { rolesOf } from '../boundaries.ts';
import { defineRule, py, type RuleContext } from '../define.ts';
import { everyScope } from '../scopes.ts';

/** Settings that test frameworks want to be set this way. */
const SETTINGS = /^(maxDiff|longMessage|failureException|tearDown|setUp|__test__|skip|timeout|DEBUG|debug)$/;

export const globalPatchWithoutScope = defineRule({
  id: 'global-patch-without-scope',
  title: 'Importing the test module replaces something for all tests',
  pillar: 'interaction',
  cwe: ['CWE-435'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The replacement is installed when the file is imported, for collecting is enough, and nothing takes it away: every test of the run works with it, also those that are about the real thing.',
    fix: 'Install it where it is needed: `with patch(...)`, a fixture with `monkeypatch`, or `setUpModule` with `tearDownModule`.',
    misses: 'Replacements made by functions that are called on import.',
    bad: [
      py`
        import time

        time.sleep = lambda seconds: None    # expect: global-patch-without-scope "time.sleep"

        def test_wait():
            time.sleep(100)
      `,
      py`
        from unittest import mock

        mock.patch("shop.mail.send").start()    # expect: global-patch-without-scope

        def test_order():
            assert True
      `,
      py`
        import sys
        from unittest import mock

        sys.modules["printer"] = mock.MagicMock()    # expect: global-patch-without-scope "sys.modules"

        import shop

        def test_print():
            shop.print_bill()
      `,
    ],
    good: [
      py`
        import time

        def test_wait(monkeypatch):
            monkeypatch.setattr(time, "sleep", lambda seconds: None)
            time.sleep(100)
      `,
      py`
        import collections
        import collections.abc

        if not hasattr(collections, "Callable"):
            collections.Callable = lambda value: value

        try:
            import json
        except ImportError:
            import sys
            sys.modules["json"] = object()
      `,
      py`
        import unittest

        unittest.TestCase.maxDiff = None

        class TestA(unittest.TestCase):
            def test_a(self):
                self.assertTrue(True)

        def helper():
            return 1

        helper.slow = lambda: True
      `,
      py`
        import shop

        def quiet(text):
            return None

        shop.Agent.log = quiet

        def main():
            shop.Agent().run()
      `,
      py`
        import __main__

        class Point:
            pass

        __main__.Point = Point
      `,
      py`
        from unittest import mock

        PATCHER = mock.patch("shop.mail.send")

        def setUpModule():
            PATCHER.start()

        def tearDownModule():
            PATCHER.stop()
      `,
      py`
        import sys
        from unittest import mock

        sys.modules["printer"] = mock.MagicMock()
        import shop
        del sys.modules["printer"]

        def test_print():
            shop.print_bill()
      `,
    ],
  },
  check(context, report) {
    const { module } = context;
    let sites = 0;
    // A program that tests start, not a module that they import.
    if (context.groups.length === 0 && /__name__\s*==|^def main\(/m.test(module.text)) return 0;
    for (const scope of everyScope(context)) {
      if (scope.fn.kind !== 'module' && scope.fn.kind !== 'class') continue;
      sites++;
      const certain = unconditional(scope.fn.body);
      forEachInstr(certain, (instr) => {
        const what =
          replaced(instr.op === 'assign' ? (instr.target as Operand) : undefined, instr.op === 'assign' ? instr.value : undefined, scope, context) ??
          (instr.op === 'call' && instr.callee.op === 'attr' && instr.callee.name === 'start' && isPatcher(instr.callee.of, scope, context)
            ? textOf(module, instr)
            : undefined);
        if (what === undefined || isUndone(what, instr, module.text)) return;
        report({
          module,
          start: instr.start,
          end: instr.end,
          test: scope.fn.kind === 'module' ? '' : scope.fn.qualifiedName,
          // A module that is not installed has to be there before what imports it is imported; others rarely ask for it.
          ...(what.startsWith('sys.modules') ? { severity: 'note' as const } : {}),
          message: `importing this file replaces ${what} for every test of the run`,
        });
      });
    }
    return sites;
  },
});

/** The statements that run whenever the body does: what stands under `if`, `try` or `with` is a workaround with a condition. */
function unconditional(body: Stmt): Stmt {
  if (body.op === 'seq') return { op: 'seq', items: body.items.map(unconditional) };
  return body.op === 'run' ? body : { op: 'seq', items: [] };
}

/** What an assignment replaces: an attribute of an imported module or class, or an entry of sys.modules. */
function replaced(target: Operand | undefined, value: Operand | undefined, scope: Scope, context: RuleContext): string | undefined {
  if (!target || !value) return undefined;
  const { values } = context.engine;
  if (target.op === 'index')
    return values.canonical(target.of, scope) === 'sys.modules' && standsIn(value, scope, context) ? textOf(scope.module, target) : undefined;
  if (target.op !== 'attr' || SETTINGS.test(target.name) || !standsIn(value, scope, context)) return undefined;
  let root: Operand = target.of;
  while (root.op === 'attr') root = root.of;
  // `__main__` is where pickle looks for a class: what is put there replaces nothing.
  if (root.op !== 'name' || root.name === '__main__' || root.scope !== 'global' || !scope.module.imports.has(root.name)) return undefined;
  return textOf(scope.module, target);
}

/** A lambda, a function, a class or a mock: something that does other things than what it replaces. */
function standsIn(value: Operand, scope: Scope, context: RuleContext): boolean {
  if (value.op === 'function') return true;
  const call = callBehind(value, scope);
  if (call) return rolesOf(call, scope, context.engine).some((r) => r.pattern.role === 'makes-double');
  if (value.op !== 'name') return false;
  const symbol = context.engine.values.program.global(scope.module, value.name);
  return (symbol?.kind === 'function' || symbol?.kind === 'class') && symbol.module === scope.module;
}

function isPatcher(operand: Operand, scope: Scope, { engine }: RuleContext): boolean {
  const call = callBehind(operand, scope);
  return (
    call !== undefined &&
    engine
      .patternsFor(scope)
      .stubs(engine.calls.info(call, scope).view)
      .some((s) => s.pattern.lifetime === 'start-stop')
  );
}

/** The same place is written, deleted or stopped a second time in the file. */
function isUndone(what: string, instr: { readonly end: number }, text: string): boolean {
  if (/\bstopall\(|\.stop\(|\.stop\b/.test(text) && /\.start\(/.test(what)) return true;
  const rest = text.slice(instr.end);
  return (
    ['del ', ''].some((before) => rest.includes(`${before}${what}${before === '' ? ' = ' : ''}`)) ||
    rest.includes(`sys.modules.pop(${what.slice('sys.modules['.length, -1)}`)
  );
}
