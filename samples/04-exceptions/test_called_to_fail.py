"""A nested function that is only called where it must raise never comes to its end: what it would have made there was not made."""

import os
import socket
import unittest


class TestNoSuchFile(unittest.TestCase):
    def test_missing(self):
        def read(path):
            handle = open(path)
            self.mode = handle.mode
            return len(path)

        with self.assertRaises(OSError):
            read(os.path.join(os.sep, "no", "such", "file"))

    def test_fails_behind_it(self):
        def connect(address):
            connection = socket.socket()  # expect: leak-on-failure
            connection.connect(address)

        with self.assertRaises(OSError):
            connect(("localhost", 0))

    def test_also_called_to_succeed(self):
        def read(path):
            handle = open(path)  # expect: never-released
            self.mode = handle.mode
            return len(path)

        with self.assertRaises(OSError):
            read(os.path.join(os.sep, "no", "such", "file"))
        self.assertEqual(len(os.devnull), read(os.devnull))
