"""A list, tuple or dictionary holds the files: closing its elements closes them, forgetting it forgets them."""

import os


def test_tuple_taken_apart():
    pair = open(os.devnull), 1
    file, _number = pair
    file.close()
    assert file.closed


def test_dictionary():
    files = {"log": open(os.devnull, "w")}
    try:
        assert files["log"].writable()
    finally:
        files["log"].close()


def test_dictionary_swept():
    files = {}
    try:
        for name in ["a", "b"]:
            files[name] = open(os.devnull)
        assert len(files) == 2
    finally:
        for file in files.values():
            file.close()


def test_dictionary_forgotten():
    files = {"log": open(os.devnull, "w")}  # expect: never-released
    assert files["log"].writable()


def test_list_of_two():
    files = [open(os.devnull)]
    try:
        assert files[0].read() == ""
    finally:
        for file in files:
            file.close()


def test_list_forgotten():
    files = [open(os.devnull)]  # expect: never-released
    assert files[0].read() == ""


def test_cleared_is_not_closed():
    files = [open(os.devnull)]  # expect: never-released
    files.clear()
    assert not files


def test_list_swept_by_taking_out():
    files = [open(os.devnull)]
    try:
        assert files[0].read() == ""
    finally:
        while files:
            files.pop().close()
