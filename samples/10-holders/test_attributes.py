"""Attributes of the test hold files; tearDown and cleanups reach them under the same name."""

import os
import unittest


class TestAttributes(unittest.TestCase):
    def setUp(self):
        self.files = []
        self.addCleanup(self.close_files)

    def close_files(self):
        for file in self.files:
            file.close()

    def keep(self, file):
        self.files.append(file)
        return file

    def test_kept(self):
        self.assertEqual("", self.keep(open(os.devnull)).read())

    def test_appended(self):
        file = open(os.devnull)
        self.files.append(file)
        self.assertEqual("", file.read())

    def test_not_kept(self):
        file = open(os.devnull)  # expect: never-released
        self.assertEqual("", file.read())

    def test_another_attribute(self):
        self.other = open(os.devnull)  # expect: never-released
        self.assertEqual("", self.other.read())
