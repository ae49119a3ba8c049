"""The base class drops what bears its prefix; a queue with another name is the test's own to drop."""

from broker_case import BrokerCase


class TestSwept(BrokerCase):
    def test_with_the_prefix(self):
        self.admin.declare_queue(self.prefix + "orders")  # ledger: queue managed
        self.assertEqual([f"{self.prefix}orders"], self.admin.queues())

    def test_with_the_prefix_in_a_name(self):
        name = f"{self.prefix}orders"
        self.admin.declare_queue(name)  # ledger: queue managed
        self.assertEqual(0, self.admin.depth(name))

    def test_without_the_prefix(self):
        self.admin.declare_queue("orders")  # expect: leak-on-failure
        self.assertEqual(0, self.admin.depth("orders"))
        self.admin.drop_queue("orders")

    def test_a_channel_is_no_queue(self):
        channel = self.pool.lease()  # expect: leak-on-failure
        self.assertIsNotNone(channel.number)
        self.pool.give_back(channel)
