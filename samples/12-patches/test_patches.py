"""A patch that is started and not stopped is still there in the next test."""

import os
import unittest
from unittest import mock

import clock


class TestPatch(unittest.TestCase):
    def test_never_stopped(self):
        patcher = mock.patch("clock.zone", return_value="CET")  # expect: never-released
        patcher.start()
        self.assertEqual("CET", clock.zone())

    def test_stopped_after_an_assertion(self):
        patcher = mock.patch("clock.now", return_value=5)  # expect: leak-on-failure [assertion]
        patcher.start()
        self.assertEqual(5, clock.now())  # step [assertion]: raise
        patcher.stop()

    def test_registered_late(self):
        patcher = mock.patch("clock.now", return_value=5)  # expect: late-registration
        patcher.start()
        self.assertEqual(5, clock.now())
        self.addCleanup(patcher.stop)

    def test_registered(self):
        patcher = mock.patch("clock.now", return_value=5)
        patcher.start()
        self.addCleanup(patcher.stop)
        self.assertEqual(5, clock.now())

    def test_registered_before_it_starts(self):
        patcher = mock.patch.object(clock, "now", return_value=5)
        self.addCleanup(patcher.stop)
        patcher.start()
        self.assertEqual(5, clock.now())

    def test_all_stopped(self):
        self.addCleanup(mock.patch.stopall)
        mock.patch("clock.now", return_value=5).start()
        mock.patch.dict(clock.SETTINGS, format="long").start()
        self.assertEqual(5, clock.now())

    def test_finally(self):
        patcher = mock.patch("clock.now", return_value=5)
        patcher.start()
        try:
            self.assertEqual(5, clock.now())
        finally:
            patcher.stop()

    def test_with(self):
        with mock.patch("clock.now", return_value=5), mock.patch.dict(clock.SETTINGS, format="long"):
            self.assertEqual(5, clock.now())

    @mock.patch("clock.now", return_value=5)
    def test_decorated(self, now):
        self.assertEqual(5, clock.now())
        now.assert_called_once_with()

    def test_never_started(self):
        self.assertIsNotNone(mock.patch("clock.now"))


class TestSetUp(unittest.TestCase):
    def setUp(self):
        self.now = mock.patch("clock.now", return_value=5)  # expect: leak-on-setup-failure
        self.now.start()
        self.zone = clock.zone()

    def tearDown(self):
        self.now.stop()

    def test_now(self):
        self.assertEqual(5, clock.now())


@mock.patch("clock.zone", return_value="CET")
class TestClass(unittest.TestCase):
    def test_zone(self, zone):
        self.assertEqual("CET", clock.zone())
        zone.assert_called_once_with()


class TestStoppedOneAfterTheOther(unittest.TestCase):
    def setUp(self):
        self.first = mock.patch("os.getcwd", lambda: "first")
        self.second = mock.patch("os.getpid", lambda: 2)
        self.first.start()
        self.second.start()

    def tearDown(self):
        super().tearDown()
        self.first.stop()
        self.second.stop()

    def test_both(self):
        self.assertEqual("first", os.getcwd())
        self.assertEqual(2, os.getpid())
