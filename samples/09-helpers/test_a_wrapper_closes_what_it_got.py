"""A class that closes what its constructor was given: closing the wrapper closes it, `with` does too."""

import os
import unittest


class Reader:
    def __init__(self, file):
        self.file = file

    def __enter__(self):
        return self

    def __exit__(self, *details):
        self.close()

    def read(self):
        return self.file.read()

    def close(self):
        self.file.close()


class TestReader(unittest.TestCase):
    def test_with(self):
        file = open(os.devnull)
        with Reader(file) as reader:
            self.assertEqual("", reader.read())

    def test_closed(self):
        reader = Reader(open(os.devnull))
        self.addCleanup(reader.close)
        self.assertEqual("", reader.read())

    def test_never_closed(self):
        file = open(os.devnull)  # expect: never-released
        reader = Reader(file)
        self.assertEqual("", reader.read())
