/** Is a resource used after it was given back? */
import { defineRule, py } from '../define.ts';
import { isExpectedToRaise } from '../expected.ts';
import { misuseReport } from './verdict.ts';

export const useAfterRelease = defineRule({
  id: 'use-after-release',
  title: 'Resource is used after its release',
  pillar: 'lifecycle',
  cwe: ['CWE-672'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'After the release the operation fails, or acts on something else that has taken the place.',
    fix: 'Release after the last use; where the failure is what the test is about, say so with assertRaises.',
    bad: [
      py`
        def test_read(tmp_path):
            file = open(tmp_path / "a")    # expect: use-after-release
            file.close()
            assert file.read() == ""
      `,
      py`
        import socket

        def test_send():
            sock = socket.socket()    # expect: use-after-release
            sock.close()
            sock.connect(("localhost", 80))
      `,
      py`
        def test_lines(tmp_path):
            with open(tmp_path / "a") as file:    # expect: use-after-release
                first = file.readline()
            assert file.readline() != first
      `,
    ],
    good: [
      py`
        import pytest

        def test_closed(tmp_path):
            file = open(tmp_path / "a")
            file.close()
            with pytest.raises(ValueError):
                file.read()
      `,
      py`
        def test_flag(tmp_path):
            file = open(tmp_path / "a")
            file.close()
            assert file.closed
      `,
      py`
        def test_again(tmp_path):
            file = open(tmp_path / "a")
            file.close()
            file = open(tmp_path / "a")
            line = file.readline()
            file.close()
            assert line == ""
      `,
      py`
        import unittest

        class TestClosed(unittest.TestCase):
            def test_closed(self):
                file = open("a")
                file.close()
                self.assertRaises(ValueError, file.read)
      `,
    ],
  },
  check(context, report) {
    let sites = 0;
    for (const o of context.obligations) {
      if (o.site.tracked.kind.invalidAfter.length === 0) continue;
      sites++;
      const misuse = o.misuses.find((m) => m.kind === 'used-after' && !isExpectedToRaise(m.instr, m.scope, context.engine));
      if (misuse)
        report(
          misuseReport(
            o,
            misuse,
            context,
            (subject) => `${subject} is used after its release on line ${context.position(misuse.scope.module, misuse.instr.start).line}`,
            `used after its release: ${misuse.how}`,
          ),
        );
    }
    return sites;
  },
});
