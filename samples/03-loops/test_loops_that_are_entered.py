"""A loop over something that is written out, or over a range of a number, is entered: what its body does has been done after it."""

import os


def test_written_out():
    log = open(os.devnull)
    for name in ("a", "b"):
        log.close()
        assert name


def test_a_range():
    log = open(os.devnull)
    for _ in range(3):
        log.close()
    assert log.closed


def test_a_name_for_it():
    log = open(os.devnull)
    names = ("a", "b")
    for name in names:
        log.close()
        assert name


def test_it_may_be_empty(tmp_path):
    log = open(os.devnull)  # expect: never-released
    for line in tmp_path.iterdir():
        log.close()
        assert line


def test_written_out_and_emptied():
    log = open(os.devnull)  # expect: never-released
    lines = ["a", "b"]
    lines.clear()
    for name in lines:
        log.close()
        assert name


def test_made_in_the_loop():
    for name in ("a", "b"):
        log = open(os.devnull)  # expect: leak-on-failure "when the assertion on line 47 fails"
        assert name
        log.close()


def test_up_to_a_length(tmp_path):
    log = open(os.devnull)  # expect: never-released
    lines = list(tmp_path.iterdir())
    for at in range(1, len(lines)):
        log.close()
        assert lines[at]


def test_written_out_and_deleted():
    log = open(os.devnull)  # expect: never-released
    lines = ["a"]
    del lines[0]
    for name in lines:
        log.close()
        assert name


def test_written_out_and_cut():
    log = open(os.devnull)  # expect: never-released
    lines = ["a", "b"]
    lines[:] = []
    for name in lines:
        log.close()
        assert name


NAMES = ["a", "b"]


def forget():
    global NAMES
    NAMES = []


def test_another_function_gives_it_another_value():
    forget()
    log = open(os.devnull)  # expect: never-released
    for name in NAMES:
        log.close()
        assert name


def shortened():
    kinds = ["c", "d"]
    kinds.remove("c")
    return kinds


def test_another_variable_of_that_name_is_cut():
    kinds = ["a", "b"]
    log = open(os.devnull)
    for kind in kinds:
        log.close()
        assert kind
