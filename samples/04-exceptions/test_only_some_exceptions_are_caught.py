"""A handler closes, but it does not catch everything that can be raised; and a failed assertion is raised too."""

import socket

import pytest


def test_handler_for_another_exception(tmp_path):
    file = open(tmp_path / "data", "w")  # expect: leak-on-failure [other]
    try:
        assert file.writable()  # step [other]: raise
    except OSError:
        file.close()
        raise
    file.close()


def test_else_does_not_run_after_an_exception(tmp_path, request):
    file = open(tmp_path / "data", "w")  # expect: never-released
    try:
        file.write(request.node.name)
    except OSError:
        pass
    else:
        file.close()
    assert (tmp_path / "data").exists()


def test_exception_does_not_catch_a_skip():
    connection = socket.socket()  # expect: leak-on-failure
    try:
        if connection.fileno() < 0:
            pytest.skip("no sockets here")
    except Exception:
        connection.close()
        raise
    connection.close()


def test_expected_exception_jumps_over_close(tmp_path):
    with pytest.raises(ValueError):
        file = open(tmp_path / "data", "w")  # expect: never-released
        int("three")
        file.close()


def test_refused_open_leaves_nothing(tmp_path):
    with pytest.raises(OSError):
        open(tmp_path / "absent" / "data")


def test_a_caught_failure_jumps_over_close(tmp_path):
    file = open(tmp_path / "data", "w+")  # expect: never-released "is not released when line 55 raises"
    try:
        number = int(file.read() or 3)
        file.close()
    except ValueError:
        number = 0
    assert number == 3
