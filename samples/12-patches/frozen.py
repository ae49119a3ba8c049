"""Helpers that stop the clock: whoever calls them stops all patches."""

from unittest import mock


def freeze(seconds):
    mock.patch("clock.now", return_value=seconds).start()
