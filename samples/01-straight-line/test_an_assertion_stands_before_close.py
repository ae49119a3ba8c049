"""An assertion between open and close: the file stays open when the test fails."""

import socket
import sqlite3


def test_total(tmp_path):
    (tmp_path / "total").write_text("3")
    file = open(tmp_path / "total")  # expect: leak-on-failure [total]
    assert file.read() == "3"  # step [total]: raise
    file.close()


def test_row_count():
    connection = sqlite3.connect(":memory:")  # expect: leak-on-failure
    rows = connection.execute("select 1").fetchall()
    assert len(rows) == 1
    connection.close()


def test_port_is_given():
    listener = socket.socket()  # expect: leak-on-failure
    listener.bind(("127.0.0.1", 0))
    assert listener.getsockname()[1] > 0
    listener.close()
