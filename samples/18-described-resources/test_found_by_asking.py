"""What was made may be found again by asking for a list of all there are: what a loop over the answer deletes may be it."""

import unittest

from cloud import Client


class TestFound(unittest.TestCase):
    def setUp(self):
        self.api = Client()

    def test_all_that_are_there(self):
        self.api.create_server("six")
        for server in self.api.list_servers():
            self.api.delete_server(server["id"])

    def test_picked_from_all(self):
        self.api.create_server("seven")
        found = {server["id"]: server for server in self.api.list_servers()}
        for server in found.values():
            self.api.delete_server(server["id"])

    def test_two_others(self):
        self.api.create_server("eight")  # expect: never-released
        for name in ("nine", "ten"):
            server = self.api.create_server(name)
            self.api.delete_server(server["id"])
