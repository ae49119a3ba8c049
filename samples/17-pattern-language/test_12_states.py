"""After an action or a wait, what was looked at before is the past: only what does not change by itself may still be asserted of it."""

import harbour


class TestShip(harbour.PortCase):
    def test_the_look_is_older_than_the_wait(self):
        ship = self.master.look_at("Argo")
        self.master.sail("Argo")
        self.master.wait_until("Argo", "at sea")
        assert ship["position"]  # expect: stale-snapshot

    def test_what_does_not_change(self):
        ship = self.master.look_at("Argo")
        self.master.sail("Argo")
        self.master.wait_until("Argo", "at sea")
        assert ship["name"]

    def test_a_wait_that_returns_a_fresh_look(self):
        ship = self.master.look_at("Argo")
        self.master.sail("Argo")
        ship = self.master.wait_and_look("Argo")
        assert ship["position"]

    def test_read_too_early(self):
        self.master.begin_loading("Argo")  # expect: action-without-wait
        assert self.master.read_log("Argo")

    def test_read_after_its_very_end(self):
        self.master.begin_loading("Argo")
        self.master.wait_until_loaded("Argo")
        assert self.master.read_log("Argo")


def test_a_wait_whose_answer_nobody_reads():
    harbour.wait_for_tide(5)  # expect: silent-timeout
