"""A descriptor's number written into code that opens it: that code closes it, where it runs in this process."""

import os
import subprocess
import sys
import unittest


class TestCode(unittest.TestCase):
    def test_run_here(self):
        reading, writing = os.pipe()  # expect: leak-on-failure "reading"
        exec(f"with open({writing}, 'wb') as out: out.write(b'x')")
        with open(reading, "rb") as source:
            self.assertEqual(b"x", source.read())

    def test_run_by_a_child(self):
        writing = os.open(os.devnull, os.O_WRONLY)  # expect: never-released
        code = subprocess.call([sys.executable, "-c", f"import os; os.close({writing})"], pass_fds=[writing])
        self.assertEqual(0, code)

    def test_only_mentioned(self):
        writing = os.open(os.devnull, os.O_WRONLY)  # expect: leak-on-failure
        self.assertNotEqual("", f"number {writing}")
        os.close(writing)

    def test_filled_in(self):
        reading, writing = os.pipe()  # expect: leak-on-failure "reading"
        code = "with open({:d}, 'wb') as out: out.write(b'{}')".format(writing, "x")
        exec(code)
        with open(reading, "rb") as source:
            self.assertEqual(b"x", source.read())
