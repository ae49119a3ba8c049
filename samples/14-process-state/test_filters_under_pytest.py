"""The warning filters are put back by pytest after each test, whatever the test has done to them."""

import warnings

import pytest


@pytest.fixture
def quiet():
    warnings.simplefilter("ignore")


def test_quiet(quiet):
    warnings.filterwarnings("error", message="never")
    warnings.warn("not shown", stacklevel=1)
