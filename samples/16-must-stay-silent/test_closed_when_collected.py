"""What closes itself in silence when it is collected is a note where nobody closes it, and nothing where only a failed test leaves it."""

import http.client
import io
import mmap
import multiprocessing
import os
import tempfile
import unittest
import urllib.request
import zipfile


class TestMaps(unittest.TestCase):
    def test_of_memory_alone(self):
        pages = mmap.mmap(-1, 8)
        self.assertEqual(8, len(pages))

    def test_of_a_file(self):
        with tempfile.TemporaryFile() as file:
            file.truncate(8)
            pages = mmap.mmap(file.fileno(), 8)  # expect: never-released "memory map pages"
            self.assertEqual(8, len(pages))

    def test_a_failure_leaves_it(self):
        with tempfile.TemporaryFile() as file:
            file.truncate(8)
            pages = mmap.mmap(file.fileno(), 8)
            self.assertEqual(8, len(pages))
            pages.close()


class TestPipes(unittest.TestCase):
    def test_a_failure_leaves_them(self):
        ours, theirs = multiprocessing.Pipe()
        theirs.send(1)
        self.assertEqual(1, ours.recv())
        ours.close()
        theirs.close()


class FakeSocket:
    def __init__(self, text):
        self.text = text
        self.sent = b""

    def sendall(self, data):
        self.sent += data

    def makefile(self, mode):
        return io.BytesIO(self.text)


class TestFakedConnections(unittest.TestCase):
    def test_it_connects_nowhere(self):
        connection = http.client.HTTPConnection("campsite.example")
        connection.sock = FakeSocket(b"HTTP/1.1 204 No Content\r\n\r\n")
        connection.request("GET", "/")
        answer = connection.getresponse()
        self.assertEqual(204, answer.status)


class TestAnswers(unittest.TestCase):
    def test_a_text_in_the_address(self):
        answer = urllib.request.urlopen("data:,campsite")
        self.assertIsNotNone(answer)

    def test_read_to_its_end(self):
        if "CAMPSITE_NETWORK" not in os.environ:
            self.skipTest("needs a network")
        answer = urllib.request.urlopen("http://campsite.example/")
        answer.read()

    def test_read_in_part_without_a_name(self):
        if "CAMPSITE_NETWORK" not in os.environ:
            self.skipTest("needs a network")
        self.assertIsNotNone(urllib.request.urlopen("http://campsite.example/").read(1))

    def test_read_in_part(self):
        if "CAMPSITE_NETWORK" not in os.environ:
            self.skipTest("needs a network")
        answer = urllib.request.urlopen("http://campsite.example/")  # expect: never-released "response of a URL answer"
        answer.read(1)


class TestArchives(unittest.TestCase):
    def test_a_member(self):
        with tempfile.TemporaryFile() as file, zipfile.ZipFile(file, "w") as archive:
            member = archive.open("a", "w")
            self.assertTrue(member.writable())
            member.close()
