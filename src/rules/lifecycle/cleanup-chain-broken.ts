/** Does a step of a teardown that raises skip the release of another resource? */
import { defineRule, py } from '../define.ts';
import { leakReport, leakRule, raiseWords } from './verdict.ts';

export const cleanupChainBroken = defineRule({
  id: 'cleanup-chain-broken',
  title: 'A raising step of a teardown skips later releases',
  pillar: 'lifecycle',
  cwe: ['CWE-460', 'CWE-772'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'When a statement of `tearDown` raises, the rest of `tearDown` is skipped. Cleanups registered one by one each run, whatever the others do.',
    fix: 'Register each release with `addCleanup`, or nest the releases in `try`/`finally`.',
    bad: [
      py`
        import socket
        import unittest

        class TestEcho(unittest.TestCase):
            def setUp(self):
                self.sock = socket.socket()    # expect: cleanup-chain-broken

            def tearDown(self):
                self.assertEqual([], self.errors())
                self.sock.close()

            def test_echo(self):
                self.sock.send(b"x")
      `,
      py`
        import pytest

        @pytest.fixture
        def file(tmp_path):
            opened = open(tmp_path / "a.csv")    # expect: cleanup-chain-broken
            yield opened
            check_lines(tmp_path)
            opened.close()
      `,
      py`
        import socket
        import unittest

        class TestPair(unittest.TestCase):
            def setUp(self):
                self.sock = socket.socket()    # expect: cleanup-chain-broken

            def tearDown(self):
                flush_everything(self.id())
                self.sock.close()

            def test_echo(self):
                self.sock.send(b"x")
      `,
    ],
    good: [
      py`
        import socket
        import unittest

        class TestEcho(unittest.TestCase):
            def setUp(self):
                self.sock = socket.socket()

            def tearDown(self):
                try:
                    self.assertEqual([], self.errors())
                finally:
                    self.sock.close()

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
                self.assertEqual([], self.errors())

            def test_echo(self):
                self.sock.send(b"x")
      `,
      py`
        import socket
        import unittest

        class TestEcho(unittest.TestCase):
            def setUp(self):
                self.sock = socket.socket()
                self.addCleanup(self.sock.close)

            def tearDown(self):
                self.assertEqual([], self.errors())

            def test_echo(self):
                self.sock.send(b"x")
      `,
      py`
        import pytest

        @pytest.fixture
        def file(tmp_path):
            opened = open(tmp_path / "a.csv")
            yield opened
            opened.close()
            check_lines(tmp_path)
      `,
    ],
  },
  check(context, report) {
    let sites = 0;
    for (const o of context.obligations) {
      if (o.releases.some((r) => r.role === 'teardown' || r.role === 'class-teardown' || r.role === 'fixture')) sites++;
      if (leakRule(o) !== 'cleanup-chain-broken') continue;
      const found = leakReport(o, context, (subject, leak) =>
        leak.raise
          ? `${subject} is not released when ${raiseWords(leak, context, o)} in the teardown`
          : `${subject} is not released when an earlier step of the teardown raises`,
      );
      if (found) report(found);
    }
    return sites;
  },
});
