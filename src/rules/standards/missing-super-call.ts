/** Does an override of a hook leave out what its base class does there? */
import type { IrFunction } from '../../ir/ir.ts';
import type { ClassUnit, MethodRef } from '../../program/classes.ts';
import type { Scope } from '../../program/scope.ts';
import { callsBase, doesSomething, hookNames, isBehindExternal, isMadeAnyway, type Left, leftOut, replaces } from '../../suite/upcalls.ts';
import { defineRule, py, type Report, type RuleContext } from '../define.ts';

export const missingSuperCall = defineRule({
  id: 'missing-super-call',
  title: 'The base class’s setup or teardown does not run',
  pillar: 'standards',
  cwe: ['CWE-573'],
  severity: 'warning',
  precision: 'medium',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'An override of `setUp`, `tearDown` or another hook replaces the one of the base class. Without a call of `super()` what the base makes is not made, and what it should release stays.',
    fix: 'Call `super().setUp()` first, or `super().tearDown()` last.',
    bad: [
      py`
        import shutil
        import tempfile
        import unittest

        class Base(unittest.TestCase):
            def setUp(self):
                self.folder = tempfile.mkdtemp()

            def tearDown(self):
                shutil.rmtree(self.folder)

        class TestFiles(Base):
            def tearDown(self):    # expect: missing-super-call "Base.tearDown"
                self.client.close()

            def test_files(self):
                self.assertTrue(self.folder)
      `,
      py`
        import testtools

        class TestServer(testtools.TestCase):
            def setUp(self):    # expect: missing-super-call "testtools.TestCase"
                self.server = object()

            def test_server(self):
                self.assertIsNotNone(self.server)
      `,
      py`
        import unittest

        class Tracing:
            def setUp(self):
                self.trace = []

        class Base(unittest.TestCase):
            def setUp(self):
                super().setUp()
                self.client = connect()
                self.addCleanup(self.client.close)

        class TestTraced(Tracing, Base):    # expect: missing-super-call "Tracing.setUp"
            def test_traced(self):
                self.assertEqual([], self.client.calls(self.trace))
      `,
      py`
        import unittest

        class Base(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.server = start_server()

        class TestServer(Base):
            @classmethod
            def setUpClass(cls):    # expect: missing-super-call
                cls.client = connect()

            def test_server(self):
                self.assertTrue(self.client.ping(self.server))
      `,
    ],
    good: [
      py`
        import tempfile
        import unittest

        class Base(unittest.TestCase):
            def setUp(self):
                self.folder = tempfile.mkdtemp()

        class TestNew(Base):
            def setUp(self):
                super().setUp()

        class TestOld(Base):
            def setUp(self):
                super(TestOld, self).setUp()

        class TestNamed(Base):
            def setUp(self):
                Base.setUp(self)

        class TestLate(Base):
            def setUp(self):
                self.prepare()

            def prepare(self):
                super().setUp()
      `,
      py`
        import unittest

        class Base(unittest.TestCase):
            def setUp(self):
                """Subclasses set up what they need."""

            def tearDown(self):
                super().tearDown()

        class TestRows(Base):
            def setUp(self):
                self.rows = []

            def tearDown(self):
                self.rows.clear()

        class TestPlain(unittest.TestCase):
            def setUp(self):
                self.rows = []
      `,
      py`
        import unittest

        class Base(unittest.TestCase):
            def setUp(self):
                self.size = 1
                self.name = make_name()

        class TestReplaced(Base):
            def setUp(self):
                self.size = 2
                self.name = "other"
      `,
      py`
        import unittest

        class TestPlain(unittest.TestCase):
            def setUp(self):
                self.server = Server()
                self.server.start()
                self.client = Client(self.server)

            def tearDown(self):
                self.client.close()
                self.server.stop()

        class TestEncrypted(TestPlain):
            def setUp(self):
                self.server = Server(secret="x")
                self.server.start()
                self.client = Client(self.server, secret="x")

            def tearDown(self):
                self.client.quit()
                self.server.stop(now=True)
      `,
      py`
        import unittest

        class Base(unittest.TestCase):
            def setUp(self):
                self.server = start_server()

        class TestSwitchedOff(Base):
            def setUp(self):
                raise unittest.SkipTest("needs a server")

        class TestNothing(Base):
            def setUp(self):
                pass
      `,
      py`
        import unittest

        class Recording(unittest.TestCase):
            def __init__(self, *args):
                self.seen = []
                super().__init__(*args)

            def setUp(self):
                self.seen = []

        class TestPlain(Recording):
            def setUp(self):
                PlainDriver.connection.kind = FakeConnection
                self.driver = make_filter("plain")(self)
                self.driver.log = open_log()

            def test_plain(self):
                self.assertEqual([], self.driver.calls(self.seen))

        class TestOther(TestPlain):
            def setUp(self):
                OtherDriver.connection.kind = FakeConnection
                self.driver = make_filter("other")(self)
                self.driver.log = open_log()
      `,
      py`
        import unittest

        class Base(unittest.TestCase):
            def setUp(self):
                self.server = start_server()

            def tearDown(self):
                self.server.stop()

        class TestPastBase(Base):
            def setUp(self):
                super(Base, self).setUp()
                self.server = None

            def tearDown(self):
                self.addCleanup(super().tearDown)
      `,
    ],
    misses: 'Bases that are not in the project, where no pack says that their hooks do something; an empty override is taken for intended.',
  },
  check(context, report) {
    const { module, engine } = context;
    const hooks = hookNames(engine.options.frameworks);
    let sites = 0;
    for (const body of module.ir.functions) {
      if (body.kind !== 'class' || body.bases.length === 0) continue;
      const members = module.members.get(body.index);
      const cls = engine.values.classes.get(module, body.index);
      for (const hook of hooks) {
        const index = members?.get(hook);
        if (index !== undefined && module.ir.functions[index]?.kind === 'function') {
          sites++;
          const ref: MethodRef = { module, index, definedIn: cls };
          const found = broken(ref, cls, hook, context);
          if (found) report(found);
        } else if (body.bases.length > 1 && index === undefined) {
          const found = brokenByOrder(cls, hook, context);
          if (found) report(found);
        }
      }
    }
    return sites;
  },
});

const functionOf = (ref: MethodRef): IrFunction => ref.module.ir.functions[ref.index] as IrFunction;
const scopeOf = (ref: MethodRef, cls: ClassUnit): Scope => ({ module: ref.module, fn: functionOf(ref), cls, definedIn: ref.definedIn });

function broken(ref: MethodRef, cls: ClassUnit, hook: string, context: RuleContext): Report | undefined {
  const { engine } = context;
  const own = scopeOf(ref, cls);
  if (!doesSomething(own, hook) || callsBase(ref, cls, hook, engine.values)) return undefined;
  const left = leftOut(cls, hook, cls, engine.options.frameworks, engine.values);
  if (
    !left ||
    (left.kind === 'method' && (isReplaced(own, left.ref, cls, hook, context) || isBehindExternal(cls, left.ref.definedIn, engine.values)))
  )
    return undefined;
  if (engine.cfg(own).exit < 0) return undefined; // It always raises or skips.
  return {
    module: ref.module,
    start: own.fn.nameStart,
    end: own.fn.nameEnd,
    test: own.fn.qualifiedName,
    message: `${own.fn.qualifiedName} does not call super().${hook}(): ${words(left, hook, context)}`,
  };
}

/** Two bases with the hook, of which the first does not go on to the second. */
function brokenByOrder(cls: ClassUnit, hook: string, context: RuleContext): Report | undefined {
  const { values, options } = context.engine;
  const first = values.classes.method(cls, hook);
  if (!first || isBehindExternal(cls, first.definedIn, values) || callsBase(first, cls, hook, values)) return undefined;
  const own = scopeOf(first, cls);
  if (!doesSomething(own, hook)) return undefined;
  // What the first one leaves out in its own bases is said there.
  if (leftOut(first.definedIn, hook, first.definedIn, options.frameworks, values)) return undefined;
  const left = leftOut(cls, hook, first.definedIn, options.frameworks, values);
  if (
    !left ||
    (left.kind === 'method' &&
      (isReplaced(own, left.ref, cls, hook, context) ||
        first.definedIn.mro.includes(left.ref.definedIn) ||
        isBehindExternal(cls, left.ref.definedIn, values)))
  )
    return undefined;
  return {
    module: cls.module,
    start: cls.body.nameStart,
    end: cls.body.nameEnd,
    test: cls.body.qualifiedName,
    severity: 'note',
    message: `${functionOf(first).qualifiedName} comes first in ${cls.name} and does not call super().${hook}(): ${words(left, hook, context)}`,
  };
}

/** Nothing is missing: the override does the same its own way, or the constructor has. */
function isReplaced(own: Scope, ref: MethodRef, cls: ClassUnit, hook: string, { engine }: RuleContext): boolean {
  const base = scopeOf(ref, cls);
  return replaces(own, base, hook) || isMadeAnyway(base, hook, engine.values);
}

function words(left: Left, hook: string, context: RuleContext): string {
  if (left.kind === 'framework') return `${hook} of ${left.base} does not run`;
  const fn = functionOf(left.ref);
  return `${fn.qualifiedName} (${left.ref.module.path}:${context.position(left.ref.module, fn.nameStart).line}) does not run`;
}
