/** Is a check of rights or signatures replaced by one that always agrees, for every test of a class or file? */
import type { Argument, Operand } from '../../ir/ir.ts';
import { argumentOf } from '../../program/call-site.ts';
import { forEachInstr } from '../../program/module.ts';
import type { Scope } from '../../program/scope.ts';
import { defineRule, py, type RuleContext } from '../define.ts';
import { everyScope } from '../scopes.ts';

/** Names of functions that decide whether something is allowed or genuine. */
const CHECK =
  /^_{0,2}((check|verify|validate|require|ensure|enforce|has|assert)_?\w*(perm|polic|auth|sign|csrf|token|access|credential|cert|password|privilege)\w*|(is_)?(authori[sz]ed?|authenticated?)|authori[sz]e|authenticate|enforce|login_required|permission_required|compare_digest|check_password|verify_\w*hash)$/i;

/** A file without any of these is about something else. */
const ABOUT = /auth|perm|polic|enforce|verif|csrf|token|digest|password/i;

/** Methods that put a double in the place of something. */
const REPLACES = /^(patch|object|setattr|stub_out|mock_object|set)$/;

export const securityCheckStubbed = defineRule({
  id: 'security-check-stubbed',
  title: 'A security check always agrees in every test',
  pillar: 'protection',
  cwe: ['CWE-693'],
  severity: 'note',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The check is replaced before each test by one that always says yes, and no test in the file lets it say no. That the code under test asks it at all, and heeds the answer, is tested by nobody here.',
    fix: 'Add a test in which the check refuses (`side_effect=Forbidden`, `return_value=False`), or stub it only in the tests that need it.',
    misses: 'Checks whose name does not say so, and stubs that a base class in another file installs.',
    bad: [
      py`
        import unittest
        from unittest import mock
        import shop

        class TestOrders(unittest.TestCase):
            def setUp(self):
                patcher = mock.patch("shop.policy.check_permission", return_value=True)    # expect: security-check-stubbed
                patcher.start()
                self.addCleanup(patcher.stop)

            def test_delete(self):
                self.assertTrue(shop.delete(1))
      `,
      py`
        from unittest import mock
        import unittest
        import shop

        @mock.patch.object(shop.Tokens, "verify_signature", mock.Mock(return_value=True))    # expect: security-check-stubbed
        class TestOrders(unittest.TestCase):
            def test_delete(self):
                self.assertTrue(shop.delete(1))
      `,
      py`
        import pytest
        import shop

        @pytest.fixture(autouse=True)
        def allowed(monkeypatch):
            monkeypatch.setattr(shop, "authorize", lambda *args: True)    # expect: security-check-stubbed

        def test_delete():
            assert shop.delete(1)
      `,
      py`
        from unittest import mock
        import unittest
        import shop

        def allow(context, action):
            pass

        @mock.patch("shop.policy.authorize", allow)    # expect: security-check-stubbed
        class TestOrders(unittest.TestCase):
            def test_delete(self):
                self.assertTrue(shop.delete(1))
      `,
    ],
    good: [
      py`
        from unittest import mock
        import shop

        def test_delete():
            with mock.patch("shop.policy.check_permission", return_value=True):
                assert shop.delete(1)
      `,
      py`
        import unittest
        from unittest import mock
        import shop

        class TestOrders(unittest.TestCase):
            def setUp(self):
                patcher = mock.patch("shop.policy.check_permission", return_value=True)
                self.check_permission = patcher.start()
                self.addCleanup(patcher.stop)

            def test_refused(self):
                self.check_permission.return_value = False
                self.assertRaises(PermissionError, shop.delete, 1)
      `,
      py`
        import unittest
        from unittest import mock
        import shop

        class TestOrders(unittest.TestCase):
            def setUp(self):
                patcher = mock.patch("shop.policy.check_permission", side_effect=PermissionError)
                patcher.start()
                self.addCleanup(patcher.stop)

            def test_refused(self):
                self.assertRaises(PermissionError, shop.delete, 1)
      `,
      py`
        import unittest
        from unittest import mock
        import shop

        class TestOrders(unittest.TestCase):
            def setUp(self):
                self.check = mock.patch("shop.policy.check_permission", return_value=True).start()
                self.addCleanup(mock.patch.stopall)

            def test_is_asked(self):
                shop.delete(1)
                self.check.assert_called_once_with("delete", 1)
      `,
      py`
        from unittest import mock
        import unittest
        import shop

        def refuse_guests(context, action):
            if context.is_guest:
                raise PermissionError(action)

        @mock.patch("shop.policy.authorize", refuse_guests)
        class TestOrders(unittest.TestCase):
            def test_delete(self):
                self.assertTrue(shop.delete(1))
      `,
      py`
        from unittest import mock
        import unittest
        import shop

        @mock.patch.object(shop.Policy, "enforce")
        class TestOrders(unittest.TestCase):
            def setup_policy(self, enforce, answer):
                enforce.side_effect = None if answer else shop.Forbidden

            def test_delete_denied(self, enforce):
                self.setup_policy(enforce, False)
                self.assertRaises(shop.Forbidden, shop.delete, 1)
      `,
      py`
        import pytest
        import shop

        @pytest.fixture(autouse=True)
        def no_mail(monkeypatch):
            monkeypatch.setattr(shop, "send_mail", lambda *args: True)

        def test_delete():
            assert shop.delete(1)
      `,
    ],
  },
  check(context, report) {
    const { module, engine } = context;
    const around = new Set(
      context.groups
        .flatMap((g) => [...g.setup, ...g.classSetup, ...g.moduleSetup])
        .filter((s) => s.module === module)
        .map((s) => s.fn),
    );
    for (const f of context.fixtures) if (f.isAutouse) around.add(f.scope.fn);
    let sites = 0;
    let isAbout: boolean | undefined;
    const look = (callee: Operand, args: readonly Argument[], at: { readonly start: number; readonly end: number }, scope: Scope): void => {
      if ((callee.op === 'attr' && !REPLACES.test(callee.name)) || !mayName(args)) return;
      isAbout ??= ABOUT.test(module.text);
      if (!isAbout) return;
      const view = engine.calls.describe(callee, args, undefined, scope).view;
      if (!REPLACES.test(view.method)) return;
      const name = targetName(args, view.method);
      if (name === undefined || !CHECK.test(name)) return;
      sites++;
      if (!agrees(args, view.method, scope, context) || refusedSomewhere(name, at, module.text) || isAsserted(at, module.text)) return;
      report({
        module,
        start: at.start,
        end: at.end,
        test: scope.fn.kind === 'module' ? '' : scope.fn.qualifiedName,
        message: `${name} always agrees in these tests, and no test in this file lets it refuse`,
      });
    };
    for (const scope of everyScope(context)) {
      if (scope.fn.kind === 'class') {
        for (const d of scope.fn.decorators) if (d.op === 'described-call') look(d.callee, d.args, d, scope);
      } else if (around.has(scope.fn)) {
        forEachInstr(scope.fn.body, (instr) => {
          if (instr.op === 'call') look(instr.callee, instr.args, instr, scope);
        });
      }
    }
    return sites;
  },
});

/** The double has a name, and the tests look at how it was asked: `self.check.assert_called_once_with(context, "get")`. */
function isAsserted(at: { readonly start: number }, text: string): boolean {
  const name = /(\w+)\s*=\s*\(?\s*$/.exec(text.slice(Math.max(0, at.start - 100), at.start))?.[1];
  return name !== undefined && new RegExp(`\\b${name}\\.(assert_(called|any_call|has_calls)|call_args|mock_calls)`).test(text);
}

/** One of the arguments that may be the target ends like a check: asked before anything is resolved. */
function mayName(args: readonly Argument[]): boolean {
  return args.some(({ value }) => value.op === 'const' && typeof value.value === 'string' && CHECK.test(lastPart(value.value)));
}

const lastPart = (dotted: string): string => dotted.slice(dotted.lastIndexOf('.') + 1);

/** The last part of what is replaced: `patch('a.b.check')`, `patch.object(b, 'check')`, `setattr(b, 'check', …)`. */
function targetName(args: readonly Argument[], method: string): string | undefined {
  for (const index of method === 'patch' || method === 'stub_out' ? [0] : [1, 0]) {
    const value = argumentOf(args, index, null);
    if (value?.op === 'const' && typeof value.value === 'string') return lastPart(value.value);
  }
  return undefined;
}

/** The replacement says yes whatever it is asked: `return_value=True`, `lambda *a: True`, `Mock(return_value=True)`. */
function agrees(args: readonly Argument[], method: string, scope: Scope, context: RuleContext): boolean {
  const isYes = (o: Operand | undefined): boolean => o?.op === 'const' && (o.value === true || o.kind === 'none');
  if (args.some((a) => a.name === 'side_effect' || a.name === 'wraps')) return false;
  const result = args.find((a) => a.name === 'return_value');
  if (result) return isYes(result.value);
  // Without a replacement it is a mock, which is true and raises nothing.
  const given = args.filter((a) => a.kind !== 'keyword' || a.name === 'new' || a.name === 'new_callable');
  if (/^(patch|mock_object)$/.test(method) ? given.length <= (method === 'patch' ? 1 : 2) : method === 'object' && given.length <= 2) return true;
  return args.slice(1).some(({ value }) => {
    if (value.op === 'name') return isYesFunction(value, scope, context);
    if (value.op === 'function') {
      const fn = scope.module.ir.functions[value.index];
      let yes = false;
      if (fn?.kind === 'lambda')
        forEachInstr(fn.body, (i) => {
          if (i.op === 'return') yes = isYes(i.value ?? undefined);
        });
      return yes;
    }
    if (value.op === 'described-call')
      return isYes(value.args.find((a) => a.name === 'return_value')?.value) && !value.args.some((a) => a.name === 'side_effect');
    if (value.op !== 'temp') return false;
    const def = context.engine.facts(scope).temps[value.id];
    return def?.kind === 'result' && def.instr.op === 'call' && isYes(def.instr.args.find((a) => a.name === 'return_value')?.value);
  });
}

/** A function of this file that does nothing but say yes. */
function isYesFunction(name: Extract<Operand, { op: 'name' }>, scope: Scope, { module, engine }: RuleContext): boolean {
  const symbol = name.scope === 'global' ? engine.values.program.global(scope.module, name.name) : undefined;
  const fn = symbol?.kind === 'function' && symbol.module === module ? module.ir.functions[symbol.index] : undefined;
  if (!fn || fn.isGenerator) return false;
  let yes = true;
  forEachInstr(fn.body, (i) => {
    if (
      i.op === 'return' ? i.value !== null && !(i.value.op === 'const' && (i.value.value === true || i.value.kind === 'none')) : i.op !== 'evaluate'
    )
      yes = false;
  });
  return yes;
}

/** Somewhere else in the file something is refused: by this check, or by one that the reader would have to tell apart. */
function refusedSomewhere(name: string, at: { readonly start: number; readonly end: number }, text: string): boolean {
  const rest = text.slice(0, at.start) + text.slice(at.end);
  return (
    /forbidden|unauthori|denied|refus|reject|not_?allowed|PermissionError|NotAuthori|\b40[13]\b/i.test(rest) ||
    new RegExp(`${name}[\\s\\S]{0,160}?(side_effect|return_value\\s*=\\s*False|raises)`, 'i').test(rest)
  );
}
