"""What the tests of this folder share: functions that are given somebody else's stack, and an owner of a file."""

import os
import socket


def open_on(stack):
    """Opens a file that the caller's stack closes."""
    return stack.enter_context(open(os.devnull))


def connect_on(stack):
    connection = socket.socket()
    stack.callback(connection.close)
    return connection


class Log:
    """Owns its file: closing the log closes it."""

    def __init__(self, path):
        self._file = open(path, "w")

    def write(self, text):
        self._file.write(text)

    def close(self):
        self._file.close()

    def __enter__(self):
        return self

    def __exit__(self, *details):
        self.close()
