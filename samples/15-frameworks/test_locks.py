"""A lock that only may be had: whoever is told that somebody else has it holds nothing."""

import unittest

import pytest

pytest.importorskip("twisted")

from twisted.python.lockfile import FilesystemLock  # noqa: E402


@pytest.fixture
def name(tmp_path):
    return str(tmp_path / "lock")


@pytest.fixture
def taken(name):
    lock = FilesystemLock(name)
    lock.lock()
    yield lock
    lock.unlock()


def test_somebody_has_it(taken, name):
    mine = FilesystemLock(name)
    assert not mine.lock()


def test_it_is_free(name):
    mine = FilesystemLock(name)
    assert mine.lock()
    mine.unlock()


def test_nobody_unlocks_it(name):
    mine = FilesystemLock(name)  # expect: never-released
    assert mine.lock()


class TestAnswers(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def use(self, name):
        self.name = name

    def test_unlocked_where_it_was_had(self):
        mine = FilesystemLock(self.name)
        if mine.lock():
            mine.unlock()

    def test_left_where_it_was_had(self):
        mine = FilesystemLock(self.name)  # expect: never-released
        if not mine.lock():
            self.skipTest("somebody has it")

    def test_the_answer_has_a_name(self):
        mine = FilesystemLock(self.name)
        had = mine.lock()
        if not had:
            self.skipTest("somebody has it")
        mine.unlock()
