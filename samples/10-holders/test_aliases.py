"""Two names hold one file: closing it under either name closes it."""

import os
import socket


def test_closed_under_the_second_name():
    file = open(os.devnull)
    same = file
    try:
        assert same.read() == ""
    finally:
        same.close()


def test_first_name_is_used_again():
    file = open(os.devnull)
    kept = file
    file = None
    kept.close()
    assert file is None


def test_assigned_to_two_names():
    one = two = open(os.devnull)
    two.close()
    assert one.closed


def test_walrus():
    if (file := open(os.devnull)) is not None:
        file.close()
    assert file.closed


def test_one_of_two_names_by_condition():
    first = open(os.devnull)
    chosen = first if os.name == "posix" else first
    chosen.close()
    assert first.closed


def test_both_names_forget():
    connection = socket.socket()  # expect: never-released
    same = connection
    assert same.fileno() > 0


def test_deleting_the_name_does_not_close():
    connection = socket.socket()  # expect: never-released
    assert connection.fileno() > 0
    del connection


def test_swapped():
    first, second = open(os.devnull), 0
    first, second = second, first
    second.close()
    assert first == 0
