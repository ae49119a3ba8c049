"""An attribute that the module neither has nor asks for has no original: nothing is kept from later tests."""

import sys
import unittest
from unittest import mock

import clock


def test_attribute_of_an_earlier_version():
    clock._TIMER = mock.Mock()
    assert clock.now()


def test_attribute_that_is_there():
    clock.now = mock.Mock()  # expect: stub-not-restored
    assert clock.now()


def test_attribute_that_is_taken_away_before():
    try:
        del clock.latest
    except AttributeError:
        pass
    clock.latest = 12
    assert clock.latest == 12


class TestAttributeOfItsOwn(unittest.TestCase):
    def test_taken_away_again(self):
        clock.summer = mock.Mock()  # expect: stub-not-restored "takes it away"
        self.assertTrue(clock.now())
        del clock.summer

    def test_back_or_away(self):
        clock = sys.modules["clock"]
        if "ring" in vars(clock.Alarm):
            old = clock.Alarm.ring
        else:
            old = None
        try:
            clock.Alarm.ring = fake_now
            self.assertTrue(clock.Alarm.ring())
        finally:
            if old is None:
                del clock.Alarm.ring
            else:
                clock.Alarm.ring = old


def fake_now():
    return 1
