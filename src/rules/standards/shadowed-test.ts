/** Is a test defined twice under one name, so that the first never runs? */
import type { IrFunction, Operand } from '../../ir/ir.ts';
import { type Defined, definitionsIn, isEmptyBody } from '../../suite/definitions.ts';
import { decoratorText } from '../../suite/marks.ts';
import { defineRule, py, type RuleContext } from '../define.ts';

/** Decorators that keep the earlier definition, or say that several belong together. */
const KEEPS = /(^|\.)(overload|setter|getter|deleter|register|dispatch|singledispatch|when|variant|add|route|fixture)$/;

export const shadowedTest = defineRule({
  id: 'shadowed-test',
  title: 'A later definition of the same name hides a test',
  pillar: 'standards',
  cwe: ['CWE-561'],
  severity: 'error',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'A class or module holds one thing under one name: of two tests called alike, the first is thrown away and never runs.',
    fix: 'Rename one of them, or remove the copy.',
    bad: [
      py`
        import unittest

        class TestRows(unittest.TestCase):
            def test_rows(self):    # expect: shadowed-test
                self.assertEqual([], self.client.rows())

            def test_rows(self):
                self.assertEqual([1], self.client.rows(all=True))
      `,
      py`
        def test_total():    # expect: shadowed-test
            assert total([1]) == 1

        def test_empty():
            assert total([]) == 0

        def test_total():
            assert total([1, 2]) == 3
      `,
      py`
        import unittest

        class TestRows(unittest.TestCase):    # expect: shadowed-test
            def test_first(self):
                self.assertTrue(self.rows)

        class TestRows(unittest.TestCase):
            def test_second(self):
                self.assertFalse(self.rows)
      `,
    ],
    good: [
      py`
        import sys
        import unittest

        class TestPath(unittest.TestCase):
            if sys.platform == "win32":
                def test_path(self):
                    self.assertIn("\\\\", self.path)
            else:
                def test_path(self):
                    self.assertIn("/", self.path)
      `,
      py`
        try:
            import yaml
        except ImportError:
            def test_load():
                assert load("a: 1") is None
        else:
            def test_load():
                assert load("a: 1") == {"a": 1}
      `,
      py`
        import unittest

        class Base(unittest.TestCase):
            def test_rows(self):
                self.assertEqual([], self.rows)

        class TestOther(Base):
            def test_rows(self):
                self.assertEqual([1], self.rows)
      `,
      py`
        import functools

        def test_total():
            assert total([1]) == 1

        test_total_again = test_total

        def test_total():
            assert total([1, 2]) == 3

        def make(kind):
            def test_kind():
                assert kind
            return test_kind
      `,
    ],
  },
  check(context, report) {
    const { module } = context;
    let sites = 0;
    for (const parent of module.ir.functions) {
      // Around a syntax error, classes may be lost: what stands in two of them then seems to stand side by side.
      if ((parent.kind !== 'class' && parent.kind !== 'module') || parent.broken) continue;
      const latest = new Map<string, Defined>();
      for (const d of definitionsIn(parent.body)) {
        const fn = module.ir.functions[d.index];
        if (!fn || !isTest(fn, parent)) continue;
        sites++;
        const before = latest.get(d.name);
        if (before && before.always && d.always && hides(before, d, context)) {
          const first = module.ir.functions[before.index] as IrFunction;
          report({
            module,
            start: first.nameStart,
            end: first.nameEnd,
            test: first.qualifiedName,
            message: `${first.qualifiedName} never runs: it is defined again on line ${context.position(module, fn.nameStart).line}`,
          });
        }
        latest.set(d.name, d);
      }
    }
    return sites;
  },
});

function isTest(fn: IrFunction, parent: IrFunction): boolean {
  if (fn.kind === 'class') return parent.kind === 'module' && /^Test|Tests?(Case)?$/.test(fn.name);
  return fn.kind === 'function' && fn.name.startsWith('test') && (parent.kind === 'module' || parent.kind === 'class');
}

/** Nothing between both looks at the first, and neither decorator keeps it. */
function hides(first: Defined, second: Defined, context: RuleContext): boolean {
  const { module } = context;
  const functions = [module.ir.functions[first.index], module.ir.functions[second.index]] as [IrFunction, IrFunction];
  if (functions.some((f) => f.decorators.some((d: Operand) => KEEPS.test(decoratorText(d))))) return false;
  if (functions[0].kind === 'class' && (isEmptyBody(functions[0]) || !module.text.slice(functions[0].start, functions[0].end).includes('def test')))
    return false;
  const between = module.text.slice(functions[0].end, functions[1].nameStart);
  const after = module.text.slice(functions[1].nameEnd, functions[1].end).split(':')[0] ?? '';
  return (
    !new RegExp(`(?<!def )(?<!class )\\b${first.name}\\b`).test(between.replace(/#.*|(["'])(?:\\.|(?!\1).)*\1/g, '')) &&
    !(functions[1].kind === 'class' && after.includes(first.name))
  );
}
