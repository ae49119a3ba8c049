"""What is opened for a class or a module is closed for the class or the module."""

import os
import socket
import threading
import unittest

ADDRESS = ("127.0.0.1", int(os.environ.get("SAMPLE_PORT", "0")))

LOG = None


def setUpModule():
    global LOG
    LOG = open(os.devnull, "w")


def tearDownModule():
    LOG.close()


class TestModule(unittest.TestCase):
    def test_log(self):
        self.assertTrue(LOG.writable())


class TestClass(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.connection = socket.socket()

    @classmethod
    def tearDownClass(cls):
        cls.connection.close()

    def test_connection(self):
        self.assertGreater(self.connection.fileno(), 0)


class TestClassCleanups(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.connection = socket.socket()
        cls.addClassCleanup(cls.connection.close)
        cls.connection.bind(("127.0.0.1", 0))

    def test_connection(self):
        self.assertGreater(self.connection.fileno(), 0)


class TestSetUpClassRaises(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.connection = socket.socket()  # expect: leak-on-setup-failure [bind]
        cls.connection.bind(ADDRESS)  # step [bind]: raise

    @classmethod
    def tearDownClass(cls):
        cls.connection.close()

    def test_connection(self):
        self.assertGreater(self.connection.fileno(), 0)


class TestClosedAfterTheFirstTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.connection = socket.socket()  # expect: release-scope-mismatch

    def tearDown(self):
        self.connection.close()

    def test_connection(self):
        self.assertIsNotNone(self.connection)

    def test_connection_again(self):
        self.assertIsNotNone(self.connection)


class TestOnlyTheLastIsClosed(unittest.TestCase):
    def setUp(self):
        type(self).connection = socket.socket()  # expect: release-scope-mismatch

    @classmethod
    def tearDownClass(cls):
        cls.connection.close()

    def test_one(self):
        self.assertGreater(self.connection.fileno(), 0)

    def test_two(self):
        self.assertGreater(self.connection.fileno(), 0)


class TestAListOfTheClassHasThemAll(unittest.TestCase):
    connections = []

    def setUp(self):
        self.connection = socket.socket()
        type(self).connections.append(self.connection)

    @classmethod
    def tearDownClass(cls):
        for connection in cls.connections:
            connection.close()

    def test_one(self):
        self.assertGreater(self.connection.fileno(), 0)

    def test_two(self):
        self.assertGreater(self.connection.fileno(), 0)


class TestWaitedFor(unittest.TestCase):
    """Waiting for an event of the class raises nothing."""

    @classmethod
    def setUpClass(cls):
        cls.ready = threading.Event()
        cls.thread = threading.Thread(target=cls.ready.set)
        cls.thread.start()
        cls.ready.wait()

    @classmethod
    def tearDownClass(cls):
        cls.thread.join()

    def test_ready(self):
        self.assertTrue(self.ready.is_set())
