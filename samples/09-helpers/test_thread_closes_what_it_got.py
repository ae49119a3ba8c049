"""A thread of the tests' own closes what it was made with when it runs; what only its stop() closes stays when nobody calls that."""

import socket
import threading
import unittest


class Echo(threading.Thread):
    def __init__(self, listener):
        super().__init__(daemon=True)
        self.listener = listener

    def run(self):
        with self.listener:
            connection, _ = self.listener.accept()
            with connection:
                connection.sendall(connection.recv(16))


class Runner(threading.Thread):
    def __init__(self, sock, program):
        super().__init__(daemon=True)
        self.sock = sock
        self.program = program

    def run(self):
        self.program(self.sock)


class Stopped(threading.Thread):
    def __init__(self, sock):
        super().__init__(daemon=True)
        self.sock = sock

    def run(self):
        pass

    def stop(self):
        self.join()
        self.sock.close()


def listen():
    listener = socket.create_server(("localhost", 0))
    return Echo(listener), listener.getsockname()


class TestEcho(unittest.TestCase):
    def test_closed_by_the_thread(self):
        echo, address = listen()
        echo.start()
        with socket.create_connection(address) as client:
            client.sendall(b"x")
            self.assertEqual(b"x", client.recv(16))

    def test_handed_to_what_the_thread_runs(self):
        runner = Runner(socket.socket(), lambda sock: sock.close())
        runner.start()
        runner.join()
        self.assertFalse(runner.is_alive())

    def test_closed_by_nobody(self):
        stopped = Stopped(socket.socket())  # expect: leak-on-failure
        stopped.start()
        self.assertIsNotNone(stopped.name)
        stopped.stop()
