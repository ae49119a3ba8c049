"""A patch on an object that the test has made goes with that object; one on a class or a module does not."""

import unittest
from unittest import mock

import clock


class Watch:
    def zone(self):
        return clock.zone()

    def now(self):
        return clock.now()


class TestWatch(unittest.TestCase):
    def setUp(self):
        self.watch = Watch()

    def test_own_object(self):
        watch = Watch()
        patcher = mock.patch.object(watch, "zone", return_value="CET")
        patcher.start()
        self.assertEqual("CET", watch.zone())
        patcher.stop()

    def test_own_object_in_a_helper(self):
        self.stop_watch(Watch())
        self.stop_watch(self.watch)

    def stop_watch(self, watch):
        mock.patch.object(watch, "now", return_value=5).start()
        self.assertEqual(5, watch.now())

    def test_class_in_a_helper(self):
        self.stop_all(Watch)

    def stop_all(self, kind):
        mock.patch.object(kind, "now", return_value=5).start()  # expect: never-released
        self.assertEqual(5, kind().now())

    def test_saved_and_put_back_for_the_next_step(self):
        real = self.watch.now
        self.watch.now = lambda: 5
        self.assertEqual(5, self.watch.now())
        self.watch.now = real
        self.assertIsNotNone(self.watch.now)

    def test_class(self):
        patcher = mock.patch.object(Watch, "zone", return_value="CET")  # expect: leak-on-failure
        patcher.start()
        self.assertEqual("CET", self.watch.zone())
        patcher.stop()


class TestBeginsWithNothing(unittest.TestCase):
    def setUp(self):
        clock.cached = None

    def test_cached(self):
        self.assertIsNone(clock.cached)


class TestWhatAMockReturns(unittest.TestCase):
    def setUp(self):
        patcher = mock.patch.object(clock, "zone")
        patcher.start()
        self.addCleanup(patcher.stop)

    def test_zone(self):
        clock.zone.return_value = "CET"
        self.assertEqual("CET", clock.zone())
