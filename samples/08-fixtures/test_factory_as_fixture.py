"""A fixture that gives the test a function to make things, and closes what was made."""

import os
import socket

import pytest


@pytest.fixture
def make_connection():
    made = []

    def make():
        connection = socket.socket()
        made.append(connection)
        return connection

    yield make
    for connection in made:
        connection.close()


@pytest.fixture
def open_file(request):
    def make(mode):
        file = open(os.devnull, mode)
        request.addfinalizer(file.close)
        return file

    return make


@pytest.fixture
def open_and_forget():
    def make():
        return open(os.devnull)

    return make


def test_two_connections(make_connection):
    assert make_connection().fileno() != make_connection().fileno()


def test_two_files(open_file):
    assert open_file("r").readable()
    assert open_file("w").writable()


def test_forgotten(open_and_forget):
    file = open_and_forget()  # expect: never-released
    assert file.read() == ""


def test_closed_by_the_test(open_and_forget):
    with open_and_forget() as file:
        assert file.read() == ""
