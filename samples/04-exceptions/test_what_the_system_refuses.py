"""What a system call raises is an OSError: a handler for that catches all of it. What cannot be refused raises nothing."""

import os
import socket
import unittest
from contextlib import suppress

PORT = int(os.environ.get("SAMPLE_PORT", "0"))


def test_a_handler_for_all_that_it_raises():
    connection = None
    bound = False
    try:
        connection = socket.socket()
        connection.bind(("127.0.0.1", PORT))
        bound = True
    except OSError:
        pass
    if connection:
        connection.close()
    assert bound


def test_a_handler_for_something_else():
    connection = socket.socket()  # expect: leak-on-failure [unlike] "when line 28 raises"
    try:
        connection.bind(("127.0.0.1", PORT))  # step [unlike]: raise
    except ValueError:
        connection.close()
        raise
    connection.close()


def test_any_port_that_is_free():
    connection = socket.socket()
    connection.bind(("127.0.0.1", 0))
    connection.listen(1)
    address = ("", 0)
    other = socket.socket()
    other.bind(address)
    other.close()
    connection.close()


def test_a_port_of_somebodys_choice():
    connection = socket.socket()  # expect: leak-on-failure [chosen]
    connection.bind(("127.0.0.1", PORT))  # step [chosen]: raise
    connection.close()


def test_ends_of_a_pair_are_set_up():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.settimeout(1)
    theirs.close()
    ours.close()


def gone(path):
    try:
        os.remove(path)
    except OSError:
        pass


class TestVariable(unittest.TestCase):
    def test_a_helper_that_catches_it(self):
        os.environ["SAMPLE"] = "1"
        gone("no-such-file")
        del os.environ["SAMPLE"]

    def test_a_step_that_refuses(self):
        os.environ["SAMPLE"] = "1"  # expect: leak-on-failure [refuses]
        with suppress(ValueError):
            os.remove("no-such-file")  # step [refuses]: raise
        del os.environ["SAMPLE"]

    test_a_step_that_refuses = unittest.expectedFailure(test_a_step_that_refuses)
