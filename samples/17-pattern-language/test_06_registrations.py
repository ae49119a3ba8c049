"""A release that is handed over to run later counts from then on: whatever the order, through functions that call functions."""

import functools

import harbour


class TestAtTheEnd(harbour.PortCase):
    before_leaving = harbour.before_leaving
    on_departure = harbour.on_departure

    def test_with_its_arguments(self):
        anchor = harbour.drop_anchor()  # ledger: anchor managed
        self.before_leaving(harbour.weigh, anchor)
        assert anchor

    def test_an_indirection(self):
        anchor = harbour.drop_anchor()  # ledger: anchor managed
        self.before_leaving(harbour.quietly, harbour.weigh, anchor)

    def test_a_callable_that_is_made(self):
        anchor = harbour.drop_anchor()  # ledger: anchor managed
        self.before_leaving(functools.partial(harbour.weigh, anchor))

    def test_a_callable_that_another_makes(self):
        anchor = harbour.drop_anchor()  # ledger: anchor managed
        self.before_leaving(harbour.later(harbour.weigh, anchor))

    def test_a_nested_function(self):
        anchor = harbour.drop_anchor()  # ledger: anchor managed

        def leave():
            harbour.weigh(anchor)

        self.before_leaving(leave)

    def test_a_function_that_is_called_at_once(self):
        self.before_leaving(harbour.close())  # expect: cleanup-called-not-registered

    def test_too_late(self):
        anchor = harbour.drop_anchor()  # expect: late-registration
        assert anchor
        self.before_leaving(harbour.weigh, anchor)


class TestOfTheClass(harbour.PortCase):
    on_departure = harbour.on_departure

    @classmethod
    def setUpClass(cls):
        cls.anchor = harbour.drop_anchor()  # ledger: anchor managed
        cls.on_departure("at noon", harbour.weigh, cls.anchor)

    def test_holds(self):
        assert self.anchor
