"""What is returned, yielded, kept in an owner or given away is somebody else's to give back; what is kept in a collection stays one's own."""

import harbour
import pytest


def launched():
    return harbour.launch()  # ledger: ship transferred


def test_who_gets_it_answers_for_it():
    ship = launched()  # expect: never-released
    assert ship


@pytest.fixture
def ship():
    ship = harbour.launch()  # ledger: ship released
    yield ship
    ship.scrap()


def test_the_fixture_answers_for_it(ship):
    assert ship


def test_the_owner_releases_its_parts():
    ship = harbour.launch()  # ledger: ship released
    harbour.Boat(ship)  # ledger: boat released
    ship.scrap()


def test_the_receiver_keeps_it():
    ship = harbour.launch()  # ledger: ship released
    ship.hoist()
    ship.scrap()


def test_given_away():
    mast = harbour.Mast()  # ledger: mast transferred
    mast.give_away()


def test_a_method_that_returns_the_thing_itself():
    mast = harbour.Mast()  # ledger: mast released
    try:
        painted = mast.paint("red")
    finally:
        mast.fell()
    assert painted


class TestCollection(harbour.PortCase):
    def setUp(self):
        self.ships = []

    def tearDown(self):
        for ship in self.ships:
            ship.scrap()

    def test_swept_in_the_teardown(self):
        self.ships.append(harbour.launch())  # ledger: ship released
