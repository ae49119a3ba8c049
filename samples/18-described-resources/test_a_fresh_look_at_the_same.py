"""A name that is given a fresh look at what it named still names the same server."""

import unittest

from cloud import Client


class TestServer(unittest.TestCase):
    def setUp(self):
        self.api = Client()

    def test_looked_at_again(self):
        server = self.api.create_server("one")
        server = self.api.get_server(server["id"])
        self.addCleanup(self.api.delete_server, server["id"])
        self.assertEqual("ACTIVE", server["status"])

    def test_deleted_after_the_second_look(self):
        server = self.api.create_server("two")
        try:
            server = self.api.get_server(server["id"])
            self.assertEqual("ACTIVE", server["status"])
        finally:
            self.api.delete_server(server["id"])

    def test_never_deleted(self):
        server = self.api.create_server("three")  # expect: never-released
        server = self.api.get_server(server["id"])
        self.assertEqual("ACTIVE", server["status"])

    def test_another_server(self):
        server = self.api.create_server("four")  # expect: overwritten-while-held
        server = self.api.create_server("five")
        self.addCleanup(self.api.delete_server, server["id"])
        self.assertEqual(server, self.api.list_servers()[-1])

    def test_deleted_by_the_second_look(self):
        server = self.api.create_server("six")  # ledger: server released
        again = self.api.get_server(server["id"])
        self.api.delete_server(again["id"])

    def test_the_first_of_those_found(self):
        server = self.api.create_server("seven")  # ledger: server managed
        server = self.api.find_servers(server["id"])[0]
        self.addCleanup(self.api.delete_server, server["id"])
        self.assertEqual("seven", server["id"])
