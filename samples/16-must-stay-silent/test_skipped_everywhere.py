"""A test that is skipped wherever it runs makes nothing; one that is skipped somewhere does."""

import os
import unittest

import pytest


@pytest.mark.skip(reason="the device is gone")
def test_skipped_by_a_mark():
    f = open(os.devnull)
    assert f.read() == ""


@pytest.mark.skipif(os.name == "nt", reason="another device")
def test_skipped_somewhere():
    f = open(os.devnull)  # expect: never-released
    assert f.read() == ""


class Rows(unittest.TestCase):
    @unittest.skip("broken")
    def test_skipped_by_a_decorator(self):
        f = open(os.devnull)
        self.assertEqual("", f.read())


@unittest.skip("broken")
class SkippedAsAWhole(unittest.TestCase):
    def test_rows(self):
        f = open(os.devnull)
        self.assertEqual("", f.read())


class Shared:
    def test_shared(self):
        f = open(os.devnull)  # expect: never-released
        self.assertEqual("", f.read())


class RunsHere(Shared, unittest.TestCase):
    pass


@unittest.skip("not there")
class NotHere(Shared, unittest.TestCase):
    pass
