"""One branch closes, the other forgets: a path through the test on which nothing raises and the file stays open."""

import socket
import sys
import unittest

import pytest


@pytest.mark.parametrize("size", [0, 1])
def test_only_large_files_are_closed(tmp_path, size):
    file = open(tmp_path / "data", "w")  # expect: never-released [large]
    if size > 0:  # step [large]: branch
        file.close()
    assert (tmp_path / "data").exists()


@pytest.mark.parametrize("mode", ["w", "a", "x"])
def test_one_mode_returns_early(tmp_path, mode):
    file = open(tmp_path / "data", mode)  # expect: never-released
    if mode == "x":
        return
    file.close()
    assert (tmp_path / "data").exists()


def test_an_assertion_in_one_branch():
    connection = socket.socket()  # expect: leak-on-failure [branch]
    if sys.platform == "linux":
        assert connection.fileno() > 2  # step [branch]: raise
    connection.close()


def test_the_other_branch_closes_too():
    connection = socket.socket()  # expect: leak-on-failure [skipped]
    if sys.platform == "unknown":
        connection.close()
        pytest.skip("no such place")
    assert connection.fileno() > 2  # step [skipped]: raise
    connection.close()  # step [skipped]: release


def test_conditional_expression(tmp_path):
    file = open(tmp_path / "data", "w") if sys.platform else None  # expect: never-released
    assert file is None or file.writable()


class TestOneWithoutTheOther(unittest.TestCase):
    server = None

    def tearDown(self):
        if self.client is not None and self.server is not None:
            self.client.close()

    def test_connected(self):
        self.client = socket.socket()  # expect: never-released
        self.assertGreater(self.client.fileno(), 0)
