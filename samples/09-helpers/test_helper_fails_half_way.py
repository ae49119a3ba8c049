"""A helper makes something and goes on: what raises then is said with the line in the helper, not with the line that calls it."""

import os
import socket
import unittest


class TestServer(unittest.TestCase):
    def listen(self):
        self.server = socket.socket()
        self.server.bind(("127.0.0.1", 0))
        self.backlog = int(os.environ.get("SAMPLE_BACKLOG", "1"))
        self.server.listen(self.backlog)

    def setUp(self):
        self.listen()  # expect: leak-on-setup-failure [half] "when line 12 raises"

    def tearDown(self):
        self.server.close()

    def test_server(self):
        self.assertGreater(self.server.getsockname()[1], 0)


class TestQuiet(unittest.TestCase):
    def listen(self):
        self.server = socket.socket()
        self.server.bind(("127.0.0.1", 0))
        self.server.listen(1)

    def setUp(self):
        self.listen()

    def tearDown(self):
        self.server.close()

    def test_server(self):
        self.assertGreater(self.server.getsockname()[1], 0)
