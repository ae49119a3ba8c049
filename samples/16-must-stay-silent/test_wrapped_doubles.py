"""What is wrapped is an object of the test's own that only looks like a socket: nothing is held."""

import http.client
import io
import os
import unittest


class FakeSocket:
    def __init__(self, text):
        self.text = text

    def makefile(self, mode):
        return io.BytesIO(self.text)


class Folder:
    """It stands for a path: what is opened is a file."""

    def __fspath__(self):
        return os.devnull


class TestResponse(unittest.TestCase):
    def test_status(self):
        response = http.client.HTTPResponse(FakeSocket(b"HTTP/1.1 200 Ok\r\n\r\n"))
        response.begin()
        self.assertEqual(200, response.status)

    def test_a_path_of_ones_own(self):
        file = open(Folder())  # expect: never-released
        self.assertEqual("", file.read())
