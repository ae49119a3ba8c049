/** Does a test switch off all warnings, or those about resources that were left open? */

import { argumentOf } from '../../program/call-site.ts';
import { textOf } from '../../typestate/naming.ts';
import { type BoundaryCall, boundaryCalls, isPretended, literalBehind } from '../boundaries.ts';
import { defineRule, py, type RuleContext } from '../define.ts';

export const warningsSilenced = defineRule({
  id: 'warnings-silenced',
  title: 'All warnings are switched off',
  pillar: 'protection',
  cwe: ['CWE-693'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'From here on nobody sees a warning: not that a function goes away in the next version, not that a file was left open. The filter holds for the process, so it also holds for tests that know nothing of it.',
    fix: 'Silence the one warning where it arises: `with warnings.catch_warnings():`, `@pytest.mark.filterwarnings("ignore:text:DeprecationWarning")`.',
    misses: 'Options on the command line and in configuration files.',
    bad: [
      py`
        import warnings

        warnings.filterwarnings("ignore")    # expect: warnings-silenced

        def test_a():
            assert True
      `,
      py`
        import unittest
        import warnings

        class TestA(unittest.TestCase):
            def setUp(self):
                warnings.simplefilter("ignore", ResourceWarning)    # expect: warnings-silenced "ResourceWarning"

            def test_a(self):
                self.assertTrue(True)
      `,
      py`
        import unittest
        import warnings

        class TestA(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                warnings.simplefilter(action="ignore", category=Warning)    # expect: warnings-silenced

            def test_a(self):
                self.assertTrue(True)
      `,
    ],
    good: [
      py`
        import warnings

        def test_a():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                assert True
      `,
      py`
        import warnings

        warnings.filterwarnings("ignore", category=DeprecationWarning, module="shop")
        warnings.filterwarnings("ignore", "the .* is old")
        warnings.simplefilter("error")
      `,
      py`
        import unittest
        import warnings

        class TestA(unittest.TestCase):
            def setUp(self):
                warnings.simplefilter("ignore")
                self.addCleanup(warnings.resetwarnings)

            def test_a(self):
                self.assertTrue(True)
      `,
      py`
        import unittest
        import warnings

        class TestA(unittest.TestCase):
            def setUp(self):
                self.caught = warnings.catch_warnings()
                self.caught.__enter__()
                warnings.simplefilter("ignore")

            def tearDown(self):
                self.caught.__exit__(None, None, None)

            def test_a(self):
                self.assertTrue(True)
      `,
      py`
        import warnings

        def test_a(recwarn):
            warnings.simplefilter("ignore")
            assert True
      `,
    ],
  },
  check(context, report) {
    const { module, engine } = context;
    const calls = boundaryCalls(context, 'silences');
    if (calls.length === 0 || (!module.text.includes('ignore') && !module.text.includes('disable_warnings'))) return 0;
    for (const call of calls) {
      const { instr, scope } = call;
      const what = silenced(call, context);
      if (what === undefined || isPretended(instr, scope, engine) || isUndone(call)) continue;
      report({
        module,
        start: instr.start,
        end: instr.end,
        test: scope.fn.kind === 'module' ? '' : scope.fn.qualifiedName,
        message: `${textOf(module, instr)} silences ${what} from here to the end of the process`,
      });
    }
    return calls.length;
  },
});

/** "every warning", "every ResourceWarning"; undefined where the filter is a narrow one. */
function silenced({ instr, scope }: BoundaryCall, { engine }: RuleContext): string | undefined {
  const { method } = engine.calls.info(instr, scope).view;
  if (method === 'disable_warnings') return instr.args.length === 0 ? "the HTTP client's warnings" : undefined;
  const simple = method === 'simplefilter';
  if (instr.args.some((a) => a.kind === 'star' || a.kind === 'double-star')) return undefined;
  const message = simple ? undefined : argumentOf(instr.args, 1, 'message');
  const module = simple ? undefined : argumentOf(instr.args, 3, 'module');
  if (module || (message && literalBehind(message, scope, engine) !== '')) return undefined;
  const category = argumentOf(instr.args, simple ? 1 : 2, 'category');
  if (!category) return 'every warning';
  const name = engine.values.canonical(category, scope);
  return name === 'Warning' ? 'every warning' : name === 'ResourceWarning' ? 'every ResourceWarning' : undefined;
}

/** Something puts the filters back: a manager around it, a second word in the class or file about them, or pytest after each test. */
function isUndone({ instr, scope }: BoundaryCall): boolean {
  const { module, fn, cls } = scope;
  const around = module.text.slice((cls?.body ?? fn).start, (cls?.body ?? fn).end);
  if (
    /catch_warnings|resetwarnings|save_restore|warnings\.filters|warnings_helper|check_warnings/.test(
      fn.kind === 'module' ? lineAround(module.text, instr.start) : around,
    )
  )
    return true;
  if (fn.decorators.some((d) => /warning|run_in_subinterp|script/i.test(module.text.slice(d.start, d.end)))) return true;
  // pytest restores the filters after each test function and fixture of its own; a unittest class may also be run without it.
  return fn.kind !== 'module' && !(cls && cls.externalBases.length + Number(cls.hasUnknownBase) > 0);
}

/** The block that a module-level statement stands in: it may be under a manager. */
function lineAround(text: string, at: number): string {
  const start = text.lastIndexOf('\n\n', at);
  return /^\s/.test(text.slice(text.lastIndexOf('\n', at) + 1)) ? text.slice(Math.max(0, start), at) : '';
}
