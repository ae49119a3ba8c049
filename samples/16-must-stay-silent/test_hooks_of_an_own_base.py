"""A base class of the project's own runs hooks that no framework knows: what such a hook closes is closed."""

import socket
import threading
import unittest


class Threaded:
    def client_tear_down(self):
        pass

    def run_client(self):
        try:
            self.cli.send(b"x")
        finally:
            self.client_tear_down()

    def start_client(self):
        client = threading.Thread(target=self.run_client)
        client.start()
        self.addCleanup(client.join)


class TestPair(unittest.TestCase, Threaded):
    def setUp(self):
        self.serv, self.cli = socket.socketpair()
        self.start_client()

    def tearDown(self):
        self.serv.close()

    def client_tear_down(self):
        self.cli.close()

    def test_received(self):
        self.assertEqual(b"x", self.serv.recv(1))


class TestNobodyCallsIt(unittest.TestCase):
    def setUp(self):
        self.sock = socket.socket()  # expect: never-released "socket self.sock"

    def close_later(self):
        self.sock.close()

    def test_there(self):
        self.assertGreater(self.sock.fileno(), 0)
