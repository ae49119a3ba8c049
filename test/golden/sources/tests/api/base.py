import unittest

from tests.api import cloud


class ApiTest(unittest.TestCase):
    """Tests that talk to a real cloud."""

    def setUp(self):
        super().setUp()
        self.api = cloud.connect()
        self.keypair = self.api.create_keypair("tests")
        self.network = self.api.create_network("tests")
        self.addCleanup(self.api.delete_network, self.network["id"])

    def tearDown(self):
        self.api.delete_keypair(self.keypair["name"])
        super().tearDown()

    def wait_for(self, server, state):
        for _ in range(60):
            if self.api.show_server(server["id"])["status"] == state:
                return server
        raise TimeoutError(state)
