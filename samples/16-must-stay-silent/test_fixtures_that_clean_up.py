"""Fixtures whose teardown stands after the yield, in a finalizer, or in the factory they hand out."""

import os
import socket

import pytest


@pytest.fixture
def file():
    handle = open(os.devnull)
    yield handle
    handle.close()


@pytest.fixture
def connect(request):
    def make():
        connection = socket.socket()
        request.addfinalizer(connection.close)
        return connection

    return make


@pytest.fixture
def files():
    made = []

    def make():
        made.append(open(os.devnull))
        return made[-1]

    yield make
    for handle in made:
        handle.close()


@pytest.fixture(autouse=True)
def in_own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_file(file):
    assert file.read() == ""


def test_connection(connect):
    assert connect().fileno() > 0


def test_files(files):
    assert files().read() == files().read()


def test_folder(tmp_path):
    assert os.path.samefile(os.getcwd(), tmp_path)
