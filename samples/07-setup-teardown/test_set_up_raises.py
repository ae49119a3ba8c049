"""When setUp raises, tearDown does not run: what setUp had opened by then stays open."""

import os
import socket
import unittest


class TestTearDownCloses(unittest.TestCase):
    def setUp(self):
        self.log = open(os.devnull, "w")  # missing: leak-on-setup-failure a second handle that cannot be had is a failure of the machine
        self.connection = socket.socket()
        self.addCleanup(self.connection.close)

    def tearDown(self):
        self.log.close()

    def test_log(self):
        self.assertTrue(self.log.writable())


class TestSkipsInSetUp(unittest.TestCase):
    def setUp(self):
        self.log = open(os.devnull, "w")  # expect: leak-on-setup-failure [skip]
        if "NO_SUCH_VARIABLE" in os.environ:
            self.skipTest("not here")  # step [skip]: raise

    def tearDown(self):
        self.log.close()

    def test_log(self):
        self.assertTrue(self.log.writable())


class TestCleanupsRunAnyway(unittest.TestCase):
    def setUp(self):
        self.log = open(os.devnull, "w")
        self.addCleanup(self.log.close)
        self.connection = socket.socket()
        self.addCleanup(self.connection.close)

    def test_log(self):
        self.assertTrue(self.log.writable())


class TestOpenedLast(unittest.TestCase):
    def setUp(self):
        self.path = os.path.join(os.sep, "dev", "null")
        self.log = open(self.path, "w")

    def tearDown(self):
        self.log.close()

    def test_log(self):
        self.assertTrue(self.log.writable())
        self.assertEqual(self.path, self.log.name)


class TestPytestStyle:
    def setup_method(self):
        self.log = open(os.devnull, "w")  # missing: leak-on-setup-failure a second handle that cannot be had is a failure of the machine
        self.connection = socket.socket()

    def teardown_method(self):
        try:
            self.log.close()
        finally:
            self.connection.close()

    def test_log(self):
        assert self.log.writable()
