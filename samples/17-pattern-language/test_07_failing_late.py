"""`book_voyage(wait=True)` raises when the ship is late, and the voyage is booked all the same: only its name is left of it."""

import harbour


def test_it_waits():
    name = harbour.unique("to Crete")
    voyage = harbour.book_voyage(name=name, wait=True)  # expect: leak-on-failure
    harbour.cancel_voyage(voyage)


def test_it_does_not_wait():
    name = harbour.unique("to Crete")
    voyage = harbour.book_voyage(name=name)  # ledger: voyage released
    harbour.cancel_voyage(voyage)


def test_cancelled_by_its_name():
    name = harbour.unique("to Crete")
    try:
        harbour.book_voyage(name=name, wait=True)  # ledger: voyage released
    finally:
        harbour.cancel_voyage(name)
