"""What stands first in a finally clause can raise as well, and then skips what stands after it."""

import os
import socket

ADDRESS = ("127.0.0.1", int(os.environ.get("SAMPLE_PORT", "0")))


def render(folder):
    """What is tested: leaves a report behind if all goes well."""
    (folder / "report").write_text("done")


def test_remove_before_close(tmp_path):
    log = open(tmp_path / "log", "w")  # expect: leak-on-failure [early]
    try:
        render(tmp_path)
        assert log.writable()
    finally:
        os.remove(tmp_path / "report")  # step [early]: raise
        log.close()


def test_remove_what_was_made_here(tmp_path):
    path = tmp_path / "data"
    file = open(path, "w")
    try:
        assert file.writable()
    finally:
        os.remove(path)
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
    connection.bind(ADDRESS)  # step [late]: raise
    try:
        assert connection.getsockname()[1] > 0
    finally:
        connection.close()
