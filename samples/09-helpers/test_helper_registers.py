"""A helper of the test class opens and registers, or opens and stores, or forgets."""

import os
import socket
import unittest
from contextlib import ExitStack

ADDRESS = ("127.0.0.1", int(os.environ.get("SAMPLE_PORT", "0")))


def opened_on(stack):
    return stack.enter_context(open(os.devnull))


def opened_for(test):
    file = open(os.devnull)
    test.addCleanup(file.close)
    return file


class HelperCase(unittest.TestCase):
    def connect(self):
        connection = socket.socket()
        self.addCleanup(connection.close)
        return connection

    def connect_and_bind(self):
        connection = socket.socket()  # expect: late-registration [bind]
        connection.bind(ADDRESS)  # step [bind]: raise
        self.addCleanup(connection.close)
        return connection

    def connect_and_forget(self):
        return socket.socket()

    def open_log(self):
        self.log = open(os.devnull, "w")

    def close_log(self):
        self.log.close()


class TestHelpers(HelperCase):
    def test_registered(self):
        self.assertGreater(self.connect().fileno(), 0)

    def test_registered_late(self):
        self.assertGreater(self.connect_and_bind().fileno(), 0)

    def test_forgotten(self):
        connection = self.connect_and_forget()  # expect: never-released
        self.assertGreater(connection.fileno(), 0)

    def test_given_the_test(self):
        self.assertEqual("", opened_for(self).read())

    def test_given_a_stack(self):
        with ExitStack() as stack:
            self.assertEqual("", opened_on(stack).read())

    def test_stored_and_closed(self):
        self.addCleanup(self.close_log)
        self.open_log()
        self.assertTrue(self.log.writable())


class TestStored(HelperCase):
    def setUp(self):
        self.open_log()

    def tearDown(self):
        self.close_log()

    def test_log(self):
        self.assertTrue(self.log.writable())


class TestStoredAndForgotten(HelperCase):
    def setUp(self):
        self.open_log()  # expect: never-released

    def test_log(self):
        self.assertTrue(self.log.writable())
