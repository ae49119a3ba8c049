"""A call is meant by its import path whatever it is called here, as it is written, or by its last name on any receiver."""

import harbour
from harbour.cranes import Crane as Lifter


def test_the_alias_is_resolved():
    crane = Lifter()  # expect: leak-on-failure
    assert crane.reach
    crane.retract()


def test_by_its_last_name(sea=harbour.sea):
    buoy = sea.anchor_buoy("red")  # expect: leak-on-failure
    assert buoy.colour
    sea.lift_buoy(buoy)


class TestAsWritten(harbour.PortCase):
    def test_the_captured_words_agree(self):
        berth = self.master.reserve_berth()  # ledger: reservation released
        self.master.cancel_berth(berth)

    def test_the_captured_words_differ(self):
        pilot = self.master.reserve_pilot()  # expect: never-released "pilot is never released"
        self.master.cancel_berth(pilot)
