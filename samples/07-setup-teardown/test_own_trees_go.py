"""Removing a tree of one's own rarely fails; removing another may."""

import os
import shutil
import tempfile
import unittest


def make(path):
    try:
        os.makedirs(path)
    except OSError:
        if not os.path.isdir(path):
            raise


class TestTwoFolders(unittest.TestCase):
    def setUp(self):
        self.first = tempfile.mkdtemp()
        self.second = os.path.join(tempfile.mkdtemp(), "second")
        make(self.second)
        shutil.rmtree(self.second)

    def tearDown(self):
        shutil.rmtree(self.first)
        shutil.rmtree(os.path.dirname(self.second))

    def test_there(self):
        self.assertTrue(os.path.isdir(self.first))


class TestSomebodysFolder(unittest.TestCase):
    def setUp(self):
        self.first = "campsite-%d" % os.getpid()
        self.second = tempfile.mkdtemp()  # expect: cleanup-chain-broken

    def tearDown(self):
        shutil.rmtree(self.first)
        shutil.rmtree(self.second)

    def test_there(self):
        os.mkdir(self.first)
        self.assertTrue(os.path.isdir(self.second))
