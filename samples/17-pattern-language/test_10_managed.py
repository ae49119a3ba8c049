"""Where a base class, a decorator, a manager or a fixture takes care of a kind, the test need not."""

import unittest

import harbour
import pytest


class TestUnderTheBaseClass(harbour.QuietCase):
    def test_net(self):
        harbour.cast_net()  # ledger: net managed

    def test_what_it_does_not_care_for(self):
        harbour.cast_line()  # expect: never-released


def with_crew(test):
    return test


harbour.with_crew = with_crew


@harbour.with_crew
def test_under_a_decorator():
    harbour.cast_net()  # ledger: net managed
    harbour.cast_line()  # ledger: line managed


def test_inside_a_manager():
    with harbour.shift():
        harbour.cast_net()  # ledger: net managed
    harbour.cast_net()  # expect: never-released


@pytest.fixture
def crew():
    return harbour.crew


def test_with_a_fixture(crew):
    harbour.cast_net()  # ledger: net managed


@pytest.mark.usefixtures("crew")
class TestMarkedWithAFixture:
    def test_net(self):
        harbour.cast_net()  # ledger: net managed
        harbour.cast_line()  # expect: never-released


class NightShift(harbour.Shift):
    """What a library's manager takes care of, the project's own subclass does too."""


def test_inside_a_shift_of_its_own():
    shift = NightShift()
    with shift:
        harbour.cast_net()  # ledger: net managed
        harbour.cast_line()  # expect: never-released


class DoubleShift(harbour.Shift):
    """With an end of its own it is another manager."""

    def __exit__(self, *exception):
        return None


def test_inside_a_shift_that_ends_otherwise():
    with DoubleShift():
        harbour.cast_net()  # expect: never-released


class TestWithAShiftOfItsOwn(unittest.TestCase):
    def setUp(self):
        self.prepare()

    def prepare(self):
        self.enterContext(NightShift())

    def test_net(self):
        harbour.cast_net()  # ledger: net managed
        harbour.cast_line()  # expect: never-released
