"""A suite calls its helpers as they want to be called: what a helper holds when it is called wrongly is no leak."""

import os
import socket
import unittest


class TestChecked(unittest.TestCase):
    def listen(self, timeout=5.0, mode="plain"):
        server = socket.socket()
        if timeout is None:
            raise ValueError("a timeout is required")
        if not isinstance(mode, str) or timeout <= 0:
            raise TypeError(mode)
        if mode == "plain":
            server.settimeout(timeout)
        else:
            raise ValueError(f"no such mode: {mode}")
        return server

    def test_listens(self):
        with self.listen() as server:
            self.assertEqual(5.0, server.gettimeout())

    def opened(self, expected):
        file = open(os.devnull)  # expect: leak-on-failure
        if expected != "":
            raise AssertionError(expected)
        self.assertEqual(expected, file.read())
        file.close()

    def found(self, name):
        file = open(os.devnull)  # expect: leak-on-failure
        if file.name != name:
            raise ValueError(name)
        file.close()

    def test_others(self):
        self.opened("")
        self.found(os.devnull)
