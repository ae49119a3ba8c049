"""What the patterns for queues and channels find, and what they leave alone. Run by `campsite config test`."""

import unittest

import postbox


def test_forgotten(admin):
    admin.declare_queue("orders")  # expect: leak-on-failure [a] "queue"
    assert admin.depth("orders") == 0  # step [a]: raise
    admin.drop_queue("orders")


def test_dropped(admin):
    admin.declare_queue(name="orders")  # ledger: queue released
    admin.drop_queue("orders")


def test_a_channel_of_the_pool():
    spares = postbox.Pool(1)
    channel = spares.lease()  # expect: never-released "channel"
    assert channel.publish("orders", "one")


def test_a_lease_of_something_else(house):
    house.lease()


class Swept(unittest.TestCase):
    def setUp(self):
        self.admin = postbox.Admin()
        self.prefix = "checks-"
        self.addCleanup(self.sweep)

    def sweep(self):
        """Drops what begins with the prefix."""

    def test_prefix(self):
        self.admin.declare_queue(self.prefix + "orders")  # ledger: queue managed

    def test_other_name(self):
        self.admin.declare_queue("orders")  # expect: never-released
