"""The class's cleanup finds by their names what its helpers have made, also what a helper has lost."""

import unittest

from cloud import Client


class TestSwept(unittest.TestCase):
    def setUp(self):
        self.api = Client()
        self.addCleanup(self.remove_all)

    def remove_all(self):
        for server in self.api.list_servers():
            self.api.delete_server(server["id"])

    def made_two(self):
        first = self.api.create_server("swept-1")  # ledger: server managed
        self.assertEqual("swept-1", first["id"])
        return self.api.create_server("swept-2")

    def test_two(self):
        self.assertEqual("swept-2", self.made_two()["id"])


class TestNotSwept(unittest.TestCase):
    def setUp(self):
        self.api = Client()

    def made_two(self):
        self.api.create_server("kept-1")  # expect: never-released
        return self.api.create_server("kept-2")

    def test_two(self):
        second = self.made_two()
        self.addCleanup(self.api.delete_server, second["id"])
        self.assertEqual("kept-2", second["id"])
