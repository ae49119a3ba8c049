"""Each server that a look-up finds is waited for: there is one at least, or nothing would have been started."""

import unittest

from cloud import Client


class TestBuild(unittest.TestCase):
    def setUp(self):
        self.api = Client()

    def test_waits_for_each(self):
        self.api.start_server("six")  # ledger: build released
        for server in self.api.list_servers():
            self.api.wait_for_server(server)

    def test_waits_for_none(self):
        self.api.start_server("seven")  # expect: work-in-flight
        for server in self.api.list_servers():
            self.assertTrue(server["id"])
