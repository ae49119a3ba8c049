"""A method that only raises NotImplementedError stands for what subclasses and doubles do: that it raises is not what happens."""

import os
import unittest
from unittest import mock


class Source:
    def path(self):
        """Where to read from."""
        raise NotImplementedError("subclasses say where")

    def check(self):
        raise NotImplementedError


class ReadsMixin:
    def path(self):
        raise NotImplementedError

    def test_never_closed(self):
        file = open(os.devnull)  # expect: never-released
        self.assertTrue(self.path())
        self.assertEqual("", file.read())


class TestReads(ReadsMixin, unittest.TestCase):
    def path(self):
        return os.devnull


class TestDouble(unittest.TestCase):
    def test_never_closed(self):
        with mock.patch.object(Source, "path", return_value=os.devnull):
            source = Source()
            file = open(os.devnull)  # expect: never-released
            self.assertTrue(source.path())
            self.assertEqual("", file.read())

    def test_closed(self):
        with mock.patch.object(Source, "check"):
            source = Source()
            file = open(os.devnull)
            try:
                source.check()
            finally:
                file.close()
