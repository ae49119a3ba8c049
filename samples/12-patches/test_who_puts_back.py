"""An attribute is put back by the project's own manager, by what was registered with a stack, or from where its original is kept."""

import contextlib
import functools
import unittest

import clock

REGISTERED = []


def register(call, *args):
    REGISTERED.append((call, args))


@contextlib.contextmanager
def in_winter():
    known = clock.zone
    try:
        yield known
    finally:
        clock.zone = known


class Summer:
    def __enter__(self):
        self.known = clock.zone

    def __exit__(self, *failure):
        clock.zone = self.known


def counted(function):
    @functools.wraps(function)
    def wrapper():
        wrapper.calls += 1
        return function()

    wrapper.calls = 0
    return wrapper


class Fake:
    step = 1


class TestWhoPutsBack(unittest.TestCase):
    def tearDown(self):
        for call, args in reversed(REGISTERED):
            call(*args)
        REGISTERED.clear()

    def test_generator(self):
        with in_winter():
            clock.zone = lambda: "CET"
            self.assertEqual("CET", clock.zone())

    def test_manager_of_a_class(self):
        with Summer():
            clock.zone = lambda: "CEST"
            self.assertEqual("CEST", clock.zone())

    def test_registered_by_name(self):
        register(setattr, clock, "zone", clock.zone)
        clock.zone = lambda: "CET"
        self.assertEqual("CET", clock.zone())

    def test_decorated(self):
        clock.now = counted(clock.now)
        try:
            self.assertIsNotNone(clock.now())
        finally:
            clock.now = clock.now.__wrapped__

    def test_nothing_in_between_raises(self):
        known = clock.now
        clock.now = lambda: 5
        fake = Fake()
        clock.now = known
        self.assertEqual(1, fake.step)

    def test_own_fake(self):
        Fake.step = 2
        self.assertEqual(2, Fake.step)
        Fake.step = 1

    def test_for_good(self):
        clock.zone = lambda: "UTC"  # expect: stub-not-restored
        self.assertEqual("UTC", clock.zone())


if __name__ == "__main__":
    unittest.main()
