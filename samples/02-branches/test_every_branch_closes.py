"""Every branch closes, or the branch depends on whether there is anything to close."""

import os
import socket
import sys
import unittest

import pytest


@pytest.mark.parametrize("size", [0, 1])
def test_both_branches(tmp_path, size):
    file = open(tmp_path / "data", "w")
    if size > 0:
        file.close()
    else:
        file.close()
    assert (tmp_path / "data").exists()


@pytest.mark.parametrize("wanted", [False, True])
def test_flag_says_whether_it_is_open(tmp_path, wanted):
    file = None
    if wanted:
        file = open(tmp_path / "data", "w")
    if file is not None:
        file.close()
    assert (tmp_path / "data").exists() == wanted


def test_truth_of_the_name_itself(tmp_path):
    file = open(tmp_path / "data", "w") if sys.platform == "linux" else None
    if file:
        file.close()
    assert file is None or file.closed


def test_closed_before_an_early_return(tmp_path):
    file = open(tmp_path / "data", "w")
    if sys.platform == "win32":
        file.close()
        return
    file.close()
    assert (tmp_path / "data").exists()


def test_skipped_before_anything_is_open():
    if not hasattr(socket, "AF_INET6"):
        pytest.skip("no IPv6 here")
    connection = socket.socket(socket.AF_INET)
    connection.close()


def test_match_with_a_default(tmp_path):
    descriptor = os.open(tmp_path / "data", os.O_CREAT | os.O_RDWR)
    try:
        match sys.platform:
            case "win32":
                expected = "data"
            case _:
                expected = "data"
        assert os.listdir(tmp_path) == [expected]
    finally:
        os.close(descriptor)


class TestBothOrNone(unittest.TestCase):
    def setUp(self):
        self.client = self.server = None

    def connect(self):
        self.server, self.client = socket.socketpair()

    def tearDown(self):
        if self.client is not None and self.server is not None:
            self.client.close()
            self.server.close()

    def test_connected(self):
        self.connect()
        self.assertGreater(self.client.fileno(), 0)

    def test_not_connected(self):
        self.assertIsNone(self.client)
