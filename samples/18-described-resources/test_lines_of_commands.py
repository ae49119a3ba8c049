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

    def made(self, name):
        self.assertEqual(name, self.api.run("peg create " + name))  # expect: late-registration
        self.assertTrue(name.isalpha())
        self.addCleanup(self.api.run, "peg delete " + name)
        return name

    def test_a_helper_registers(self):
        self.assertEqual("iron", self.made("iron"))

    def left_to_others(self, name):
        self.api.run("lamp create " + name)
        return name

    def test_the_caller_removes(self):
        self.api.run("lamp delete " + self.left_to_others("dim"))

    def test_another_kind(self):
        made = self.api.run("rope create long")  # expect: never-released "rope of a line made"
        self.assertEqual("long", made)
