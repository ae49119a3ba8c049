"""A switch that the class has, or that is given once before the test, is the same in both hooks; one that the test throws is not."""

import os
import shutil
import tempfile
import unittest


class TestSwitchOfTheClass(unittest.TestCase):
    slow = int(os.environ.get("SLOW") or 1)

    def setUp(self):
        if self.slow:
            self.path = tempfile.mkdtemp()

    def tearDown(self):
        if self.slow:
            shutil.rmtree(self.path)

    def test_there(self):
        self.assertTrue(os.path.isdir(os.curdir))


class TestSwitchIsAProperty(unittest.TestCase):
    slow = int(os.environ.get("SLOW") or 1)

    @property
    def needs_folder(self):
        return hasattr(os, "fork") and self.slow

    def setUp(self):
        if self.needs_folder:
            self.path = tempfile.mkdtemp()

    def tearDown(self):
        if self.needs_folder:
            shutil.rmtree(self.path)

    def test_there(self):
        self.assertTrue(os.path.isdir(os.curdir))


class TestSwitchOfTheSetUp(unittest.TestCase):
    def setUp(self):
        self.slow = os.environ.get("SLOW")
        if self.slow:
            self.path = tempfile.mkdtemp()

    def tearDown(self):
        if self.slow:
            shutil.rmtree(self.path)

    def test_there(self):
        self.assertTrue(os.path.isdir(os.curdir))


class TestSwitchedByTheTest(unittest.TestCase):
    keeps = False

    def setUp(self):
        if not self.keeps:
            self.path = tempfile.mkdtemp()  # expect: never-released

    def tearDown(self):
        if not self.keeps:
            shutil.rmtree(self.path)

    def test_kept(self):
        self.keeps = True


class TestFilledByTheTest(unittest.TestCase):
    def setUp(self):
        self.orders = []
        if not self.orders:
            self.path = tempfile.mkdtemp()  # expect: never-released

    def tearDown(self):
        if not self.orders:
            shutil.rmtree(self.path)

    def test_one(self):
        self.orders.append("tea")
