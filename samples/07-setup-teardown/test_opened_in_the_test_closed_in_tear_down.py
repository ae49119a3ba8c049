"""A file that the test itself opens is closed by tearDown: it runs after every test whose setUp went well, failed or not."""

import os
import shutil
import socket
import tempfile
import unittest


class TestAttributeOfTheTest(unittest.TestCase):
    connection = None

    def tearDown(self):
        if self.connection is not None:
            self.connection.close()

    def test_connects(self):
        self.connection = socket.socket()
        self.connection.bind(("127.0.0.1", 0))
        self.assertGreater(self.connection.getsockname()[1], 0)

    def test_does_not_connect(self):
        self.assertIsNone(self.connection)


class TestList(unittest.TestCase):
    def setUp(self):
        self.folders = []

    def tearDown(self):
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)

    def test_two_folders(self):
        self.folders.append(tempfile.mkdtemp())
        self.folders.append(tempfile.mkdtemp())
        self.assertEqual(2, len(self.folders))


class TestNobodyCloses(unittest.TestCase):
    def setUp(self):
        self.log = open(os.devnull, "w")  # expect: never-released

    def test_log(self):
        self.assertTrue(self.log.writable())


def close_log(case):
    """What several classes call in their teardown."""
    case.log.close()


class TestClosedByAFunction(unittest.TestCase):
    def setUp(self):
        self.log = open(os.devnull, "w")

    def tearDown(self):
        close_log(self)

    def test_writes(self):
        self.log.write("a")
