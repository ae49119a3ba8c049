/** Is a resource held at the end of a passing test, with nothing that releases it? */
import { defineRule, py } from '../define.ts';
import { detourOf, leakReport, leakRule } from './verdict.ts';

export const neverReleased = defineRule({
  id: 'never-released',
  title: 'Resource is not released although the test passes',
  pillar: 'lifecycle',
  cwe: ['CWE-772', 'CWE-404'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'What a passing test leaves behind is left behind by every run: files stay open, ports stay taken, patches reach the next test, servers cost money. Garbage collection closes some of it, late and with a ResourceWarning.',
    fix: 'Use a `with` statement, register the release with `addCleanup` right after the acquisition, or release after the `yield` of a fixture.',
    bad: [
      py`
        def test_header(tmp_path):
            file = open(tmp_path / "a.csv")    # expect: never-released
            assert file.readline() == "id\n"
      `,
      py`
        import socket
        import unittest

        class TestEcho(unittest.TestCase):
            def setUp(self):
                self.sock = socket.socket()    # expect: never-released

            def test_name(self):
                self.assertIsNotNone(self.sock.getsockname())
      `,
      py`
        import subprocess

        def test_runs():
            process = subprocess.Popen(["true"])    # expect: never-released
            assert process.pid > 0
      `,
    ],
    good: [
      py`
        def test_header(tmp_path):
            with open(tmp_path / "a.csv") as file:
                assert file.readline() == "id\n"
      `,
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
            def setUp(self):
                self.file = open("a.csv")

            def tearDown(self):
                self.file.close()

            def test_header(self):
                self.assertEqual("id", self.file.readline())
      `,
      py`
        def test_writes(tmp_path):
            open(tmp_path / "a.csv", "w").close()
      `,
    ],
  },
  check({ obligations, ...context }, report) {
    const all = { obligations, ...context };
    for (const o of obligations) {
      if (leakRule(o) !== 'never-released') continue;
      const found = leakReport(o, all, (subject, leak) => {
        const detour = detourOf(o, leak);
        if (detour) return `${subject} is not released when line ${context.position(detour.scope.module, detour.instr.start).line} raises`;
        return leak.steps.some((s) => s.kind === 'branch') && o.releases.length > 0
          ? `${subject} is not released on every path`
          : `${subject} is never released`;
      });
      if (found) report(found);
    }
    return obligations.length;
  },
});
