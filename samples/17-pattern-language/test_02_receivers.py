"""`take` means a pallet only on a warehouse: a receiver has a type by its name, its constructor, its annotation, its fixture or its class."""

import harbour
import pytest


@pytest.fixture
def storehouse():
    return harbour.somewhere


def test_by_how_it_is_written():
    harbour.warehouse.take()  # expect: never-released


def test_by_what_made_it():
    client = harbour.connect("warehouse")
    client.take()  # expect: never-released


def test_another_literal_makes_another_client():
    client = harbour.connect("office")
    client.take()


def test_by_the_fixture(storehouse):
    storehouse.take()  # expect: never-released


def take_one(place: harbour.Warehouse):
    pallet = place.take()  # ledger: pallet released
    place.put_back(pallet)


class TestByItsClass(harbour.PortCase):
    depot = harbour.depot

    def test_depot(self):
        self.depot.take()  # expect: never-released


class TestElsewhere:
    depot = harbour.depot

    def test_depot(self):
        self.depot.take()
