"""A path below a temporary folder is enough to find the folder again: `dirname` undoes `join`."""

import os
import shutil
import sys
import tempfile
import unittest
from os.path import dirname


class TestCache(unittest.TestCase):
    def setUp(self):
        self.cache = os.path.join(tempfile.mkdtemp(), "cache")  # ledger: temporary-directory managed
        self.addCleanup(shutil.rmtree, os.path.dirname(self.cache))

    def test_fresh(self):
        self.assertFalse(os.path.exists(self.cache))


class TestRemovedInTearDown(unittest.TestCase):
    def setUp(self):
        self.file = os.path.join(tempfile.mkdtemp(), "state", "a.json")  # ledger: temporary-directory released

    def tearDown(self):
        shutil.rmtree(dirname(dirname(self.file)), ignore_errors=True)

    def test_fresh(self):
        self.assertFalse(os.path.exists(self.file))


class TestRemovedIfMade(unittest.TestCase):
    cache = None

    @classmethod
    def setUpClass(cls):
        cls.cache = os.path.join(tempfile.mkdtemp(), "cache")  # ledger: temporary-directory released

    @classmethod
    def tearDownClass(cls):
        if cls.cache is not None:
            shutil.rmtree(os.path.dirname(cls.cache))

    def test_fresh(self):
        self.assertFalse(os.path.exists(self.cache))


class TestOnlyTheInnerFolder(unittest.TestCase):
    def setUp(self):
        self.cache = os.path.join(tempfile.mkdtemp(), "cache")  # expect: never-released
        os.mkdir(self.cache)

    def tearDown(self):
        shutil.rmtree(self.cache)

    def test_fresh(self):
        self.assertEqual([], os.listdir(self.cache))


def test_one_folder_too_deep():
    file = os.path.join(tempfile.mkdtemp(), "state", "a.json")  # expect: never-released
    os.mkdir(os.path.dirname(file))
    shutil.rmtree(os.path.dirname(file))


def test_not_the_standard_stream():
    for path in (os.devnull, None):
        if path is not None:
            out = open(path, "w")
        else:
            out = sys.stdout
        if out is not sys.stdout:
            out.close()


def test_the_wrong_way_round():
    out = open(os.devnull, "w")  # expect: never-released
    if out is sys.stdout:
        out.close()
