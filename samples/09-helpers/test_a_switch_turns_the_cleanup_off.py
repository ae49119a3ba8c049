"""A parameter of the helper says whether it registers the release; by default it does."""

import os
import unittest


class TestSwitch(unittest.TestCase):
    options = {"mode": "r"}

    def opened(self, mode="r", cleanup=True):
        file = open(os.devnull, mode)
        if cleanup:
            self.addCleanup(file.close)
        return file

    def opened_twice(self, cleanup=True):
        return self.opened(cleanup=cleanup), self.opened("r", cleanup)

    def test_by_default(self):
        self.assertTrue(self.opened().readable())

    def test_said(self):
        file = self.opened("w", cleanup=True)
        self.assertTrue(file.writable())

    def test_options_say_nothing_of_it(self):
        file = self.opened(**self.options)
        self.assertTrue(file.readable())

    def test_turned_off(self):
        file = self.opened(cleanup=False)  # expect: never-released
        self.assertTrue(file.readable())

    def test_handed_on(self):
        first, second = self.opened_twice()
        self.assertEqual(first.mode, second.mode)
