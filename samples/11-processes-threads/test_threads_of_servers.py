"""A thread that runs a method of a server ends when the server is stopped; without its socket alone a server runs on."""

import http.server
import threading
import unittest


class TestServed(unittest.TestCase):
    def setUp(self):
        self.server = http.server.HTTPServer(("localhost", 0), http.server.BaseHTTPRequestHandler)
        threading.Thread(target=self.server.serve_forever).start()

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()

    def test_it_has_a_port(self):
        self.assertGreater(self.server.server_port, 0)


class TestRegistered(unittest.TestCase):
    def test_it_has_a_port(self):
        server = http.server.HTTPServer(("localhost", 0), http.server.BaseHTTPRequestHandler)
        self.addCleanup(server.server_close)
        thread = threading.Thread(target=server.serve_forever)
        self.addCleanup(server.shutdown)
        thread.start()
        self.assertGreater(server.server_port, 0)


class TestStoppedInTheEnd(unittest.TestCase):
    def test_it_has_a_port(self):
        server = http.server.HTTPServer(("localhost", 0), http.server.BaseHTTPRequestHandler)
        self.addCleanup(server.server_close)
        thread = threading.Thread(target=server.serve_forever)  # expect: leak-on-failure
        thread.start()
        self.assertGreater(server.server_port, 0)
        server.shutdown()


class TestAmongOthers(unittest.TestCase):
    def test_it_has_a_port(self):
        with http.server.HTTPServer(("localhost", 0), http.server.BaseHTTPRequestHandler) as server:
            thread = threading.Thread(target=server.serve_forever)  # expect: leak-on-failure
            thread.start()
            self.assertGreater(server.server_port, 0)
            server.shutdown()
