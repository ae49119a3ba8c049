"""Some managers do something else on the way out than close: commit, swallow, redirect, nothing."""

import contextlib
import os
import sqlite3
import sys


def test_a_connection_commits():
    with sqlite3.connect(":memory:") as connection:  # expect: never-released
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_connection_closed_after_it_commits():
    connection = sqlite3.connect(":memory:")
    try:
        with connection:
            connection.execute("create table t (a)")
        assert connection.total_changes == 0
    finally:
        connection.close()


def test_nullcontext_does_nothing(tmp_path):
    with contextlib.nullcontext(open(tmp_path / "data", "w")) as file:  # expect: never-released
        assert file.writable()


def test_redirected_output_stays_open(tmp_path):
    with contextlib.redirect_stdout(open(tmp_path / "out", "w")):  # expect: never-released
        print("x")
        assert sys.stdout is not sys.__stdout__


def test_redirected_and_closed(tmp_path):
    with open(tmp_path / "out", "w") as file, contextlib.redirect_stdout(file):
        print("x")
    assert (tmp_path / "out").read_text() == "x\n"


def test_swallowed_before_close(tmp_path):
    file = open(tmp_path / "data", "w")  # expect: never-released [swallowed]
    with contextlib.suppress(ValueError):
        int("three")
        file.close()
    assert os.listdir(tmp_path) == ["data"]


def test_swallowed_and_closed_after(tmp_path):
    with open(tmp_path / "data", "w") as file:
        with contextlib.suppress(ValueError):
            file.write(int("three"))
    assert file.closed


def test_too_late_for_with(tmp_path, request):
    file = open(tmp_path / "data", "w")  # expect: leak-on-failure [late]
    file.write(request.node.name)  # step [late]: raise
    with file:
        assert file.writable()
