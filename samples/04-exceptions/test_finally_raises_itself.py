"""What stands first in a finally clause can raise as well, and then skips what stands after it."""

import os
import socket


def test_remove_before_close(tmp_path):
    path = tmp_path / "data"
    file = open(path, "w")  # expect: leak-on-failure [early]
    try:
        assert file.writable()
    finally:
        os.remove(path)  # step [early]: raise
        file.close()


def test_close_before_remove(tmp_path):
    path = tmp_path / "data"
    file = open(path, "w")
    try:
        assert file.writable()
    finally:
        file.close()
        os.remove(path)


def test_try_begins_too_late():
    connection = socket.socket()  # expect: leak-on-failure [late]
    connection.bind(("127.0.0.1", 0))  # step [late]: raise
    try:
        assert connection.getsockname()[1] > 0
    finally:
        connection.close()
