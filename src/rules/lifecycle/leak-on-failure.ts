/** Is a resource released only if nothing raises between its acquisition and its release? */
import { defineRule, py } from '../define.ts';
import { leakReport, leakRule, raiseWords } from './verdict.ts';

export const leakOnFailure = defineRule({
  id: 'leak-on-failure',
  title: 'Resource is released only when nothing raises',
  pillar: 'lifecycle',
  cwe: ['CWE-772', 'CWE-460'],
  severity: 'warning',
  precision: 'high',
  default: true,
  since: '0.1.0',
  docs: {
    why: 'A failed assertion is an exception. A release written after it does not run, so one red test leaves files, ports or patches behind and turns later tests red.',
    fix: 'Use a `with` statement, `addCleanup`, a fixture with `yield`, or `try`/`finally`.',
    bad: [
      py`
        def test_header(tmp_path):
            file = open(tmp_path / "a.csv")    # expect: leak-on-failure
            assert file.readline() == "id\n"
            file.close()
      `,
      py`
        import socket
        import unittest

        class TestEcho(unittest.TestCase):
            def test_name(self):
                sock = socket.socket()    # expect: leak-on-failure
                self.assertEqual(0, sock.connect_ex(("localhost", 1)))
                sock.close()
      `,
      py`
        from unittest import mock

        def test_patched():
            patcher = mock.patch("os.getcwd")    # expect: leak-on-failure
            getcwd = patcher.start()
            assert getcwd() == "x"
            patcher.stop()
      `,
    ],
    good: [
      py`
        def test_header(tmp_path):
            file = open(tmp_path / "a.csv")
            try:
                assert file.readline() == "id\n"
            finally:
                file.close()
      `,
      py`
        def test_header(tmp_path):
            file = None
            try:
                file = open(tmp_path / "a.csv")
                assert file.readline() == "id\n"
            finally:
                if file is not None:
                    file.close()
      `,
      py`
        import contextlib

        def test_headers(tmp_path):
            with contextlib.ExitStack() as stack:
                files = [stack.enter_context(open(tmp_path / name)) for name in ("a", "b")]
                assert files[0].read() == files[1].read()
      `,
      py`
        def test_header(tmp_path):
            file = open(tmp_path / "a.csv")
            try:
                line = file.readline()
            except BaseException:
                file.close()
                raise
            else:
                file.close()
            assert line == "id\n"
      `,
    ],
  },
  check(context, report) {
    for (const o of context.obligations) {
      if (leakRule(o) !== 'leak-on-failure') continue;
      const found = leakReport(o, context, (subject, leak) => `${subject} is not released when ${raiseWords(leak, context, o)}`);
      if (found) report(found);
    }
    return context.obligations.length;
  },
});
