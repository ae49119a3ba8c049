"""A purchase that must be refused buys nothing; a stopwatch closes nothing; who wastes on purpose is not told."""

import harbour


class TestRefused(harbour.PortCase):
    def test_under_assert_raises(self):
        with self.assertRaises(harbour.Busy):
            harbour.busy_office.buy_ticket()

    def test_not_under_it(self):
        harbour.office.buy_ticket()  # expect: never-released


def test_under_a_manager_of_the_project():
    with harbour.refused():
        harbour.office.buy_ticket()


def test_wasted_on_purpose():
    with harbour.wasting():
        harbour.office.buy_ticket()


def test_a_manager_that_releases_nothing():
    ticket = harbour.office.buy_ticket()  # expect: never-released
    with harbour.stopwatch(ticket):
        pass


def test_a_manager_that_releases_what_it_is_given():
    ticket = harbour.office.buy_ticket()  # ledger: ticket managed
    with harbour.with_care(ticket):
        assert ticket


def test_a_manager_that_may_let_an_exception_through():
    ticket = harbour.office.buy_ticket()  # expect: leak-on-failure
    with harbour.whatever_happens():
        harbour.look(ticket.number)
    harbour.office.return_ticket(ticket)
