"""A name that holds an open file is given another one: nobody can close the first any more."""

import socket
import tempfile


def test_second_page(tmp_path):
    page = open(tmp_path / "1", "w")  # expect: overwritten-while-held
    page = open(tmp_path / "2", "w")
    page.close()
    assert (tmp_path / "1").exists()


def test_reconnects():
    connection = socket.socket()  # expect: overwritten-while-held
    connection = socket.socket()
    with connection:
        assert connection.fileno() > 0


def test_closed_before_the_name_is_used_again(tmp_path):
    page = open(tmp_path / "1", "w")
    page.close()
    page = open(tmp_path / "2", "w")
    page.close()
    assert (tmp_path / "2").exists()


def test_old_folder_is_moved_to_another_name():
    with tempfile.TemporaryDirectory() as folder:
        first = folder
        folder = "other"
        assert first != folder
