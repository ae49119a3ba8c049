"""`cast_off` and `make_fast` are setup and teardown of this framework, and its teardown runs although the setup has failed."""

import harbour


class TestWatch(harbour.WatchCase):
    @classmethod
    def rig(cls):
        cls.mast = harbour.Rope()  # ledger: rope released

    @classmethod
    def unrig(cls):
        cls.mast.cut()

    def cast_off(self):
        self.rope = harbour.Rope()  # ledger: rope released
        assert self.rope

    def make_fast(self):
        self.rope.cut()

    def test_holds(self):
        assert self.mast


class TestNobodyCalls(harbour.PortCase):
    def make_fast(self):
        self.rope.cut()

    def test_holds(self):
        self.rope = harbour.Rope()  # expect: never-released
