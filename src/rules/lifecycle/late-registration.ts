/** Can something raise between an acquisition and the registration of its release? */
import { defineRule, py } from '../define.ts';
import { leakReport, leakRule, raiseWords } from './verdict.ts';

export const lateRegistration = defineRule({
  id: 'late-registration',
  title: 'Cleanup is registered after something that may raise',
  pillar: 'lifecycle',
  cwe: ['CWE-772', 'CWE-460'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'A cleanup protects only from the moment it is registered. What raises between the acquisition and `addCleanup` leaves the resource behind.',
    fix: 'Register the cleanup directly after the acquisition, before the resource is used.',
    bad: [
      py`
        import unittest

        class TestHeader(unittest.TestCase):
            def test_header(self):
                file = open("a.csv")    # expect: late-registration
                self.assertEqual("id", file.readline())
                self.addCleanup(file.close)
      `,
      py`
        import socket
        import unittest

        class TestEcho(unittest.TestCase):
            def test_echo(self):
                sock = socket.socket()    # expect: late-registration
                sock.connect(("localhost", 80))
                self.addCleanup(sock.close)
      `,
      py`
        import pytest

        @pytest.fixture
        def process(request):
            import subprocess
            child = subprocess.Popen(["cat"])    # expect: late-registration
            wait_until_ready(child.pid)
            request.addfinalizer(child.wait)

        def test_late(request):
            import subprocess
            child = subprocess.Popen(["cat"])    # expect: late-registration
            assert child.args
            request.addfinalizer(child.wait)
      `,
    ],
    good: [
      py`
        import unittest

        class TestHeader(unittest.TestCase):
            def test_header(self):
                file = open("a.csv")
                self.addCleanup(file.close)
                self.assertEqual("id", file.readline())
      `,
      py`
        import unittest

        class TestHeader(unittest.TestCase):
            def test_header(self):
                name = "a.csv"
                file = open(name)
                copy = name
                self.addCleanup(lambda: file.close())
                self.assertEqual("id", file.readline(), copy)
      `,
      py`
        import unittest

        class TestHeader(unittest.TestCase):
            def close(self):
                if self.file is not None:
                    self.file.close()

            def test_header(self):
                self.file = None
                self.addCleanup(self.close)
                self.file = open("a.csv")
                self.assertEqual("id", self.file.readline())
      `,
      py`
        import contextlib
        import unittest

        class TestHeader(unittest.TestCase):
            def test_header(self):
                stack = contextlib.ExitStack()
                self.addCleanup(stack.close)
                file = stack.enter_context(open("a.csv"))
                self.assertEqual("id", file.readline())
      `,
    ],
  },
  check(context, report) {
    let sites = 0;
    for (const o of context.obligations) {
      if (o.releases.some((r) => r.registered)) sites++;
      if (leakRule(o) !== 'late-registration') continue;
      const found = leakReport(
        o,
        context,
        (subject, leak) => `${subject} is not released when ${raiseWords(leak, context, o)}, before its cleanup is registered`,
      );
      if (found) report(found);
    }
    return sites;
  },
});
