"""A base class in another file: its tearDown closes what its setUp opened."""

import os
import unittest


class LogCase(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.log = open(os.devnull, "w")

    def tearDown(self):
        self.log.close()
        super().tearDown()

    def open_again(self):
        """Opens another log, closed with the test."""
        other = open(os.devnull, "w")
        self.addCleanup(other.close)
        return other
