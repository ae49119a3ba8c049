"""An object of the tests' own holds the file: closing the owner closes what it holds."""

import contextlib
import os
import socket


class Journal:
    def __init__(self):
        self.file = open(os.devnull, "w")

    def add(self, line):
        self.file.write(line)

    def close(self):
        self.file.close()


class Careless:
    def __init__(self):
        self.file = open(os.devnull, "w")

    def close(self):
        self.file.flush()


class Managed:
    def __init__(self):
        self.connection = socket.socket()

    def __enter__(self):
        return self

    def __exit__(self, *details):
        self.connection.close()


def test_owner_closed():
    journal = Journal()
    try:
        journal.add("x")
        assert journal.file.writable()
    finally:
        journal.close()


def test_owner_closed_by_closing():
    with contextlib.closing(Journal()) as journal:
        journal.add("x")
        assert journal.file.writable()


def test_what_the_owner_holds_is_closed():
    journal = Journal()
    journal.file.close()
    assert journal.file.closed


def test_owner_as_manager():
    with Managed() as managed:
        assert managed.connection.fileno() > 0


def test_owner_never_closed():
    journal = Journal()  # expect: never-released
    journal.add("x")
    assert journal.file.writable()


def test_owner_that_does_not_close():
    careless = Careless()  # expect: never-released
    careless.close()
    assert careless.file.writable()


def test_owner_closed_after_an_assertion():
    journal = Journal()  # expect: leak-on-failure
    assert journal.file.writable()
    journal.close()
