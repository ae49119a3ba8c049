"""A teardown that releases under a condition of its own knows what there is; a question that is the same on every run decides nothing."""

import os
import shutil
import socket
import sys
import tempfile
import unittest


class TestKeptForPeople(unittest.TestCase):
    keep = False

    def setUp(self):
        self.folder = tempfile.mkdtemp()

    def tearDown(self):
        if not self.keep:
            shutil.rmtree(self.folder)

    def test_there(self):
        self.assertTrue(os.path.isdir(self.folder))


class TestNumber(unittest.TestCase):
    def setUp(self):
        self.descriptor = os.open(os.devnull, os.O_RDONLY)

    def tearDown(self):
        if self.descriptor >= 0:
            os.close(self.descriptor)

    def test_open(self):
        self.assertGreater(self.descriptor, 0)


class TestWayOut(unittest.TestCase):
    def setUp(self):
        self.connection = socket.socket()

    def tearDown(self):
        if self.connection.fileno() == -1:
            return
        self.connection.close()

    def test_open(self):
        self.assertGreater(self.connection.fileno(), 0)


class TestNamed(unittest.TestCase):
    def setUp(self):
        self.connection = socket.socket()

    def tearDown(self):
        if hasattr(self, "connection"):
            self.connection.close()

    def test_open(self):
        self.assertGreater(self.connection.fileno(), 0)


class TestPlatform(unittest.TestCase):
    def setUp(self):
        self.connection = socket.socket()  # expect: never-released

    def tearDown(self):
        if sys.platform == "win32":
            self.connection.close()

    def test_open(self):
        self.assertGreater(self.connection.fileno(), 0)
