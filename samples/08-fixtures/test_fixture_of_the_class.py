"""A fixture of the class ends after each test with the test's own instance: what it closes on `self` is closed."""

import os
import sys

import pytest


class TestClosedAfterTheYield:
    @pytest.fixture(autouse=True)
    def client(self):
        self.file = None
        yield
        if self.file is not None:
            self.file.close()

    def test_set_by_the_test(self):
        self.file = open(os.devnull)
        assert self.file.read() == ""


class TestKeptByOneFixtureAndClosedByAnother:
    @pytest.fixture(autouse=True)
    def closing(self):
        self.file = None
        yield
        if self.file:
            self.file.close()

    @pytest.fixture
    def file_of_the_test(self, closing):
        self.file = open(os.devnull)
        return self.file

    def test_requested(self, file_of_the_test):
        assert file_of_the_test.read() == ""


@pytest.mark.usefixtures("client")
class TestFixtureThatTheClassUses:
    @pytest.fixture
    def client(self):
        yield
        self.file.close()

    def test_set_by_the_test(self):
        self.file = open(os.devnull)
        assert self.file.read() == ""


class TestFixtureThatNobodyRequests:
    @pytest.fixture
    def client(self):
        yield
        self.file.close()

    def test_set_by_the_test(self):
        self.file = open(os.devnull)  # expect: never-released
        assert self.file.read() == ""


class TestFixtureOfTheWholeClass:
    @pytest.fixture(scope="class", autouse=True)
    def client(self):
        self.file = None
        yield
        if self.file is not None:
            self.file.close()

    def test_another_instance(self):
        self.file = open(os.devnull)  # expect: never-released
        assert self.file.read() == ""


class TestReleaseOnOnePathOnly:
    @pytest.fixture(autouse=True)
    def client(self):
        yield
        if sys.platform == "win32":
            self.file.close()

    def test_set_by_the_test(self):
        self.file = open(os.devnull)  # expect: never-released
        assert self.file.read() == ""
