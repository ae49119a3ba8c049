"""An assertion that the thing is gone proves a release, whoever did it."""

import os
import subprocess
import sys
import tempfile
import unittest

REMOVE = "import shutil, sys; shutil.rmtree(sys.argv[1])"


def consume(folder):
    """What is tested: a program that takes its folder away."""
    subprocess.run([sys.executable, "-c", REMOVE, folder], check=True)


class TestGone(unittest.TestCase):
    def test_removed_by_what_is_tested(self):
        folder = tempfile.mkdtemp()  # expect: leak-on-failure [raises]
        consume(folder)  # step [raises]: raise
        self.assertFalse(os.path.exists(folder))

    def test_removed_says_an_assert(self):
        folder = tempfile.mkdtemp()  # expect: leak-on-failure
        consume(folder)
        assert not os.path.isdir(folder)

    def test_still_there(self):
        folder = tempfile.mkdtemp()  # expect: never-released
        self.assertTrue(os.path.exists(folder))


class TestThere(unittest.TestCase):
    """Assertions that fail only where there is nothing."""

    def test_got_one(self):
        file = open(os.devnull)  # expect: leak-on-failure
        self.assertIsNotNone(file)
        file.close()

    def test_has_a_number(self):
        process = subprocess.Popen([sys.executable, "-c", ""])
        self.assertTrue(process.pid)
        process.wait()

    def test_still_open(self):
        file = open(os.devnull)
        assert not file.closed
        file.close()

    def test_still_runs(self):
        process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        self.assertIsNone(process.returncode)
        process.communicate()

    def test_about_what_it_holds(self):
        file = open(os.devnull)  # expect: leak-on-failure
        self.assertEqual("", file.read())
        file.close()


def open_where_it_is(path):
    return open(path) if os.path.exists(path) else None


def open_or_standard(path):
    return sys.stdin if path == "-" else open(path)


class TestNothingWasMade(unittest.TestCase):
    def test_there_is_none(self):
        file = open_where_it_is("/nonexistent")
        assert file is None

    def test_there_is_none_either(self):
        self.assertIsNone(open_where_it_is("/nonexistent"))

    def test_it_is_the_standard_one(self):
        assert open_or_standard("-") is sys.stdin

    def test_it_is_not_the_standard_one(self):
        file = open_or_standard(os.devnull)  # expect: never-released "file"
        assert file is not sys.stdin


class Reader:
    def __init__(self, file):
        self.file = file


class TestAnotherNameOfIt(unittest.TestCase):
    def test_kept_by_its_reader(self):
        file = open(os.devnull)  # expect: leak-on-failure [kept]
        reader = Reader(file)
        self.assertIs(reader.file, file)  # step [kept]: raise
        file.close()  # step [kept]: release
