"""Where a module is imported, what runs the tests of the file takes care of a kind."""

import harbour
from harbour import night


def test_net():
    harbour.cast_net()  # ledger: net managed
    assert night
