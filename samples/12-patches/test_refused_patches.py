"""A replacement that is expected to be refused is none; one before the step that is expected to fail stays."""

import calendar
import datetime

import pytest


def test_the_class_takes_no_replacement():
    with pytest.raises(TypeError):
        datetime.date.today = lambda: None


def test_something_else_fails():
    with pytest.raises(ValueError):
        calendar.leapdays = lambda first, last: 0  # expect: stub-not-restored
        calendar.weekheader(None or int("x"))
