"""Skipping is an exception: what is open when a test skips stays open."""

import os
import socket
import unittest

import pytest


def test_skips_with_a_socket_open():
    connection = socket.socket()  # expect: leak-on-failure [skip]
    if "NO_SUCH_VARIABLE" in os.environ:
        pytest.skip("not here")  # step [skip]: raise
    connection.close()


class TestSkip(unittest.TestCase):
    def test_skips_with_a_socket_open(self):
        connection = socket.socket()  # expect: leak-on-failure
        if "NO_SUCH_VARIABLE" in os.environ:
            self.skipTest("not here")
        connection.close()

    def test_registered_before_it_skips(self):
        connection = socket.socket()
        self.addCleanup(connection.close)
        if "NO_SUCH_VARIABLE" in os.environ:
            self.skipTest("not here")
        self.assertGreater(connection.fileno(), 2)
