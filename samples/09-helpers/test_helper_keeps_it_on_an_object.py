"""What a helper opens and keeps on its object is called by that place, whatever the helper returns."""

import socket
import unittest


class Listener:
    def start(self):
        self.sock = socket.create_server(("localhost", 0))
        return self.sock.getsockname()

    def stop(self):
        self.sock.close()


class TestListener(unittest.TestCase):
    def test_address(self):
        listener = Listener()
        address = listener.start()  # expect: leak-on-failure "socket listener.sock"
        self.assertEqual(2, len(address))
        listener.stop()
