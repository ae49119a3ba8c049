"""Several parts of process state that are saved, changed and put back in one statement; a folder that is left the way it was entered."""

import io
import os
import sys
import unittest


def captured(function):
    out, err = sys.stdout, sys.stderr
    try:
        sys.stdout = sys.stderr = io.StringIO()
        function()
        return sys.stdout.getvalue()
    finally:
        sys.stdout, sys.stderr = out, err


class TestStreams(unittest.TestCase):
    def test_captured(self):
        self.assertEqual("a\n", captured(lambda: print("a")))

    def test_changed_together(self):
        out = sys.stdout
        sys.stdout, sys.stdin = io.StringIO(), io.StringIO()  # expect: never-released "sys.stdin"
        print("a")
        sys.stdout = out


class TestFolder(unittest.TestCase):
    def test_in_and_out(self):
        os.makedirs("below", exist_ok=True)
        os.chdir("below")
        os.chdir("..")
        os.rmdir("below")


class TestHooksThatDoNothing(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.before = os.environ.copy()

    def tearDown(self):
        super().tearDown()
        os.environ.clear()
        os.environ.update(self.before)

    def test_home(self):
        os.environ["CAMPSITE_HOME"] = "/tmp"
        self.assertEqual("/tmp", os.environ["CAMPSITE_HOME"])
