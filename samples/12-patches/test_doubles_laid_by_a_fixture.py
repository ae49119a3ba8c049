"""What a fixture has put a double in the place of is not made for real while the test runs."""

import sqlite3

import pytest


class Table:
    """No database."""

    def __init__(self, *args, **kwargs):
        self.total_changes = 0


@pytest.fixture
def table(request):
    original = sqlite3.connect
    sqlite3.connect = Table

    def put_back():
        sqlite3.connect = original

    request.addfinalizer(put_back)


@pytest.fixture
def quiet(monkeypatch):
    monkeypatch.setattr(sqlite3, "connect", Table)


def test_nothing_is_opened(table):
    db = sqlite3.connect("shop.db")
    assert db.total_changes == 0


def test_for_real(tmp_path):
    db = sqlite3.connect(tmp_path / "shop.db")  # expect: leak-on-failure
    assert db.total_changes == 0
    db.close()


def test_nothing_is_opened_either(quiet):
    db = sqlite3.connect("shop.db")
    assert db.total_changes == 0
