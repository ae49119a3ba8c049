"""A fixture that raises before its yield never runs what follows the yield."""

import os
import socket

import pytest

ADDRESS = ("127.0.0.1", int(os.environ.get("SAMPLE_PORT", "0")))


@pytest.fixture
def bound():
    connection = socket.socket()  # expect: leak-on-setup-failure [bind]
    connection.bind(ADDRESS)  # step [bind]: raise
    yield connection
    connection.close()


@pytest.fixture
def bound_with():
    with socket.socket() as connection:
        connection.bind(("127.0.0.1", 0))
        yield connection


@pytest.fixture
def two_files():
    first = open(os.devnull)  # missing: leak-on-setup-failure a second handle that cannot be had is a failure of the machine
    second = open(os.devnull, "w")
    yield first, second
    try:
        second.close()
    finally:
        first.close()


@pytest.fixture
def checked():
    file = open(os.devnull)  # expect: leak-on-setup-failure
    assert file.read() == ""
    yield file
    file.close()


def test_bound(bound):
    assert bound.getsockname()[1] > 0


def test_bound_with(bound_with):
    assert bound_with.getsockname()[1] > 0


def test_two(two_files):
    first, second = two_files
    assert first.readable() and second.writable()


def test_checked(checked):
    assert not checked.closed
