"""Fixtures of a plug-in that the conftest names."""

import os
import socket

import pytest


@pytest.fixture
def environment_kept():
    saved = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(saved)


@pytest.fixture
def connected():
    made = []

    def connect():
        connection = socket.socket()
        made.append(connection)
        return connection

    yield connect
    for connection in made:
        connection.close()


@pytest.fixture
def unwatched():
    def connect():
        return socket.socket()

    return connect
