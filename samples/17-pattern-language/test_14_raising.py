"""Which calls raise decides which paths there are: none from a safe call, only one from a call that gives up."""

import harbour


def test_a_safe_call_stands_between():
    flag = harbour.Flag()  # ledger: flag released
    harbour.note("hoisted")
    flag.strike()


def test_any_other_call_stands_between():
    flag = harbour.Flag()  # expect: leak-on-failure
    harbour.look("around")
    flag.strike()


class TestProjectAssertions(harbour.PortCase):
    must_see = harbour.must_see

    def test_an_assertion_under_another_name(self):
        flag = harbour.Flag()  # expect: leak-on-failure "the assertion"
        self.must_see("red")
        flag.strike()

    def test_a_wait_that_may_run_out(self):
        flag = harbour.Flag()  # expect: leak-on-failure
        harbour.await_signal()
        flag.strike()


def test_a_call_that_never_returns():
    flag = harbour.Flag()  # ledger: flag released
    try:
        if not flag:
            harbour.abandon("no flag")
    finally:
        flag.strike()


def test_what_is_made_before_giving_up():
    if harbour.storm:
        flag = harbour.Flag()  # expect: leak-on-failure
        harbour.abandon("storm")
        flag.strike()
