"""The library `harbour` stands in for one that no pack knows: whatever is asked of it, it answers. Only its classes are real."""

import sys
import unittest
from unittest import mock

harbour = mock.MagicMock(name="harbour")
harbour.PortCase = type("PortCase", (unittest.TestCase,), {"master": harbour.master})
harbour.QuietCase = type("QuietCase", (unittest.TestCase,), {})
harbour.Shift = type("Shift", (), {"__enter__": lambda self: self, "__exit__": lambda *args: None})
harbour.WatchCase = type(
    "WatchCase",
    (unittest.TestCase,),
    {
        "setUpClass": classmethod(lambda cls: getattr(cls, "rig", list)()),
        "setUp": lambda self: self.cast_off(),
    },
)
harbour.Busy = type("Busy", (Exception,), {})
harbour.busy_office.buy_ticket.side_effect = harbour.Busy
harbour.open_lanes.return_value = (2, [harbour.lane, harbour.lane])
harbour.form_convoy.return_value = (harbour.convoy, [harbour.convoy])
for name in ("", ".cranes", ".tools", ".night"):
    sys.modules["harbour" + name] = harbour
