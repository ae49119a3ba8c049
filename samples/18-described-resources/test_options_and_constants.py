"""Keys that are named elsewhere, cleanups that hang on a setting of the run."""

import unittest

import settings
from cloud import ID, Client


class TestNamedKeys(unittest.TestCase):
    def setUp(self):
        self.api = Client()

    def test_the_key_is_a_constant(self):
        server = self.api.create_server("named")
        self.addCleanup(self.api.delete_server, server[ID])
        self.assertEqual("named", server[ID])


class TestSettings(unittest.TestCase):
    def setUp(self):
        if not settings.CLOUD.is_there:
            self.skipTest("no cloud")
        self.api = Client()
        self.server = self.api.create_server("set")

    def tearDown(self):
        if settings.CLOUD.is_there:
            self.api.delete_server(self.server["id"])

    def test_there(self):
        self.assertEqual("set", self.server["id"])


class WhereThereIsACloud(unittest.TestCase):
    def setUp(self):
        self.api = Client()
        self.servers = []

    def tearDown(self):
        if settings.CLOUD.is_there:
            for server in self.servers:
                self.api.delete_server(server["id"])


class TestSettingsOfABase(WhereThereIsACloud):
    def tearDown(self):
        super().tearDown()
        self.assertIsNotNone(self.api)

    def test_there(self):
        self.servers.append(self.api.create_server("based"))
        self.assertEqual(1, len(self.servers))
