"""Finally runs on every way out: at the end, on an exception, on return, on a caught exception that is raised again."""

import os
import socket
import sys

import pytest


def test_end_and_assertion(tmp_path):
    file = open(tmp_path / "data", "w")
    try:
        assert file.writable()
    finally:
        file.close()


def test_return_in_try(tmp_path):
    file = open(tmp_path / "data", "w")
    try:
        if sys.platform == "win32":
            return
        file.write("x")
    finally:
        file.close()
    assert (tmp_path / "data").read_text() == "x"


def test_caught_and_raised_again():
    connection = socket.socket()
    with pytest.raises(OSError):
        try:
            connection.getpeername()
        except BaseException:
            connection.close()
            raise
        connection.close()


def test_two_finally_clauses(tmp_path):
    first = open(tmp_path / "1", "w")
    try:
        second = open(tmp_path / "2", "w")
        try:
            second.write("x")
            assert first.writable()
        finally:
            second.close()
    finally:
        first.close()


def test_open_inside_try_with_a_flag(tmp_path):
    file = None
    try:
        file = open(tmp_path / "data", "w")
        file.write("x")
        assert file.writable()
    finally:
        if file is not None:
            file.close()


def test_closed_by_handler_and_by_else(tmp_path):
    descriptor = os.open(tmp_path / "data", os.O_CREAT | os.O_RDWR)
    try:
        os.write(descriptor, b"x")
    except BaseException:
        os.close(descriptor)
        raise
    else:
        os.close(descriptor)
    assert (tmp_path / "data").read_bytes() == b"x"
