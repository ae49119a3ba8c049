"""Things that look like resources and hold nothing: text in memory, doubles, paths, names that are only spelt alike."""

import io
import tarfile
import tempfile
import unittest
import urllib.request
from unittest import mock


class Door:
    def __init__(self):
        self.is_open = False

    def open(self):
        self.is_open = True
        return self


def test_text_in_memory():
    stream = io.StringIO("x")
    assert stream.read() == "x"


def test_archive_in_memory():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("empty"))
    assert buffer.getvalue()


def test_a_spooled_file_is_memory():
    spooled = tempfile.SpooledTemporaryFile()
    spooled.write(b"x")
    assert spooled.tell() == 1


def test_a_spooled_file_rolled_over():
    spooled = tempfile.SpooledTemporaryFile()
    spooled.rollover()  # From here on it is a file.
    spooled.close()
    assert spooled.closed


def test_a_response_read_to_its_end():
    lines = [line for line in urllib.request.urlopen("data:,x")]
    assert lines == [b"x"]


def test_a_response_walked_to_its_end():
    response = urllib.request.urlopen("data:,x")
    count = 0
    for _ in response:
        count += 1
    assert count == 1


def test_a_door_is_no_file():
    door = Door().open()
    assert door.is_open


class TestDouble(unittest.TestCase):
    @mock.patch("builtins.open", new_callable=mock.mock_open, read_data="x")
    def test_patched_open(self, opened):
        file = open("settings")
        self.assertEqual("x", file.read())
        opened.assert_called_once_with("settings")

    def test_double_of_a_socket(self):
        connection = mock.Mock(spec=["recv"])
        connection.recv.return_value = b"x"
        self.assertEqual([b"x", b"x"], [connection.recv(1) for _ in range(2)])


class TestUrlOfItsOwn(unittest.TestCase):
    def setUp(self):
        self.url = "data:,x"
        self.answer = urllib.request.urlopen(self.url)

    def test_first_byte(self):
        self.assertEqual(b"x", self.answer.read(1))
