"""A teardown that takes what the tests have collected out of the list, one after the other."""

import os
import unittest


class TestCollected(unittest.TestCase):
    def setUp(self):
        self.opened = []

    def tearDown(self):
        while self.opened:
            self.opened.pop().close()

    def open(self):
        file = open(os.devnull)
        self.opened.append(file)
        return file

    def test_one(self):
        file = self.open()
        self.assertEqual("", file.read())

    def test_two(self):
        for _ in range(2):
            self.open()
        self.assertEqual(2, len(self.opened))

    def test_not_collected(self):
        file = open(os.devnull)  # expect: never-released
        self.assertEqual("", file.read())


class TestOnlyTheLast(unittest.TestCase):
    def setUp(self):
        self.opened = []

    def tearDown(self):
        self.opened.pop()

    def test_taken_out_and_forgotten(self):
        self.opened.append(open(os.devnull))  # expect: overwritten-while-held
        self.assertEqual(1, len(self.opened))
