"""Whether something is open is said by a flag or by the name itself: no path on which the two disagree exists."""

import os
import shutil
import socket
import socketserver
import tempfile

import pytest


@pytest.mark.parametrize("wanted", [False, True])
def test_name_is_none(wanted):
    connection = None
    try:
        if wanted:
            connection = socket.socket()
        assert (connection is not None) == wanted
    finally:
        if connection:
            connection.close()


@pytest.mark.parametrize("keep", [False, True])
def test_parameter_decides_twice(keep, tmp_path):
    folder = tempfile.mkdtemp() if not keep else str(tmp_path)
    try:
        assert os.listdir(folder) == []
    finally:
        if not keep:
            shutil.rmtree(folder)


def test_flag_set_after_the_acquisition():
    is_open = False
    connection = None
    try:
        connection = socket.socket()
        is_open = True
        assert connection.fileno() > 0
    finally:
        if is_open:
            connection.close()


def test_closed_unless_closed_already():
    file = open(os.devnull)
    try:
        assert file.read() == ""
        file.close()
    finally:
        if not file.closed:
            file.close()


def test_the_part_that_holds_it_is_there():
    server = socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler)
    try:
        assert server.fileno() > 0
    finally:
        if server.socket is not None:
            server.server_close()
