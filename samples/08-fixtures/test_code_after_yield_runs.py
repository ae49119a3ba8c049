"""Code after yield is the teardown: it runs also when the test fails, so an assertion in the test is no leak."""

import os
import socket
import tempfile

import pytest


@pytest.fixture
def connection():
    connection = socket.socket()
    yield connection
    connection.close()


@pytest.fixture
def bound(connection):
    connection.bind(("127.0.0.1", 0))
    return connection


@pytest.fixture(params=["r", "w"])
def opened(request):
    with open(os.devnull, request.param) as file:
        yield file


@pytest.fixture(name="folder")
def make_folder():
    with tempfile.TemporaryDirectory() as path:
        yield path


@pytest.fixture
def name():
    yield "from this file"


def test_connection(connection):
    assert connection.fileno() > 0


def test_bound(bound):
    assert bound.getsockname()[1] > 0


def test_opened(opened):
    assert not opened.closed


def test_folder(folder):
    assert os.listdir(folder) == []


def test_overridden(name):
    assert name == "from this file"


def test_from_conftest(log, listener):
    assert log.writable()
    assert listener.getsockname()[1] > 0


@pytest.mark.usefixtures("log")
class TestUsed:
    def test_by_name(self, request):
        assert request.getfixturevalue("log").writable()
