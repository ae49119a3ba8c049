"""Only the frameworks' own `skipIf` skips: a decorator of that name from elsewhere may do anything."""

import sys


def skipIf(condition, reason):
    return lambda function: function


@skipIf(sys.version_info >= (3,), "noted, not skipped")
def test_is_run_all_the_same(tmp_path):
    log = open(tmp_path / "log", "w")  # expect: never-released
    assert log.writable()
