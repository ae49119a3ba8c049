"""A teardown that goes through names of attributes closes what stands under them, and nothing else."""

import os
import unittest


class TestNamesInATuple(unittest.TestCase):
    def setUp(self):
        self.first = open(os.devnull)  # ledger: file released
        self.second = open(os.devnull)  # ledger: file released
        self.third = open(os.devnull)  # expect: never-released

    def tearDown(self):
        for name in ("first", "second"):
            getattr(self, name).close()

    def test_all_are_open(self):
        self.assertEqual("", self.first.read() + self.second.read() + self.third.read())


class TestNamesInAText(unittest.TestCase):
    def tearDown(self):
        for name in "log table".split():
            if hasattr(self, name):
                getattr(self, name).close()

    def test_log(self):
        self.log = open(os.devnull)  # ledger: file released
        self.assertEqual("", self.log.read())

    def test_index(self):
        self.index = open(os.devnull)  # expect: never-released
        self.assertEqual("", self.index.read())


class TestNamesOfTheClass(unittest.TestCase):
    FILES = ["log", "table"]

    def tearDown(self):
        for name in self.FILES:
            file = getattr(self, name, None)
            if file is not None:
                file.close()

    def test_table(self):
        self.table = open(os.devnull)  # ledger: file released
        self.assertEqual("", self.table.read())

    def test_index(self):
        self.index = open(os.devnull)  # expect: never-released
        self.assertEqual("", self.index.read())
