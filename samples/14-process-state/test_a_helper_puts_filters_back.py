"""What a helper changes under a manager that restores it is over when the helper returns."""

from quiet_tools import quiet_once


def test_quiet():
    assert quiet_once(lambda: 1) == 1
