"""The base class of tests with a broker: what bears its prefix is dropped at the end of the test, whatever happens."""

import unittest

import postbox


class BrokerCase(unittest.TestCase):
    def setUp(self):
        self.admin = postbox.Admin()
        self.pool = postbox.Pool(2)
        self.prefix = "checks-"
        self.addCleanup(self.sweep)

    def sweep(self):
        for name in self.admin.queues():
            if name.startswith(self.prefix):
                self.admin.drop_queue(name)
