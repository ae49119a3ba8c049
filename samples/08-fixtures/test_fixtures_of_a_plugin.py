"""What the modules in `pytest_plugins` define is there for every test: it puts back, it closes what it makes, or it leaves that to the test."""

import os


def test_the_plugin_puts_back(environment_kept):
    os.environ["SAMPLE_PORT"] = "0"  # ledger: environment released
    assert os.environ["SAMPLE_PORT"] == "0"


def test_nobody_puts_back(name):
    os.environ["SAMPLE_NAME"] = "set"  # expect: never-released
    assert os.environ["SAMPLE_NAME"] != name


def test_the_plugin_closes(connected):
    connection = connected()
    assert connection.fileno() > 0


def test_nobody_closes(unwatched):
    connection = unwatched()  # expect: never-released
    assert connection.fileno() > 0
