"""Each turn closes what it opened, or hands it to something that closes all of them."""

import os
import socket
import unittest
from contextlib import ExitStack


def test_with_in_the_loop(tmp_path):
    for number in range(3):
        with open(tmp_path / str(number), "w") as page:
            page.write("text")
    assert len(os.listdir(tmp_path)) == 3


def test_closed_before_the_next_turn(tmp_path):
    for number in range(3):
        page = open(tmp_path / str(number), "w")
        page.close()
    assert len(os.listdir(tmp_path)) == 3


def test_finally_also_on_continue_and_break(tmp_path):
    for name in ["a", "b", "c"]:
        file = open(tmp_path / name, "w")
        try:
            if name == "a":
                continue
            if name == "b":
                break
            file.write(name)
        finally:
            file.close()
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


def test_stack_closes_all(tmp_path):
    with ExitStack() as stack:
        pages = [stack.enter_context(open(tmp_path / str(number), "w")) for number in range(3)]
        assert len(pages) == 3


class TestLoop(unittest.TestCase):
    def test_registered_in_each_turn(self):
        for _ in range(3):
            connection = socket.socket()
            self.addCleanup(connection.close)
            self.assertGreater(connection.fileno(), 2)


def test_loop_with_else(tmp_path):
    file = open(tmp_path / "data", "w")
    try:
        for letter in "abc":
            if letter == "z":
                break
        else:
            file.write("no z")
    finally:
        file.close()
    assert (tmp_path / "data").read_text() == "no z"
