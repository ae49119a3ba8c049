/** Is a resource of the class released by a hook that runs for every test? */
import { defineRule, py } from '../define.ts';
import { misuseReport } from './verdict.ts';

export const releaseScopeMismatch = defineRule({
  id: 'release-scope-mismatch',
  title: 'Resource lives longer or shorter than its release',
  pillar: 'lifecycle',
  cwe: ['CWE-666', 'CWE-772'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'A resource made once for the class and released by the hook of each test is gone for the second test; which test notices depends on their order.',
    fix: 'Acquire and release at the same scope: setUpClass with tearDownClass or addClassCleanup, setUp with tearDown or addCleanup.',
    bad: [
      py`
        import socket
        import unittest

        class TestEcho(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.sock = socket.socket()    # expect: release-scope-mismatch

            def tearDown(self):
                self.sock.close()

            def test_one(self):
                self.sock.fileno()

            def test_two(self):
                self.sock.fileno()
      `,
      py`
        import tempfile
        import shutil
        import unittest

        class TestTree(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.folder = tempfile.mkdtemp()    # expect: release-scope-mismatch

            def tearDown(self):
                shutil.rmtree(self.folder)

            def test_one(self):
                self.assertTrue(self.folder)

            def test_two(self):
                self.assertTrue(self.folder)
      `,
      py`
        import subprocess

        class TestChild:
            @classmethod
            def setup_class(cls):
                cls.child = subprocess.Popen(["cat"])    # expect: release-scope-mismatch

            def teardown_method(self):
                self.child.kill()
                self.child.wait()

            def test_one(self):
                assert self.child.pid

            def test_two(self):
                assert self.child.pid
      `,
    ],
    good: [
      py`
        import socket
        import unittest

        class TestEcho(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.sock = socket.socket()

            @classmethod
            def tearDownClass(cls):
                cls.sock.close()

            def test_one(self):
                self.sock.fileno()

            def test_two(self):
                self.sock.fileno()
      `,
      py`
        import socket
        import unittest

        class TestEcho(unittest.TestCase):
            def setUp(self):
                self.sock = socket.socket()

            def tearDown(self):
                self.sock.close()

            def test_one(self):
                self.sock.fileno()

            def test_two(self):
                self.sock.fileno()
      `,
      py`
        import socket
        import unittest

        class TestEcho(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.sock = socket.socket()
                cls.addClassCleanup(cls.sock.close)

            def test_one(self):
                self.sock.fileno()

            def test_two(self):
                self.sock.fileno()
      `,
      py`
        import socket
        import unittest

        class TestEcho(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.sock = socket.socket()

            def tearDown(self):
                self.sock.close()

            def test_only_one(self):
                self.sock.fileno()
      `,
    ],
  },
  check(context, report) {
    let sites = 0;
    for (const o of context.obligations) {
      if (o.role !== 'class-setup' && o.role !== 'setup') continue;
      sites++;
      const late = o.misuses.find((m) => m.kind === 'per-class-release');
      if (late)
        report(
          misuseReport(
            o,
            late,
            context,
            (subject) => `${subject} is made for each test and released once for the class by ${late.scope.fn.name}`,
            `releases only the last one: ${late.how}`,
          ),
        );
      const misuse = o.misuses.find((m) => m.kind === 'per-test-release');
      if (misuse)
        report(
          misuseReport(
            o,
            misuse,
            context,
            (subject) => `${subject} is made once for the class and released after each test by ${misuse.scope.fn.name}`,
            `released after the first test: ${misuse.how}`,
          ),
        );
    }
    return sites;
  },
});
