"""A flag of a class that gets the value of the class's own body is reset: there is no other original to put back."""

import unittest

import clock


class TestAlarm(unittest.TestCase):
    def setUp(self):
        clock.Alarm.is_silent = False

    def test_rings(self):
        clock.Alarm().ring()
        self.assertTrue(clock.Alarm.is_silent)


class TestSilence(unittest.TestCase):
    def setUp(self):
        clock.Alarm.is_silent = True  # expect: stub-not-restored

    def test_silent(self):
        self.assertTrue(clock.Alarm.is_silent)
