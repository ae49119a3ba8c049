/** Does a test take rights, of the process or of an object that others use too, and keep them? */
import type { Operand } from '../../ir/ir.ts';
import { factsOf, type Scope } from '../../program/scope.ts';
import { textOf } from '../../typestate/naming.ts';
import { boundaryCalls, isPretended } from '../boundaries.ts';
import { defineRule, py, type RuleContext } from '../define.ts';
import { placedAssignments } from '../placed.ts';

/** Attributes that give rights when they are true. */
const RIGHT =
  /^(is_admin|is_superuser|is_staff|is_root|is_privileged|is_admin_project|superuser|elevated|privileged|bypass_(policy|auth|permissions?|checks?))$/;

export const elevatedContextLeft = defineRule({
  id: 'elevated-context-left',
  title: 'Rights are taken and not given back',
  pillar: 'access',
  cwe: ['CWE-271', 'CWE-269'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'The tests that run afterwards in the same process run with these rights: what should be refused is allowed there, and they are green for the wrong reason.',
    fix: "Register the way back before the test goes on (`self.addCleanup(os.seteuid, os.geteuid())`), or work on an object of the test's own.",
    misses: 'Rights that go through helpers of the project, and files that mention the same call or attribute a second time anywhere.',
    bad: [
      py`
        import os

        def test_as_nobody():
            os.seteuid(65534)    # expect: elevated-context-left
            assert not os.access("/root", os.R_OK)
      `,
      py`
        from shop.context import CONTEXT

        def test_delete_all():
            CONTEXT.is_admin = True    # expect: elevated-context-left "stays true"
            CONTEXT.delete_all()
      `,
      py`
        import unittest
        from shop import User

        class TestAdmin(unittest.TestCase):
            user = User("ann")

            def test_admin(self):
                self.user.is_superuser = True    # expect: elevated-context-left
                self.assertTrue(self.user.may("delete"))
      `,
    ],
    good: [
      py`
        import os

        def test_as_nobody():
            before = os.geteuid()
            os.seteuid(65534)
            try:
                assert not os.access("/root", os.R_OK)
            finally:
                os.seteuid(before)
      `,
      py`
        import unittest
        from shop import User

        class TestAdmin(unittest.TestCase):
            def setUp(self):
                self.user = User("ann")

            def test_admin(self):
                self.user.is_superuser = True
                self.assertTrue(self.user.may("delete"))
      `,
      py`
        from shop.context import Context

        def test_delete_all():
            context = Context()
            context.is_admin = True
            context.delete_all()
      `,
      py`
        from shop.context import CONTEXT

        def test_delete_all(monkeypatch):
            monkeypatch.setattr(CONTEXT, "is_admin", True)
            CONTEXT.delete_all()
      `,
      py`
        import os

        def test_in_child():
            pid = os.fork()
            if pid == 0:
                os.setuid(65534)
                os._exit(0)
            os.waitpid(pid, 0)
      `,
    ],
  },
  check(context, report) {
    const calls = boundaryCalls(context, 'elevates');
    const { engine, module } = context;
    for (const { instr, scope } of calls) {
      const name = engine.calls.info(instr, scope).view.method;
      const own = module.text.slice(scope.fn.start, scope.fn.end);
      if (/\bos\.fork|_exit\(|preexec|subprocess/.test(own) || isPretended(instr, scope, engine) || mentionsOf(name, context) > 1) continue;
      if (engine.facts(scope).enclosing(instr).length > 0) continue;
      report({
        module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        message: `${textOf(module, instr)} changes the rights of the whole process, and nothing in this file changes them back`,
      });
    }
    let sites = calls.length;
    for (const { instr, scope } of placedAssignments(context)) {
      const { target, value } = instr;
      if (target.op !== 'attr' || !RIGHT.test(target.name) || value.op !== 'const' || value.value !== true || scope.fn.kind !== 'function') continue;
      sites++;
      if (!isShared(target.of, scope, context)) continue;
      const text = textOf(module, target);
      if (module.text.split(text).length > 2 || new RegExp(`['"]${target.name}['"]`).test(module.text)) continue;
      report({
        module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        message: `${text} stays true after the test; others that use ${textOf(module, target.of)} have these rights too`,
      });
    }
    return sites;
  },
});

/** How often the file names the function as something that is called or handed over. */
function mentionsOf(name: string, { module }: RuleContext): number {
  return module.text.split(new RegExp(`\\b${name}\\b(?!["'])`)).length - 1;
}

/** An object that outlives the test: a global that is imported or made in the module, or an attribute made in the class body. */
function isShared(operand: Operand, scope: Scope, context: RuleContext): boolean {
  if (operand.op === 'name') {
    if (operand.scope !== 'global') return false;
    const symbol = context.engine.values.program.global(scope.module, operand.name);
    return symbol?.kind === 'variable' || (symbol?.kind === 'external' && scope.module.imports.has(operand.name));
  }
  if (operand.op !== 'attr' || operand.of.op !== 'name' || !scope.cls) return false;
  const receiver = factsOf(scope.module, scope.fn).receiver?.name;
  if (operand.of.name !== receiver) return false;
  const assigned = context.engine.values.assignedTo(scope.cls, operand.name);
  return assigned.length > 0 && assigned.every((a) => a.scope.fn.kind === 'class');
}
