"""A base class in another file opens, closes and registers; a subclass that forgets super() cuts it off."""

import os

import log_case
from log_case import LogCase


class TestUsesBase(LogCase):
    def test_log(self):
        self.assertTrue(self.log.writable())

    def test_second_log(self):
        other = self.open_again()
        self.assertTrue(other.writable())


class TestExtendsBase(LogCase):
    def setUp(self):
        super().setUp()
        self.name = self.log.name

    def tearDown(self):
        self.name = None
        super().tearDown()

    def test_name(self):
        self.assertEqual(os.devnull, self.name)


class TestForgetsSuper(LogCase):
    def tearDown(self):  # expect: missing-super-call
        self.name = None

    def test_log(self):
        self.assertTrue(self.log.writable())


class TestByModule(log_case.LogCase):
    def test_log(self):
        self.assertTrue(self.log.writable())
