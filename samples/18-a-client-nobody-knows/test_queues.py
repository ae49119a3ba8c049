"""Queues are declared and dropped by name: the same name is the same queue, however the test comes by it."""

import unittest

import postbox
import pytest


def test_the_assertion_stands_before_the_drop(admin):
    admin.declare_queue("orders")  # expect: leak-on-failure [drop] "queue"
    assert admin.depth("orders") == 0  # step [drop]: raise
    admin.drop_queue("orders")


def test_another_queue_is_dropped(admin):
    admin.declare_queue("orders")  # expect: never-released
    admin.declare_queue("invoices")  # ledger: queue released
    admin.drop_queue("invoices")


def test_purging_drops_nothing(admin):
    name = "orders-of-today"
    admin.declare_queue(name)  # expect: never-released
    admin.purge_queue(name)


def test_the_name_in_a_variable_and_as_a_keyword(admin):
    name = f"orders-{id(admin)}"
    admin.declare_queue(name=name, durable=True)  # ledger: queue released
    try:
        assert admin.depth(name) == 0
    finally:
        admin.drop_queue(name)


def test_the_name_among_options(admin):
    options = {"name": "orders", "durable": True}
    admin.declare_queue(**options)  # ledger: queue released
    admin.drop_queue("orders")


def test_a_queue_that_is_refused(admin):
    with pytest.raises(postbox.Refused):
        admin.declare_queue("amq.orders")


def test_the_fixture_drops_it(admin, inbox):
    assert admin.depth(inbox) == 0


def test_the_other_fixture_drops_it(admin, fragile_inbox):
    assert admin.depth(fragile_inbox) == 0


class TestCleanups(unittest.TestCase):
    def test_registered_at_once(self):
        admin = postbox.Admin()
        admin.declare_queue("orders")  # ledger: queue managed
        self.addCleanup(admin.drop_queue, "orders")
        self.assertEqual(0, admin.depth("orders"))

    def test_registered_too_late(self):
        admin = postbox.Admin()
        admin.declare_queue("orders")  # expect: late-registration
        self.assertEqual(0, admin.depth("orders"))
        self.addCleanup(admin.drop_queue, "orders")


def test_a_name_that_is_put_together_twice(admin):
    day = "today"
    admin.declare_queue(f"orders-of-{day}")  # ledger: queue released
    admin.drop_queue("orders-of-" + day)


def test_a_name_that_nobody_keeps(admin):
    admin.declare_queue(f"orders-{id(admin)}")  # expect: never-released
