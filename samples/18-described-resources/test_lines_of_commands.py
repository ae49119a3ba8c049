"""A line of a command says what is made and what is removed, also where a hook runs it, or the line has a name of its own."""

import unittest

from cloud import Client


class TestLines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.api = Client()
        cls.api.run("tent create green")

    @classmethod
    def tearDownClass(cls):
        cls.api.run("tent delete green")

    def test_under_a_name(self):
        self.api.run("--version 2 stove create {}".format("small"))
        line = "stove delete %s" % "small"
        self.assertEqual("small", self.api.run(line))

    def test_another_kind(self):
        made = self.api.run("rope create long")  # expect: never-released "rope of a line made"
        self.assertEqual("long", made)
