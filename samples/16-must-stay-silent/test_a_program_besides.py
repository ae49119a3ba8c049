"""A file that is also a program: what the program has open lives until its process ends. What it leaves on the disk stays."""

import os
import socket
import sys
import tempfile


def main():
    log = open(os.devnull, "w")
    server = socket.create_server(("127.0.0.1", 0))
    log.write(f"{server.getsockname()}\n")
    sys.exit(3)


def prepare():
    folder = tempfile.mkdtemp()  # expect: never-released
    print(folder)


def connect():
    return socket.create_server(("127.0.0.1", 0))


def remember():
    log = open(os.devnull)  # expect: never-released
    assert log.read() == ""


def test_connect():
    with connect() as server:
        assert server.fileno() > 0
    remember()


if __name__ == "__main__":
    prepare()
    remember()
    main()
