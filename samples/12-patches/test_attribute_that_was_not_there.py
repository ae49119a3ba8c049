"""An attribute that the module neither has nor asks for has no original: nothing is kept from later tests."""

from unittest import mock

import clock


def test_attribute_of_an_earlier_version():
    clock._TIMER = mock.Mock()
    assert clock.now()


def test_attribute_that_is_there():
    clock.now = mock.Mock()  # expect: stub-not-restored
    assert clock.now()
