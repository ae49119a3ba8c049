"""What the tests of this folder use to open, close and check things."""

import os
import socket
import tempfile


def opened(mode="r"):
    return open(os.devnull, mode)


def opened_twice():
    return opened("r"), opened("w")  # missing: leak-on-failure a second handle that cannot be had is a failure of the machine


def connected(port=0):
    """A bound socket; closes it again if binding fails."""
    connection = socket.socket()
    try:
        connection.bind(("127.0.0.1", port))
    except BaseException:
        connection.close()
        raise
    return connection


def as_dictionary():
    return {"folder": tempfile.mkdtemp(), "count": 1}


def close(file):
    file.close()


def close_all(files):
    for file in files:
        file.close()


def closed_if_open(file):
    if file is not None and not file.closed:
        file.close()


def first_line(file):
    return file.readline()


def written(file):
    file.write("x")
    return file


def give_up(reason):
    raise AssertionError(reason)


def close_named(file=None, label=""):
    file.close()


def closed_with_a_label(later, **things):
    everything = {"label": "one of many", **things}
    later.enter(0, 1, close_named, kwargs=everything)
