"""A with statement closes on every way out of its body, whatever is raised there."""

import contextlib
import os
import socket
import sqlite3
import tempfile


def test_one_manager(tmp_path):
    with open(tmp_path / "data", "w") as file:
        file.write("x")
        assert file.writable()


def test_two_managers(tmp_path):
    with open(tmp_path / "1", "w") as first, open(tmp_path / "2", "w") as second:
        first.write("1")
        second.write("2")
    assert len(os.listdir(tmp_path)) == 2


def test_in_parentheses(tmp_path):
    with (
        open(tmp_path / "1", "w") as first,
        open(tmp_path / "2", "w") as second,
    ):
        assert first is not second


def test_opened_on_the_line_before(tmp_path):
    file = open(tmp_path / "data", "w")
    with file:
        file.write("x")
    assert file.closed


def test_closing():
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_without_a_name(tmp_path):
    with tempfile.TemporaryDirectory(dir=tmp_path):
        assert len(os.listdir(tmp_path)) == 1


def test_return_inside(tmp_path):
    with socket.socket() as connection:
        if connection.fileno() > 0:
            return
        connection.listen()
