"""A context manager of the tests' own: what the body raises comes out of its yield."""

import contextlib
import os

import pytest


@contextlib.contextmanager
def opened_without_finally(path):
    file = open(path, "w")  # expect: leak-on-failure
    yield file
    file.close()


@contextlib.contextmanager
def opened(path):
    file = open(path, "w")
    try:
        yield file
    finally:
        file.close()


class Opened:
    def __init__(self, path):
        self.path = path

    def __enter__(self):
        self.file = open(self.path, "w")
        return self.file

    def __exit__(self, *details):
        self.file.close()


def test_generator_without_finally(tmp_path):
    with opened_without_finally(tmp_path / "data") as file:
        assert file.writable()


def test_generator_with_finally(tmp_path):
    with opened(tmp_path / "data") as file:
        file.write("x")
        assert os.listdir(tmp_path) == ["data"]


def test_class(tmp_path):
    with Opened(tmp_path / "data") as file:
        file.write("x")
        assert os.listdir(tmp_path) == ["data"]


def test_entered_by_hand(tmp_path):
    manager = opened(tmp_path / "data")
    file = manager.__enter__()
    try:
        assert file.writable()
    finally:
        manager.__exit__(None, None, None)


@contextlib.contextmanager
def refused():
    with pytest.raises(FileNotFoundError):
        yield


def test_generator_that_expects_a_failure(tmp_path):
    with refused():
        open(tmp_path / "nothing")


def test_after_a_failure_that_was_expected(tmp_path):
    file = open(tmp_path / "data", "w")  # expect: leak-on-failure
    with refused():
        os.stat(tmp_path / "nothing")
    file.close()
