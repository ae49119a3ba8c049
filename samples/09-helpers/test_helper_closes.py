"""A helper closes what it is given: always, never, or on one path only."""

import functools
import os
import sched

from opening import close, close_all, closed_if_open, closed_with_a_label, first_line, give_up, written


def test_closed_by_a_helper():
    file = open(os.devnull)
    try:
        assert first_line(file) == ""
    finally:
        close(file)


def test_closed_if_open():
    file = open(os.devnull)
    try:
        assert file.readable()
    finally:
        closed_if_open(file)


def test_all_closed():
    files = [open(os.devnull)]
    try:
        assert len(files) == 1
    finally:
        close_all(files)


def test_closed_by_its_name_among_others():
    later = sched.scheduler()
    file = open(os.devnull)
    closed_with_a_label(later, file=file)
    later.run()
    assert file.closed


def test_handed_to_somebody_who_closes_it_later():
    later = sched.scheduler()
    file = open(os.devnull)
    later.enter(0, 1, functools.partial(close, file))
    later.run()
    assert file.closed


def test_helper_only_reads():
    file = open(os.devnull)  # expect: never-released
    assert first_line(file) == ""


def test_helper_gives_back_what_it_was_given():
    file = open(os.devnull, "w")  # expect: never-released
    same = written(file)
    assert same is file


def test_closed_under_the_name_the_helper_gave_back():
    with written(open(os.devnull, "w")) as file:  # expect: leak-on-failure
        assert file.writable()


def test_helper_never_returns():
    file = open(os.devnull)  # expect: leak-on-failure
    if os.name == "nt":
        give_up("not here")
    file.close()
