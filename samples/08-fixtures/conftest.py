"""Fixtures that all tests of this folder may ask for."""

import os
import socket

import pytest

pytest_plugins = ["ready_made"]


@pytest.fixture
def log():
    file = open(os.devnull, "w")
    yield file
    file.close()


@pytest.fixture(scope="session")
def listener():
    with socket.socket() as connection:
        connection.bind(("127.0.0.1", 0))
        yield connection


@pytest.fixture
def name():
    return "from conftest"
