/**
 * What do unittest, pytest, testtools, fixtures and trial really do when a setup, a test or a cleanup raises? One row a claim that the
 * analysis rests on: a small program and the events it must print, in order.
 *
 * `say(x)` writes one event. Programs are ours; they are run by test/frameworks.test.ts under the real frameworks. Left out: what the
 * frameworks report; only the order of what runs and what does not matters to a resource.
 */

export type Runner = 'unittest' | 'pytest' | 'testtools' | 'trial';

export interface Claim {
  readonly sentence: string;
  readonly runner: Runner;
  /** Modules beyond the runner's own. */
  readonly needs?: readonly string[];
  readonly program: string;
  readonly events: readonly string[];
}

/** Methods of a test class that say their name; those in `raising` raise after it. */
function methods(names: readonly string[], raising: readonly string[] = [], prefix = 'def'): string {
  return names
    .map((name) => {
      const isClassLevel = name.endsWith('Class');
      const head = `${isClassLevel ? '    @classmethod\n' : ''}    ${prefix} ${name}(${isClassLevel ? 'cls' : 'self'}):\n        say('${name}')\n`;
      return `${head}${raising.includes(name) ? "        raise ValueError('on purpose')\n" : ''}`;
    })
    .join('');
}

const CASE = 'import unittest\nclass T(unittest.TestCase):\n';

const UNITTEST: readonly Claim[] = [
  {
    sentence: 'setUp raises: neither test nor tearDown run, cleanups registered so far do',
    runner: 'unittest',
    program: `${CASE}    def setUp(self):\n        self.addCleanup(say, 'cleanup')\n        say('setUp')\n        raise ValueError\n${methods(['tearDown', 'test'])}`,
    events: ['setUp', 'cleanup'],
  },
  {
    sentence: 'a test raises: tearDown runs, then the cleanups, last in first out; one that raises does not stop the others',
    runner: 'unittest',
    program: `${CASE}    def test(self):\n        self.addCleanup(say, 'first')\n        self.addCleanup(lambda: 1 / 0)\n        self.addCleanup(say, 'last')\n        self.fail()\n${methods(['tearDown'])}`,
    events: ['tearDown', 'last', 'first'],
  },
  {
    sentence: 'a raising statement of tearDown skips the rest of tearDown, not the cleanups',
    runner: 'unittest',
    program: `${CASE}    def test(self):\n        self.addCleanup(say, 'cleanup')\n    def tearDown(self):\n        say('begin')\n        1 / 0\n        say('end')\n`,
    events: ['begin', 'cleanup'],
  },
  {
    sentence: 'setUpClass raises: no tearDownClass, but the class cleanups run',
    runner: 'unittest',
    program: `${CASE}    @classmethod\n    def setUpClass(cls):\n        cls.addClassCleanup(say, 'class cleanup')\n        say('setUpClass')\n        1 / 0\n${methods(['tearDownClass', 'test'])}`,
    events: ['setUpClass', 'class cleanup'],
  },
  {
    sentence: 'setUpModule raises: no tearDownModule, but the module cleanups run',
    runner: 'unittest',
    program: `import unittest\ndef setUpModule():\n    unittest.addModuleCleanup(say, 'module cleanup')\n    say('setUpModule')\n    1 / 0\ndef tearDownModule():\n    say('tearDownModule')\nclass T(unittest.TestCase):\n${methods(['test'])}`,
    events: ['setUpModule', 'module cleanup'],
  },
  {
    sentence: 'skipTest in setUp is like raising: no tearDown',
    runner: 'unittest',
    program: `${CASE}    def setUp(self):\n        self.addCleanup(say, 'cleanup')\n        self.skipTest('now')\n${methods(['tearDown', 'test'])}`,
    events: ['cleanup'],
  },
  {
    sentence: 'subTest swallows the failure, the test goes on',
    runner: 'unittest',
    program: `${CASE}    def test(self):\n        with self.subTest():\n            self.fail()\n        say('after')\n`,
    events: ['after'],
  },
  {
    sentence: 'a cleanup registered by a cleanup runs',
    runner: 'unittest',
    program: `${CASE}    def test(self):\n        self.addCleanup(self.addCleanup, say, 'inner')\n`,
    events: ['inner'],
  },
  {
    sentence: 'doCleanups in the test runs them at once and empties the list',
    runner: 'unittest',
    program: `${CASE}    def test(self):\n        self.addCleanup(say, 'cleanup')\n        self.doCleanups()\n        say('after')\n`,
    events: ['cleanup', 'after'],
  },
  {
    sentence: 'asyncSetUp raises: both teardowns are skipped, cleanups run',
    runner: 'unittest',
    program: `import unittest\nclass T(unittest.IsolatedAsyncioTestCase):\n    async def asyncSetUp(self):\n        self.addCleanup(say, 'cleanup')\n        1 / 0\n    async def asyncTearDown(self):\n        say('asyncTearDown')\n    def tearDown(self):\n        say('tearDown')\n    async def test(self):\n        say('test')\n`,
    events: ['cleanup'],
  },
  {
    sentence: 'asyncTearDown raises: tearDown is skipped, cleanups run',
    runner: 'unittest',
    program: `import unittest\nclass T(unittest.IsolatedAsyncioTestCase):\n    async def test(self):\n        self.addCleanup(say, 'cleanup')\n    async def asyncTearDown(self):\n        say('asyncTearDown')\n        1 / 0\n    def tearDown(self):\n        say('tearDown')\n`,
    events: ['asyncTearDown', 'cleanup'],
  },
  {
    sentence: 'an asynchronous case awaits a coroutine function given to addAsyncCleanup, and no coroutine that a lambda returns',
    runner: 'unittest',
    program: `import unittest\nasync def release(name):\n    say(name)\nclass T(unittest.IsolatedAsyncioTestCase):\n    async def test(self):\n        self.addAsyncCleanup(release, 'function')\n    async def test_lambda(self):\n        self.addCleanup(lambda: release('lambda'))\n`,
    events: ['function'],
  },
  {
    sentence: 'a plain case awaits nothing',
    runner: 'unittest',
    program: `import unittest\nasync def release():\n    say('released')\nclass T(unittest.TestCase):\n    def test(self):\n        self.addCleanup(release)\n        say('test')\n`,
    events: ['test'],
  },
];

const FIXTURE = 'import pytest\n@pytest.fixture\ndef made(request):\n';

const PYTEST: readonly Claim[] = [
  {
    sentence: 'a fixture that raises before its yield never runs what follows it; finalizers registered before do',
    runner: 'pytest',
    program: `${FIXTURE}    request.addfinalizer(lambda: say('finalizer'))\n    say('before')\n    1 / 0\n    yield\n    say('after')\ndef test(made):\n    say('test')\n`,
    events: ['before', 'finalizer'],
  },
  {
    sentence: 'code after yield runs when the test fails',
    runner: 'pytest',
    program: `${FIXTURE}    yield\n    say('after')\ndef test(made):\n    say('test')\n    assert False\n`,
    events: ['test', 'after'],
  },
  {
    sentence: 'a raising statement after yield skips the statements after it, not the other fixtures',
    runner: 'pytest',
    program: `import pytest\n@pytest.fixture\ndef outer():\n    yield\n    say('outer')\n@pytest.fixture\ndef inner(outer):\n    yield\n    say('begin')\n    assert False\n    say('end')\ndef test(inner):\n    pass\n`,
    events: ['begin', 'outer'],
  },
  {
    sentence: 'the failure of a test is not raised at the yield of a fixture',
    runner: 'pytest',
    program: `${FIXTURE}    try:\n        yield\n    except BaseException:\n        say('raised')\n    say('after')\ndef test(made):\n    assert False\n`,
    events: ['after'],
  },
  {
    sentence: 'setup_method raises: no teardown_method',
    runner: 'pytest',
    program: `class TestT:\n${methods(['setup_method', 'teardown_method', 'test'], ['setup_method'])}`,
    events: ['setup_method'],
  },
  {
    sentence: 'setup_class raises: no teardown_class',
    runner: 'pytest',
    program: `class TestT:\n    def setup_class(cls):\n        say('setup_class')\n        1 / 0\n    def teardown_class(cls):\n        say('teardown_class')\n${methods(['test'])}`,
    events: ['setup_class'],
  },
  {
    sentence: 'pytest runs the classes of unittest with their cleanups',
    runner: 'pytest',
    program: `${CASE}    def setUp(self):\n        self.addCleanup(say, 'cleanup')\n        1 / 0\n${methods(['tearDown', 'test'])}`,
    events: ['cleanup'],
  },
  {
    sentence: 'pytest does not run what addModuleCleanup registered',
    runner: 'pytest',
    program: `import unittest\ndef setUpModule():\n    unittest.addModuleCleanup(say, 'module cleanup')\nclass T(unittest.TestCase):\n${methods(['test'])}`,
    events: ['test'],
  },
  {
    sentence: 'pytest runs what addClassCleanup registered',
    runner: 'pytest',
    program: `${CASE}    @classmethod\n    def setUpClass(cls):\n        cls.addClassCleanup(say, 'class cleanup')\n${methods(['test'])}`,
    events: ['test', 'class cleanup'],
  },
  {
    sentence: 'a failing subTest ends the test (without the plugin for it, which pytest 9 brings along)',
    runner: 'pytest',
    program: `${CASE}    def test(self):\n        with self.subTest():\n            self.fail()\n        say('after')\n`,
    events: [],
  },
  {
    sentence: 'fixtures are torn down in the opposite order of their setup; the wider scope last',
    runner: 'pytest',
    program: `import pytest\n@pytest.fixture(scope='module')\ndef wide():\n    yield\n    say('wide')\n@pytest.fixture\ndef one():\n    yield\n    say('one')\n@pytest.fixture\ndef two():\n    yield\n    say('two')\ndef test(one, two, wide):\n    pass\n`,
    events: ['two', 'one', 'wide'],
  },
  {
    sentence: 'pytest.skip is no Exception',
    runner: 'pytest',
    program: `import pytest\ndef test():\n    try:\n        pytest.skip('now')\n    except Exception:\n        say('Exception')\n    except BaseException:\n        say('BaseException')\n`,
    events: ['BaseException'],
  },
];

const OTHERS: readonly Claim[] = [
  {
    sentence: 'testtools: setUp raises, cleanups run, tearDown does not',
    runner: 'testtools',
    program: `import testtools\nclass T(testtools.TestCase):\n    def setUp(self):\n        super().setUp()\n        self.addCleanup(say, 'cleanup')\n        1 / 0\n    def tearDown(self):\n        say('tearDown')\n        super().tearDown()\n    def test(self):\n        say('test')\n`,
    events: ['cleanup'],
  },
  {
    sentence: 'a fixture whose _setUp raises has its cleanups run',
    runner: 'testtools',
    needs: ['fixtures'],
    program: `import fixtures, testtools\nclass F(fixtures.Fixture):\n    def _setUp(self):\n        self.addCleanup(say, 'cleanup')\n        1 / 0\nclass T(testtools.TestCase):\n    def test(self):\n        self.useFixture(F())\n`,
    events: ['cleanup'],
  },
  {
    sentence: 'a fixture whose overridden setUp raises has none run',
    runner: 'testtools',
    needs: ['fixtures'],
    program: `import fixtures, testtools\nclass F(fixtures.Fixture):\n    def setUp(self):\n        super().setUp()\n        self.addCleanup(say, 'cleanup')\n        1 / 0\nclass T(testtools.TestCase):\n    def test(self):\n        self.useFixture(F())\n`,
    events: [],
  },
  {
    sentence: 'useFixture cleans up after tearDown',
    runner: 'testtools',
    needs: ['fixtures'],
    program: `import fixtures, testtools\nclass F(fixtures.Fixture):\n    def _setUp(self):\n        self.addCleanup(say, 'cleanup')\nclass T(testtools.TestCase):\n    def test(self):\n        self.useFixture(F())\n    def tearDown(self):\n        say('tearDown')\n        super().tearDown()\n`,
    events: ['tearDown', 'cleanup'],
  },
  {
    sentence: 'trial runs the cleanups before tearDown',
    runner: 'trial',
    program: `from twisted.trial import unittest\nclass T(unittest.TestCase):\n    def test_it(self):\n        self.addCleanup(say, 'cleanup')\n${methods(['tearDown'])}`,
    events: ['cleanup', 'tearDown'],
  },
  {
    sentence: 'trial has no class hooks',
    runner: 'trial',
    program: `from twisted.trial import unittest\nclass T(unittest.TestCase):\n${methods(['setUpClass', 'tearDownClass', 'test_it'])}`,
    events: ['test_it'],
  },
  {
    sentence: 'trial: setUp raises, cleanups run, tearDown does not',
    runner: 'trial',
    program: `from twisted.trial import unittest\nclass T(unittest.TestCase):\n    def setUp(self):\n        self.addCleanup(say, 'cleanup')\n        1 / 0\n${methods(['tearDown', 'test_it'])}`,
    events: ['cleanup'],
  },
];

export const CLAIMS: readonly Claim[] = [...UNITTEST, ...PYTEST, ...OTHERS];
