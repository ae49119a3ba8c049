/** Does a setup that fails half-way leave behind what only the teardown would release? */
import { defineRule, py } from '../define.ts';
import { leakReport, leakRule, raiseWords } from './verdict.ts';

export const leakOnSetupFailure = defineRule({
  id: 'leak-on-setup-failure',
  title: 'A failing setup leaves a resource behind',
  pillar: 'lifecycle',
  cwe: ['CWE-772', 'CWE-460'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'When `setUp` raises, `tearDown` does not run; when a fixture raises before its `yield`, what follows the `yield` does not run. Cleanups registered so far do.',
    fix: 'Register the release with `addCleanup` (or a finalizer) directly after the acquisition instead of releasing in the teardown.',
    bad: [
      py`
        import socket
        import unittest

        class TestEcho(unittest.TestCase):
            def setUp(self):
                self.sock = socket.socket()    # expect: leak-on-setup-failure
                self.sock.connect(("localhost", 80))

            def tearDown(self):
                self.sock.close()

            def test_echo(self):
                self.sock.send(b"x")
      `,
      py`
        import pytest

        @pytest.fixture
        def lines(tmp_path):
            file = open(tmp_path / "a.csv")    # expect: leak-on-setup-failure
            first = file.readline()
            yield first
            file.close()
      `,
      py`
        import tempfile
        import shutil
        import unittest

        class TestTree(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.folder = tempfile.mkdtemp()    # expect: leak-on-setup-failure
                check_free_space()

            @classmethod
            def tearDownClass(cls):
                shutil.rmtree(cls.folder)

            def test_tree(self):
                self.assertTrue(self.folder)
      `,
    ],
    good: [
      py`
        import socket
        import unittest

        class TestEcho(unittest.TestCase):
            def setUp(self):
                self.sock = socket.socket()
                self.addCleanup(self.sock.close)
                self.sock.connect(("localhost", 80))

            def test_echo(self):
                self.sock.send(b"x")
      `,
      py`
        import socket
        import unittest

        class TestEcho(unittest.TestCase):
            def setUp(self):
                self.sock = socket.socket()

            def tearDown(self):
                self.sock.close()

            def test_echo(self):
                self.sock.send(b"x")
      `,
      py`
        import pytest

        @pytest.fixture
        def lines(tmp_path):
            with open(tmp_path / "a.csv") as file:
                yield file.readline()
      `,
      py`
        import pytest

        @pytest.fixture
        def file(tmp_path):
            opened = open(tmp_path / "a.csv")
            yield opened
            opened.close()
      `,
    ],
  },
  check(context, report) {
    let sites = 0;
    for (const o of context.obligations) {
      if (o.role === 'setup' || o.role === 'class-setup' || o.role === 'module-setup' || o.role === 'fixture') sites++;
      if (leakRule(o) !== 'leak-on-setup-failure') continue;
      const found = leakReport(
        o,
        context,
        (subject, leak) => `${subject} is not released when ${raiseWords(leak, context, o)}: no teardown runs after a failed setup`,
      );
      if (found) report(found);
    }
    return sites;
  },
});
