"""A helper opens and returns: the test that called it has to close."""

import os
import shutil
import tempfile

import opening
from opening import as_dictionary, connected, opened, opened_twice


def open_in_this_file():
    return open(os.devnull)


def test_never_closed():
    file = opened()  # expect: never-released [never]
    assert file.read() == ""


def test_never_closed_by_module():
    file = opening.opened()  # expect: never-released
    assert file.read() == ""


def test_closed_after_an_assertion():
    file = open_in_this_file()  # expect: leak-on-failure [failure]
    assert file.read() == ""  # step [failure]: raise
    file.close()


def test_one_of_two():
    reading, writing = opened_twice()  # expect: never-released
    reading.close()
    assert writing.writable()


def test_in_a_dictionary():
    made = as_dictionary()  # expect: leak-on-failure
    assert os.listdir(made["folder"]) == []
    shutil.rmtree(made["folder"])


def named_only():
    file = tempfile.NamedTemporaryFile()  # expect: never-released "temporary file file"
    assert file.name.startswith("/")
    return file.name


def test_named_only():
    assert not os.path.isdir(named_only())


def test_closed_with():
    with opened() as file, connected() as connection:
        assert file.read() == ""
        assert connection.fileno() > 0


def test_closed_finally():
    made = as_dictionary()
    try:
        assert os.listdir(made["folder"]) == []
    finally:
        shutil.rmtree(made["folder"])
