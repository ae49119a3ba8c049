"""A fixture that returns has no teardown: what it opened is closed by a finalizer or by nobody."""

import os
import socket
import tempfile

import pytest

ADDRESS = ("127.0.0.1", int(os.environ.get("SAMPLE_PORT", "0")))


@pytest.fixture
def opened():
    return open(os.devnull)  # expect: never-released


@pytest.fixture
def written(tmp_path):
    with open(tmp_path / "notes", "w") as notes:  # ledger: file managed
        notes.write("three")
    return notes


@pytest.fixture
def connection(request):
    connection = socket.socket()
    request.addfinalizer(connection.close)
    return connection


@pytest.fixture
def late(request):
    connection = socket.socket()  # expect: late-registration [late]
    connection.bind(ADDRESS)  # step [late]: raise
    request.addfinalizer(connection.close)
    return connection


@pytest.fixture(scope="module")
def folder():
    return tempfile.mkdtemp()  # expect: never-released


def test_opened(opened):
    assert opened.read() == ""


def test_written(written):
    assert written.closed


def test_connection(connection):
    assert connection.fileno() > 0


def test_late(late):
    assert late.getsockname()[1] > 0


def test_folder(folder):
    assert os.listdir(folder) == []
