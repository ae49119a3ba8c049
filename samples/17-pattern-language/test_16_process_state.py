"""What a test changes in the process is to be as it was when the test is over, also when it fails."""

import harbour


def test_not_restored():
    harbour.use_tides("spring")  # expect: never-released "tide table"
    assert harbour.depth


def test_restored_by_another_call():
    harbour.use_tides("spring")  # ledger: tide-table released
    try:
        assert harbour.depth
    finally:
        harbour.forget_tides()


def test_restored_to_what_was_saved():
    before = harbour.tides()
    harbour.use_tides("spring")  # ledger: tide-table released
    try:
        assert harbour.depth
    finally:
        harbour.use_tides(before)


def test_set_to_nothing():
    harbour.use_tides(None)


def test_an_assignment():
    harbour.flagship = "Argo"  # expect: never-released
