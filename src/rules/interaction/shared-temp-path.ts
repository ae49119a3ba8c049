/** Does a test write to a fixed name in the folder for temporary files, which everybody shares? */
import type { Operand } from '../../ir/ir.ts';
import { callBehind } from '../../program/call-site.ts';
import type { Scope } from '../../program/scope.ts';
import { textOf } from '../../typestate/naming.ts';
import { behind, boundaryCalls, isPretended, literalBehind } from '../boundaries.ts';
import { defineRule, py, type RuleContext } from '../define.ts';

/** A name below the shared folder; the folder itself belongs to nobody. */
const SHARED = /^(\/tmp|\/var\/tmp|\/dev\/shm|[A-Za-z]:[\\/]+te?mp)[\\/]+[^\\/]/i;
const MAX_DEPTH = 5; // Names for parts of paths.

export const sharedTempPath = defineRule({
  id: 'shared-temp-path',
  title: 'The test writes to a fixed name in the shared temporary folder',
  pillar: 'interaction',
  cwe: ['CWE-435'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: "Two runs on one machine write to the same file and see each other's content; what an interrupted run, or another user, has left there makes the test fail or pass wrongly (CWE-377).",
    fix: 'Use `tmp_path`, `tempfile.TemporaryDirectory` or `tempfile.mkdtemp`.',
    misses: 'Paths that are handed to the code under test, which writes there.',
    bad: [
      py`
        def test_report():
            with open("/tmp/report.txt", "w") as file:    # expect: shared-temp-path
                file.write("x")
      `,
      py`
        import os

        FOLDER = "/tmp/shop-tests"

        def setup_module():
            os.makedirs(os.path.join(FOLDER, "data"), exist_ok=True)    # expect: shared-temp-path
      `,
      py`
        import os
        import shutil
        import tempfile

        def test_copy():
            target = os.path.join(tempfile.gettempdir(), "copy.cfg")
            shutil.copy("a.cfg", target)    # expect: shared-temp-path
      `,
    ],
    good: [
      py`
        def test_report(tmp_path):
            with open(tmp_path / "report.txt", "w") as file:
                file.write("x")
      `,
      py`
        def test_name():
            assert "/tmp/report.txt".endswith(".txt")

        def test_read():
            with open("/tmp/report.txt") as file:
                assert file.read()
      `,
      py`
        import os
        import tempfile

        def test_report():
            name = "/tmp/report-%d" % os.getpid()
            with open(name, "w") as file:
                file.write("x")
            with open(os.path.join(tempfile.mkdtemp(dir="/tmp"), "a"), "w") as file:
                file.write("x")
      `,
      py`
        from unittest import mock

        @mock.patch("builtins.open", mock.mock_open())
        def test_report():
            with open("/tmp/report.txt", "w") as file:
                file.write("x")
      `,
      py`
        import os
        import unittest
        from unittest import mock

        class TestMake(unittest.TestCase):
            @mock.patch.object(os, "makedirs")
            def test_make(self, makedirs):
                os.makedirs("/tmp/shop")
                makedirs.assert_called_once_with("/tmp/shop")
      `,
    ],
  },
  check(context, report) {
    const { module } = context;
    const calls = boundaryCalls(context, 'changes-path');
    // Where neither the folder nor the function that names it is written, nothing can be there.
    if (calls.length === 0 || !/tmp|te?mp[\\/]|gettempdir|\/shm/i.test(module.text)) return 0;
    for (const { instr, scope, argument } of calls) {
      if (!argument) continue;
      const path = pathOf(argument, scope, context);
      if (path === undefined || !SHARED.test(path) || isPretended(instr, scope, context.engine)) continue;
      const { method } = context.engine.calls.info(instr, scope).view;
      if (isStubbed(method, scope)) continue;
      report({
        module: scope.module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.qualifiedName,
        message: `${textOf(scope.module, argument)} is the same for every run on the machine`,
      });
    }
    return calls.length;
  },
});

/** The text of a path that is built from constants; undefined where a part of it is computed. */
function pathOf(operand: Operand, scope: Scope, context: RuleContext, depth = 0): string | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const literal = literalBehind(operand, scope, context.engine);
  if (typeof literal === 'string') return literal;
  const at = behind(operand, scope, context.engine);
  const part = (o: Operand): string | undefined => pathOf(o, at.scope, context, depth + 1);
  const joined = (parts: readonly (string | undefined)[], between: string): string | undefined =>
    parts.includes(undefined) ? undefined : parts.join(between);
  if (at.operand.op === 'binary' && (at.operand.operator === '+' || at.operand.operator === '/')) {
    return joined([part(at.operand.left), part(at.operand.right)], at.operand.operator === '/' ? '/' : '');
  }
  if (at.operand.op === 'format')
    return joined(
      at.operand.parts.map((p) => (typeof p === 'string' ? p : part(p))),
      '',
    );
  const call = callBehind(at.operand, at.scope);
  if (!call) return undefined;
  const { importPath } = context.engine.calls.info(call, at.scope).view;
  if (importPath === 'tempfile.gettempdir') return '/tmp';
  if (importPath === 'os.path.join' || importPath === 'pathlib.Path')
    return call.args.every((a) => a.kind === 'positional')
      ? joined(
          call.args.map((a) => part(a.value)),
          '/',
        )
      : undefined;
  return undefined;
}

/** The function is replaced somewhere in the file: by a decorator, a manager, a fixture. */
function isStubbed(method: string, scope: Scope): boolean {
  const { text } = scope.module;
  return (
    new RegExp(`(patch|stub|setattr|replace)[^\\n]*(\\n[^\\n]*){0,2}['".]${method}['"]`, 'i').test(text) ||
    (method === 'open' && /mock_open|MonkeyPatch\(\s*['"][\w.]*open/.test(text))
  );
}
