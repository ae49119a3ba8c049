"""`patch.stopall` in a cleanup or a teardown takes every patch that a test, its hooks or its helpers have started, named or not."""

import unittest
from unittest import mock

import clock
import frozen


class StopsAll(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(mock.patch.stopall)
        self.set_zone()

    def set_zone(self):
        mock.patch.object(clock, "zone", return_value="CET").start()

    def freeze(self):
        patcher = mock.patch.object(clock, "now", return_value=5)
        patcher.start()
        return 5

    def test_started_in_the_test(self):
        mock.patch("clock.now", return_value=5).start()
        self.assertEqual(5, clock.now())

    def test_started_by_a_helper(self):
        self.assertEqual(self.freeze(), clock.now())

    def test_started_by_a_helper_of_another_module(self):
        frozen.freeze(5)
        self.assertEqual(5, clock.now())


class TestTeardown(unittest.TestCase):
    def tearDown(self):
        mock.patch.stopall()

    def test_started_in_the_test(self):
        mock.patch("clock.now", return_value=5).start()
        self.assertEqual(5, clock.now())


class TestFrozenMixin:
    """Written for a test case: what runs around its tests is that class's, not pytest's."""

    def setUp(self):
        super().setUp()
        mock.patch.object(clock, "now", return_value=5).start()

    def test_frozen(self):
        mock.patch("clock.zone", return_value="UTC").start()
        assert clock.zone() == "UTC"


class TestFrozen(TestFrozenMixin, StopsAll):
    def setUp(self):
        super().setUp()
        self.seconds = 5


class TestNobodyStops(unittest.TestCase):
    def setUp(self):
        super().setUp()
        mock.patch.object(clock, "zone", return_value="CET").start()  # expect: never-released

    def test_zone(self):
        self.assertEqual("CET", clock.zone())


class ZoneBase(unittest.TestCase):
    """What its hook drops it drops for all that extend it."""

    def setUp(self):
        super().setUp()
        mock.patch.object(clock, "zone", return_value="CET").start()  # expect: never-released


class TestZone(ZoneBase):
    def setUp(self):
        super().setUp()
        self.known = "CET"

    def test_zone(self):
        self.assertEqual(self.known, clock.zone())


class QuietBase(unittest.TestCase):
    """A base class for other modules: its hook starts a patch for good."""

    def setUp(self):
        super().setUp()
        self.quiet()

    def quiet(self):
        patcher = mock.patch.dict(clock.SETTINGS, format="quiet")  # expect: never-released
        patcher.start()


if __name__ == "__main__":
    unittest.main()
