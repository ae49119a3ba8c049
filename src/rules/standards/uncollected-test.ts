/** Is something written like a test that no runner will find? */
import type { IrFunction } from '../../ir/ir.ts';
import { forEachInstr } from '../../program/module.ts';
import { isEmptyBody } from '../../suite/definitions.ts';
import { decoratorText } from '../../suite/marks.ts';
import { defineRule, py, type Report, type RuleContext } from '../define.ts';

/** The prefix with a letter wrong, missing or twice. Real words (`text_`, `rest_`, `best_`) are not in it. */
const MISSPELT = /^(tset|tets|etst|tesst|ttest|teest|testt|tst|tes|tedt|tesr|tesy|rtest|yest|tessts|twst|trst)_[a-z]/;

export const uncollectedTest = defineRule({
  id: 'uncollected-test',
  title: 'A test that no runner finds',
  pillar: 'standards',
  cwe: ['CWE-561'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'Runners find tests by their place and name. A test inside another function, with a misspelt prefix, or in a class with a constructor under pytest is never run, and nobody notices.',
    fix: 'Move it to the class or module, correct the name; use a fixture or `setup_method` instead of `__init__`.',
    bad: [
      py`
        import unittest

        class TestRows(unittest.TestCase):
            def test_first(self):
                self.assertTrue(self.rows)

                def test_second(self):    # expect: uncollected-test
                    self.assertEqual(2, len(self.rows))
      `,
      py`
        import unittest

        class TestRows(unittest.TestCase):
            def tset_rows(self):    # expect: uncollected-test
                self.assertEqual([], self.rows)

            def test_other(self):
                self.assertTrue(self.rows)
      `,
      py`
        class TestClient:    # expect: uncollected-test "__init__"
            def __init__(self):
                self.client = connect()

            def test_rows(self):
                assert self.client.rows() == []
      `,
    ],
    good: [
      py`
        import unittest

        def test_runner():
            class Inner(unittest.TestCase):
                def test_inner(self):
                    self.assertTrue(True)
            assert unittest.defaultTestLoader.loadTestsFromTestCase(Inner).countTestCases() == 1

        def test_called():
            def test_row(row):
                assert row
            for row in rows():
                test_row(row)
      `,
      py`
        import functools

        def make(kind):
            @functools.wraps(make)
            def test_kind(self):
                assert kind
            return test_kind

        def add(cls):
            def test_added(self):
                assert self.kind
            cls.test_added = test_added
      `,
      py`
        import unittest

        class TestRows(unittest.TestCase):
            def __init__(self, *args):
                super().__init__(*args)
                self.rows = []

            def text_of(self, row):
                return str(row)

            def rest_of(self, row):
                return row[1:]

            def test_rows(self):
                self.assertEqual("", self.text_of(self.rest_of([])))
      `,
      py`
        class TestServer:
            """Not a test: a server for tests."""

            def __init__(self, port):
                self.port = port

            def start(self):
                return self.port
      `,
      py`
        class TestMark:
            __test__ = False

            def __init__(self):
                self.calls = []

            def test_mark(self):
                self.calls.append(1)
      `,
    ],
  },
  check(context, report) {
    const { module } = context;
    let sites = 0;
    for (const fn of module.ir.functions) {
      const parent = fn.parent === null ? undefined : module.ir.functions[fn.parent];
      if (!parent) continue;
      if (fn.kind === 'function' && fn.name.startsWith('test') && parent.kind === 'function') {
        sites++;
        if (isForgotten(fn, parent, context))
          report(found(fn, context, `${fn.name} stands inside ${parent.name}: no runner finds it, and nothing calls it`));
      } else if (fn.kind === 'function' && MISSPELT.test(fn.name) && parent.kind !== 'function') {
        sites++;
        if (isAlone(fn, context)) report(found(fn, context, `${fn.name} does not begin with test_: no runner finds it, and nothing calls it`));
      } else if (fn.kind === 'class' && /^Test/.test(fn.name) && parent.kind === 'module') {
        const members = module.members.get(fn.index);
        if (!members || ![...members.keys()].some((m) => m.startsWith('test'))) continue;
        sites++;
        if (
          members.has('__init__') &&
          fn.bases.length === 0 &&
          fn.decorators.length === 0 &&
          !fn.locals.includes('__test__') &&
          hasOwnTests(fn, context)
        ) {
          report(found(fn, context, `${fn.name} has an __init__: pytest does not collect its tests`));
        }
      }
    }
    return sites;
  },
});

function found(fn: IrFunction, context: RuleContext, message: string): Report {
  return { module: context.module, start: fn.nameStart, end: fn.nameEnd, test: fn.qualifiedName, message };
}

/** A function in a test that takes self like a method, asserts like a test, and is mentioned nowhere in the function around it. */
function isForgotten(fn: IrFunction, parent: IrFunction, context: RuleContext): boolean {
  const { text } = context.module;
  if (!parent.name.startsWith('test') || fn.decorators.length > 0 || isEmptyBody(fn)) return false;
  const around = text.slice(parent.start, fn.start) + text.slice(fn.end, parent.end);
  if (new RegExp(`\\b${fn.name}\\b`).test(around) || /locals\(\)|globals\(\)|exec\(/.test(around)) return false;
  const own = parent.params[0]?.name === 'self' ? fn.params.length === 1 && fn.params[0]?.name === 'self' : fn.params.length === 0;
  return own && !parent.isGenerator;
}

/** Written like a test: nothing but self, and no other mention of its name in the file. */
function isAlone(fn: IrFunction, context: RuleContext): boolean {
  if (fn.params.length > 1 || !fn.decorators.every((d) => /patch|mark|skip/.test(decoratorText(d))) || !asserts(fn)) return false;
  return context.module.text.match(new RegExp(`\\b${fn.name}\\b`, 'g'))?.length === 1;
}

function asserts(fn: IrFunction): boolean {
  let answer = false;
  forEachInstr(fn.body, (i) => {
    if (i.op === 'assert' || (i.op === 'call' && i.callee.op === 'attr' && /^(assert|fail)/.test(i.callee.name))) answer = true;
  });
  return answer;
}

/** Its tests assert something, and the class is not used as an object in the file. */
function hasOwnTests(cls: IrFunction, context: RuleContext): boolean {
  const { module } = context;
  if (new RegExp(`\\b${cls.name}\\s*\\(`).test(module.text.slice(0, cls.start) + module.text.slice(cls.end))) return false;
  const members = module.members.get(cls.index) ?? new Map<string, number>();
  return [...members].some(([name, index]) => name.startsWith('test') && asserts(module.ir.functions[index] as IrFunction));
}
