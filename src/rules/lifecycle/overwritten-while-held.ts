/** Is the only name of a resource given another value before the resource is released? */
import { defineRule, py } from '../define.ts';
import { leakReport, leakRule } from './verdict.ts';

export const overwrittenWhileHeld = defineRule({
  id: 'overwritten-while-held',
  title: 'The last name of a resource is overwritten before it is released',
  pillar: 'lifecycle',
  cwe: ['CWE-772'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'After the assignment nobody can release the first resource any more; a later `close()` releases only the second.',
    fix: 'Release the first resource before the name is used again, or keep both.',
    bad: [
      py`
        def test_twice(tmp_path):
            file = open(tmp_path / "a")    # expect: overwritten-while-held
            file = open(tmp_path / "b")
            file.close()
      `,
      py`
        def test_many(tmp_path):
            for name in ("a", "b"):
                file = open(tmp_path / name)    # expect: overwritten-while-held
            file.close()
      `,
      py`
        import socket
        import unittest

        class TestReconnect(unittest.TestCase):
            def tearDown(self):
                self.sock.close()

            def test_reconnect(self):
                self.sock = socket.socket()    # expect: overwritten-while-held
                self.sock = socket.socket()
      `,
    ],
    good: [
      py`
        def test_twice(tmp_path):
            file = open(tmp_path / "a")
            file.close()
            file = open(tmp_path / "b")
            file.close()
      `,
      py`
        def test_many(tmp_path):
            for name in ("a", "b"):
                file = open(tmp_path / name)
                file.close()
      `,
      py`
        def test_kept(tmp_path):
            file = first = open(tmp_path / "a")
            try:
                file = None
            finally:
                first.close()
      `,
      py`
        def test_with(tmp_path):
            with open(tmp_path / "a") as file:
                pass
            with open(tmp_path / "b") as file:
                pass
      `,
    ],
  },
  check(context, report) {
    for (const o of context.obligations) {
      if (leakRule(o) !== 'overwritten-while-held') continue;
      const found = leakReport(o, context, (subject) => `${subject} is overwritten while it is still held`);
      if (found) report(found);
    }
    return context.obligations.length;
  },
});
